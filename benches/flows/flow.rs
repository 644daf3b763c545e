//! The steps of a flow: a browser and a relying system in one, over one connection.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use khue::base::entropy::{SeededEntropy, random_bytes};
use khue::crypto::token::{PlainToken, TokenKind};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::caller::Caller;
use crate::connection::Connection;
use crate::fault::Fault;
use crate::id_token::Verifier;
use crate::instance::Instance;
use crate::people;
use crate::request::{encoded, request};
use crate::systems::{REDIRECT_URI, RESOURCE, System};

/// Whoever goes through flows.
pub struct Flow {
    instance: Arc<Instance>,
    connection: Connection,
    entropy: SeededEntropy,
    verifier: Verifier,
    caller: Caller,
    browser: PlainToken,
}

/// How a request comes to the authorization endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// In the browser's address.
    InQuery,
    /// Pushed (RFC 9126).
    Pushed,
}

/// What came of a token request.
#[derive(Deserialize)]
pub struct Tokens {
    /// For userinfo.
    pub access_token: String,
    #[serde(default)]
    id_token: String,
    /// For more.
    pub refresh_token: Option<String>,
    /// Whom the ID token names.
    #[serde(skip)]
    pub subject: String,
}

#[derive(Deserialize)]
struct Userinfo {
    sub: String,
    name: String,
}

#[derive(Deserialize)]
struct PushedRequest {
    request_uri: String,
}

#[derive(Deserialize)]
struct Introspection {
    active: bool,
}

impl Flow {
    /// Connects, and fetches the keys with which tokens are checked.
    pub async fn begin(instance: Arc<Instance>, system: System, number: u64) -> Result<Self, Fault> {
        let mut connection = Connection::open(instance.address).await?;
        let jwks = request("GET", "/jwks", &[], "");
        let verifier = Verifier::read(connection.exchange(jwks.as_bytes()).await?.expect(200)?)?;
        let entropy = SeededEntropy::new(instance.run.wrapping_add(number));
        let browser = PlainToken::generate(TokenKind::Browser, &entropy);
        let caller = Caller::new(Arc::clone(&instance), system)?;
        Ok(Self { instance, connection, entropy, verifier, caller, browser })
    }

    /// Authorizes as somebody who is signed in, and redeems the code.
    pub async fn tokens(&mut self, scope: &str, sent: Sent) -> Result<Tokens, Fault> {
        let random = |entropy: &SeededEntropy| BASE64URL_NOPAD.encode(&random_bytes::<32>(entropy));
        let (state, nonce, verifier) = (random(&self.entropy), random(&self.entropy), random(&self.entropy));
        let challenge = BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref());
        let (id, redirect_uri) = (self.caller.system.id(), encoded(REDIRECT_URI));
        let asked = format!(
            "response_type=code&client_id={id}&redirect_uri={redirect_uri}&scope={}&state={state}&nonce={nonce}\
             &code_challenge={challenge}&code_challenge_method=S256",
            encoded(scope),
        );
        let query = match sent {
            Sent::InQuery => asked,
            Sent::Pushed => {
                let pushed: PushedRequest = self.call("/par", &asked, 201).await?;
                format!("client_id={id}&request_uri={}", encoded(&pushed.request_uri))
            }
        };
        let code = self.authorize(&query, &state).await?;
        let body = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={redirect_uri}&code_verifier={verifier}"
        );
        self.redeem(&body, Some(&nonce)).await
    }

    /// Refreshes.
    pub async fn refresh(&mut self, token: &str) -> Result<Tokens, Fault> {
        self.redeem(&format!("grant_type=refresh_token&refresh_token={token}"), None).await
    }

    /// A token that a system is given for itself.
    pub async fn service_token(&mut self) -> Result<String, Fault> {
        let body = format!("grant_type=client_credentials&resource={}", encoded(RESOURCE));
        Ok(self.call::<Tokens>("/token", &body, 200).await?.access_token)
    }

    /// Asks whether `token`, which was given a moment ago, is good.
    pub async fn introspect(&mut self, token: &str) -> Result<(), Fault> {
        let told: Introspection = self.call("/introspect", &format!("token={token}"), 200).await?;
        if told.active { Ok(()) } else { Err("a good token is told to be none".into()) }
    }

    /// Asks userinfo, which must be about `subject` where one is given.
    pub async fn userinfo(&mut self, token: &str, subject: Option<&str>) -> Result<(), Fault> {
        let bearing = self.caller.bearing(token, "/userinfo", &self.entropy)?;
        let told: Userinfo = self.exchange("GET", "/userinfo", &bearing, "", 200).await?;
        match subject.is_none_or(|subject| subject == told.sub) && !told.name.is_empty() {
            true => Ok(()),
            false => Err("userinfo about somebody else".into()),
        }
    }

    /// Fetches what everybody may read.
    pub async fn fetch(&mut self, path: &str) -> Result<(), Fault> {
        self.connection.exchange(request("GET", path, &[], "").as_bytes()).await?.expect(200)?;
        Ok(())
    }

    /// The code of a request, through every page that shows nothing.
    async fn authorize(&mut self, query: &str, state: &str) -> Result<String, Fault> {
        let random = u64::from_ne_bytes(random_bytes(&self.entropy));
        let session = people::session_token(random % self.instance.sessions);
        let cookie = format!(
            "__Host-khue_browser={}; __Host-khue_session={}",
            self.browser.expose(),
            session.expose()
        );
        let mut path = format!("/authorize?{query}");
        loop {
            let request = request("GET", &path, &[("cookie", &cookie)], "");
            let answer = self.connection.exchange(request.as_bytes()).await?;
            answer.expect(303)?;
            let location = answer.header("location").ok_or("a redirect to nowhere")?;
            let own = location.strip_prefix(&self.instance.issuer).unwrap_or(location);
            if own.starts_with("/continue?") {
                path = own.to_owned();
                continue;
            }
            return code_of(location, state);
        }
    }

    async fn redeem(&mut self, body: &str, nonce: Option<&str>) -> Result<Tokens, Fault> {
        let mut tokens: Tokens = self.call("/token", body, 200).await?;
        let (issuer, id) = (&self.instance.issuer, self.caller.system.id());
        tokens.subject = self.verifier.check(&tokens.id_token, issuer, id, nonce)?.sub;
        Ok(tokens)
    }

    /// Calls an endpoint that authenticates systems.
    async fn call<T: DeserializeOwned>(
        &mut self,
        endpoint: &str,
        form: &str,
        status: u16,
    ) -> Result<T, Fault> {
        let proved = self.caller.proved(endpoint, &self.entropy)?;
        self.exchange("POST", endpoint, &proved.headers, &format!("{form}{}", proved.form), status).await
    }

    async fn exchange<T: DeserializeOwned>(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&'static str, String)],
        body: &str,
        status: u16,
    ) -> Result<T, Fault> {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let request = request(method, path, &headers, body);
        let answer = self.connection.exchange(request.as_bytes()).await?;
        Ok(serde_json::from_slice(answer.expect(status)?)?)
    }
}

fn code_of(location: &str, state: &str) -> Result<String, Fault> {
    let query = location
        .strip_prefix(REDIRECT_URI)
        .and_then(|rest| rest.strip_prefix('?'))
        .ok_or_else(|| format!("sent elsewhere: {location}"))?;
    let field = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map(|(_, value)| value)
    };
    if field("state") != Some(state) {
        return Err("another state than was sent".into());
    }
    Ok(field("code").ok_or_else(|| format!("no code: {query}"))?.to_owned())
}
