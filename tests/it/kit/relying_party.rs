//! A relying system: asks, redeems, refreshes, with every byte in the test's hand.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Request, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use khue::app::Instance;
use khue::base::encoding::{base64url, from_base64url};
use khue::domain::client::Registration;
use khue::protocol::ClientAuthMethod;
use khue::services::client_changes::DesiredClient;
use ring::digest::{SHA256, digest};
use serde_json::Value;
use url::form_urlencoded;

use super::Wire;
use super::app::TestApp;

/// The verifier that every request of a test answers to.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A registered system.
pub struct RelyingParty {
    pub registration: Registration,
    pub secret: Option<String>,
    wire: Wire,
}

/// What an endpoint answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
    pub response: Response<Bytes>,
}

impl RelyingParty {
    pub async fn register(app: &TestApp, registration: Registration) -> Self {
        let secret = Self::apply(&app.instance, &registration).await;
        app.instance.provider.refresh_caches().await.unwrap();
        Self::at(app.router(), registration, secret)
    }

    /// Registers a system at `instance`, which gives its secret.
    pub async fn apply(instance: &Instance, registration: &Registration) -> Option<String> {
        let desired = DesiredClient { registration: registration.clone(), secret: None, status: None };
        let changed = instance.provider.apply_clients(&[desired]).await.unwrap().remove(0);
        changed.secret.map(|secret| secret.expose().to_owned())
    }

    /// A system that is registered, by this way.
    pub fn at(wire: impl Into<Wire>, registration: Registration, secret: Option<String>) -> Self {
        Self { registration, secret, wire: wire.into() }
    }

    /// The same system by another way.
    pub fn by(&self, wire: impl Into<Wire>) -> Self {
        Self::at(wire, self.registration.clone(), self.secret.clone())
    }

    pub fn client_id(&self) -> &str {
        self.registration.client_id.as_str()
    }

    pub fn redirect_uri(&self) -> &str {
        self.registration.redirect_uris[0].as_str()
    }

    /// The address that a person is sent to. `changes` set a parameter otherwise; an empty value leaves it out.
    pub fn authorize(&self, changes: &[(&str, &str)]) -> String {
        let challenge = base64url(digest(&SHA256, VERIFIER.as_bytes()));
        let mut parameters = BTreeMap::from([
            ("response_type", "code"),
            ("client_id", self.client_id()),
            ("redirect_uri", self.redirect_uri()),
            ("scope", "openid"),
            ("state", "st-1"),
            ("nonce", "no-1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        parameters.extend(changes.iter().copied());
        parameters.retain(|_, value| !value.is_empty());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("/authorize?{query}")
    }

    /// The request that redeems a code as it should be.
    pub fn redemption(&self, code: &str) -> Request<Body> {
        self.token_request(self.redemption_parameters(code))
    }

    /// The request that refreshes.
    pub fn refreshing(&self, token: &str) -> Request<Body> {
        self.token_request(BTreeMap::from([("grant_type", "refresh_token"), ("refresh_token", token)]))
    }

    /// The request that asks userinfo.
    pub fn asking(access_token: &str) -> Request<Body> {
        let request = Request::get("/userinfo").header(AUTHORIZATION, format!("Bearer {access_token}"));
        request.body(Body::empty()).unwrap()
    }

    fn redemption_parameters<'a>(&'a self, code: &'a str) -> BTreeMap<&'a str, &'a str> {
        BTreeMap::from([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri()),
            ("code_verifier", VERIFIER),
        ])
    }

    /// Redeems a code as it should be.
    pub async fn redeem(&self, code: &str) -> Answer {
        self.redeem_with(code, &[]).await
    }

    /// Redeems a code with some parameters otherwise; an empty value leaves one out.
    pub async fn redeem_with(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let mut parameters = self.redemption_parameters(code);
        parameters.extend(changes.iter().copied());
        self.token(parameters).await
    }

    /// Refreshes.
    pub async fn refresh(&self, token: &str) -> Answer {
        self.refresh_with(token, &[]).await
    }

    /// Refreshes with more parameters.
    pub async fn refresh_with(&self, token: &str, more: &[(&str, &str)]) -> Answer {
        let mut parameters = BTreeMap::from([("grant_type", "refresh_token"), ("refresh_token", token)]);
        parameters.extend(more.iter().copied());
        self.token(parameters).await
    }

    async fn token(&self, parameters: BTreeMap<&str, &str>) -> Answer {
        self.answer(self.token_request(parameters)).await
    }

    /// The request that presents `parameters` at the token endpoint.
    fn token_request(&self, parameters: BTreeMap<&str, &str>) -> Request<Body> {
        let parameters: Vec<_> = parameters.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        self.posting("/token", &parameters)
    }

    /// The request that posts `parameters` to `path`, authenticated as registered.
    pub fn posting(&self, path: &str, parameters: &[(&str, &str)]) -> Request<Body> {
        let secret = self.secret.as_deref().unwrap_or_default();
        let mut parameters = parameters.to_vec();
        let mut request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        match self.registration.token_endpoint_auth_method {
            ClientAuthMethod::ClientSecretBasic => {
                let basic = STANDARD.encode(format!("{}:{secret}", self.client_id()));
                request = request.header(AUTHORIZATION, format!("Basic {basic}"));
            }
            ClientAuthMethod::ClientSecretPost => {
                parameters.extend([("client_id", self.client_id()), ("client_secret", secret)]);
            }
            ClientAuthMethod::ClientSecretJwt | ClientAuthMethod::PrivateKeyJwt => {
                panic!("what it signs is in the test's hand: see kit::Signer")
            }
            // What its connection shows is in the test's hand: see kit::seen_with.
            ClientAuthMethod::TlsClientAuth
            | ClientAuthMethod::SelfSignedTlsClientAuth
            | ClientAuthMethod::None => parameters.push(("client_id", self.client_id())),
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        request.body(Body::from(body)).unwrap()
    }

    /// Posts `parameters` to `path`, authenticated as registered.
    pub async fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        self.answer(self.posting(path, parameters)).await
    }

    /// Asks userinfo.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        self.answer(Self::asking(access_token)).await
    }

    /// Sends any request.
    pub async fn answer(&self, request: Request<Body>) -> Answer {
        Answer::of(self.wire.send(request).await)
    }

    /// Sends any request, whose answer may never come.
    pub async fn attempt(&self, request: Request<Body>) -> Option<Answer> {
        self.wire.attempt(request).await.ok().map(Answer::of)
    }
}

impl Answer {
    fn of(response: Response<Bytes>) -> Self {
        let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        Self { status: response.status(), body, response }
    }

    /// A member of the body, as text.
    pub fn text(&self, member: &str) -> String {
        self.body[member].as_str().unwrap_or_else(|| panic!("no {member} in {}", self.body)).to_owned()
    }

    /// The claims of the ID token. Signatures are checked by the client libraries of other tests.
    pub fn id_token(&self) -> Value {
        claims(&self.text("id_token"))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The claims of a JWT, unchecked.
pub fn claims(jwt: &str) -> Value {
    serde_json::from_slice(&from_base64url(jwt.split('.').nth(1).unwrap()).unwrap()).unwrap()
}
