//! One worker: a browser and a relying system in one, over one connection.

use std::sync::Arc;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use khue::base::entropy::{SeededEntropy, random_bytes};
use khue::crypto::token::{PlainToken, TokenKind};
use ring::digest::{SHA256, digest};
use serde::Deserialize;

use crate::arguments::Mode;
use crate::client;
use crate::connection::Connection;
use crate::fault::Fault;
use crate::id_token::Verifier;
use crate::instance::Instance;
use crate::people;

/// How many families a worker refreshes in turn.
const FAMILIES: usize = 16;

/// Makes one step after the other.
pub struct Worker {
    instance: Arc<Instance>,
    connection: Connection,
    entropy: SeededEntropy,
    verifier: Verifier,
    authorization: String,
    browser: PlainToken,
    mode: Mode,
    access_token: String,
    refresh_tokens: Vec<String>,
    turn: usize,
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    id_token: String,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Userinfo {
    sub: String,
    name: String,
}

struct Tokens {
    response: TokenResponse,
    subject: String,
}

impl Worker {
    /// Connects, and fetches what the steps of `mode` start from.
    pub async fn prepare(instance: Arc<Instance>, mode: Mode, number: u64) -> Result<Self, Fault> {
        let mut connection = Connection::open(instance.address).await?;
        let jwks = request("GET", "/jwks", &[], "");
        let verifier = Verifier::read(connection.exchange(jwks.as_bytes()).await?.expect(200)?)?;
        let entropy = SeededEntropy::new(instance.run.wrapping_add(number));
        let basic = BASE64.encode(format!("{}:{}", client::ID, client::SECRET.replace(' ', "+")).as_bytes());
        let mut worker = Self {
            browser: PlainToken::generate(TokenKind::Browser, &entropy),
            authorization: format!("Basic {basic}"),
            instance,
            connection,
            entropy,
            verifier,
            mode,
            access_token: String::new(),
            refresh_tokens: Vec::new(),
            turn: 0,
        };
        match mode {
            Mode::Flows | Mode::Jwks => {}
            Mode::Userinfo => worker.access_token = worker.tokens(client::SCOPE).await?.response.access_token,
            Mode::Refresh => {
                for _ in 0..FAMILIES {
                    let tokens = worker.tokens(client::OFFLINE_SCOPE).await?;
                    worker.refresh_tokens.push(tokens.response.refresh_token.ok_or("no refresh token")?);
                }
            }
        }
        Ok(worker)
    }

    /// One step, of which the next may begin when it has ended.
    pub async fn step(&mut self) -> Result<(), Fault> {
        match self.mode {
            Mode::Flows => self.flow().await,
            Mode::Refresh => self.refresh().await,
            Mode::Userinfo => self.userinfo(None).await,
            Mode::Jwks => self.jwks().await,
        }
    }

    async fn flow(&mut self) -> Result<(), Fault> {
        let tokens = self.tokens(client::SCOPE).await?;
        self.access_token = tokens.response.access_token;
        self.userinfo(Some(&tokens.subject)).await
    }

    async fn tokens(&mut self, scope: &str) -> Result<Tokens, Fault> {
        let random = |entropy: &SeededEntropy| BASE64URL_NOPAD.encode(&random_bytes::<32>(entropy));
        let (state, nonce, verifier) = (random(&self.entropy), random(&self.entropy), random(&self.entropy));
        let code = self.authorize(scope, &state, &nonce, &verifier).await?;
        let redirect_uri = encoded(client::REDIRECT_URI);
        let body = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={redirect_uri}&code_verifier={verifier}"
        );
        self.token(&body, Some(&nonce)).await
    }

    async fn authorize(
        &mut self,
        scope: &str,
        state: &str,
        nonce: &str,
        verifier: &str,
    ) -> Result<String, Fault> {
        let challenge = BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref());
        let path = format!(
            "/authorize?response_type=code&client_id={}&redirect_uri={}&scope={}&state={state}&nonce={nonce}\
             &code_challenge={challenge}&code_challenge_method=S256",
            client::ID,
            encoded(client::REDIRECT_URI),
            encoded(scope),
        );
        let random = u64::from_ne_bytes(random_bytes(&self.entropy));
        let session = people::session_token(random % self.instance.sessions);
        let cookie = format!(
            "__Host-khue_browser={}; __Host-khue_session={}",
            self.browser.expose(),
            session.expose()
        );
        let request = request("GET", &path, &[("cookie", &cookie)], "");
        let answer = self.connection.exchange(request.as_bytes()).await?;
        answer.expect(303)?;
        let location = answer.header("location").ok_or("a redirect to nowhere")?;
        let query = location
            .strip_prefix(client::REDIRECT_URI)
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

    async fn token(&mut self, body: &str, nonce: Option<&str>) -> Result<Tokens, Fault> {
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let request = request("POST", "/token", &headers, body);
        let answer = self.connection.exchange(request.as_bytes()).await?;
        let response: TokenResponse = serde_json::from_slice(answer.expect(200)?)?;
        let claims = self.verifier.check(&response.id_token, &self.instance.issuer, nonce)?;
        Ok(Tokens { response, subject: claims.sub })
    }

    async fn refresh(&mut self) -> Result<(), Fault> {
        self.turn = (self.turn + 1) % self.refresh_tokens.len();
        let turn = self.turn;
        let token = self.refresh_tokens.get(turn).ok_or("no family")?;
        let body = format!("grant_type=refresh_token&refresh_token={token}");
        let tokens = self.token(&body, None).await?;
        let next = tokens.response.refresh_token.ok_or("no refresh token")?;
        self.refresh_tokens.get_mut(turn).ok_or("no family")?.clone_from(&next);
        Ok(())
    }

    async fn userinfo(&mut self, subject: Option<&str>) -> Result<(), Fault> {
        let bearer = format!("Bearer {}", self.access_token);
        let request = request("GET", "/userinfo", &[("authorization", &bearer)], "");
        let answer = self.connection.exchange(request.as_bytes()).await?;
        let told: Userinfo = serde_json::from_slice(answer.expect(200)?)?;
        match subject.is_none_or(|subject| subject == told.sub) && !told.name.is_empty() {
            true => Ok(()),
            false => Err("userinfo about somebody else".into()),
        }
    }

    async fn jwks(&mut self) -> Result<(), Fault> {
        let request = request("GET", "/jwks", &[], "");
        self.connection.exchange(request.as_bytes()).await?.expect(200)?;
        Ok(())
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: id.bench.example\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    if !body.is_empty() {
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    text.extend(["\r\n", body]);
    text
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
