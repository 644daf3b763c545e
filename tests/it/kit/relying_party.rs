//! A relying system: asks, redeems, refreshes, with every byte in the test's hand.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Request, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use khue::base::encoding::{base64url, from_base64url};
use khue::domain::client::Registration;
use khue::protocol::ClientAuthMethod;
use khue::services::client_changes::DesiredClient;
use ring::digest::{SHA256, digest};
use serde_json::Value;
use url::form_urlencoded;

use super::app::{TestApp, send};

/// The verifier that every request of a test answers to.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A registered system.
pub struct RelyingParty {
    pub registration: Registration,
    pub secret: Option<String>,
    router: Router,
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
        let provider = &app.instance.provider;
        let desired = DesiredClient { registration: registration.clone(), secret: None, status: None };
        let changed = provider.apply_clients(&[desired]).await.unwrap().remove(0);
        provider.refresh_caches().await.unwrap();
        let secret = changed.secret.map(|secret| secret.expose().to_owned());
        Self { registration, secret, router: app.router() }
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

    /// Redeems a code as it should be.
    pub async fn redeem(&self, code: &str) -> Answer {
        self.redeem_with(code, &[]).await
    }

    /// Redeems a code with some parameters otherwise; an empty value leaves one out.
    pub async fn redeem_with(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let mut parameters = BTreeMap::from([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri()),
            ("code_verifier", VERIFIER),
        ]);
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

    async fn token(&self, mut parameters: BTreeMap<&str, &str>) -> Answer {
        let secret = self.secret.clone().unwrap_or_default();
        let mut request = Request::post("/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        match self.registration.token_endpoint_auth_method {
            ClientAuthMethod::ClientSecretBasic => {
                let basic = STANDARD.encode(format!("{}:{secret}", self.client_id()));
                request = request.header(AUTHORIZATION, format!("Basic {basic}"));
            }
            ClientAuthMethod::ClientSecretPost => {
                parameters.insert("client_id", self.client_id());
                parameters.insert("client_secret", &secret);
            }
            ClientAuthMethod::None => {
                parameters.insert("client_id", self.client_id());
            }
        }
        parameters.retain(|_, value| !value.is_empty());
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        self.answer(request.body(Body::from(body)).unwrap()).await
    }

    /// Asks userinfo.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        let request = Request::get("/userinfo").header(AUTHORIZATION, format!("Bearer {access_token}"));
        self.answer(request.body(Body::empty()).unwrap()).await
    }

    /// Sends any request.
    pub async fn answer(&self, request: Request<Body>) -> Answer {
        let response = send(&self.router, request).await;
        let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        Answer { status: response.status(), body, response }
    }
}

impl Answer {
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
