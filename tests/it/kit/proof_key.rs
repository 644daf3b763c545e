//! The key of a system that shows it with every call (RFC 9449).

use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderValue, Request};
use khue::base::encoding::base64url;
use khue::crypto::signing::{SigningKey, generate_pkcs8};
use khue::protocol::SigningAlgorithm;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::{ISSUER, TestApp};

/// A key, and the proofs that it makes.
pub struct ProofKey {
    algorithm: SigningAlgorithm,
    key: SigningKey,
    made: AtomicU32,
}

impl ProofKey {
    pub fn generate() -> Self {
        Self::of(SigningAlgorithm::ES256)
    }

    pub fn of(algorithm: SigningAlgorithm) -> Self {
        let key = SigningKey::from_pkcs8(algorithm, generate_pkcs8(algorithm).unwrap().expose()).unwrap();
        Self { algorithm, key, made: AtomicU32::new(0) }
    }

    /// As `dpop_jkt` and `cnf` name it.
    pub fn thumbprint(&self) -> String {
        self.key.public_jwk().kid.clone().unwrap()
    }

    /// A proof for the token endpoint.
    pub fn proof(&self, app: &TestApp) -> String {
        self.proof_with(app, &[])
    }

    /// A proof for userinfo, with `token`.
    pub fn proof_of_token(&self, app: &TestApp, token: &str) -> String {
        self.proof_with(
            app,
            &[
                ("htm", json!("GET")),
                ("htu", json!(format!("{ISSUER}/userinfo"))),
                ("ath", json!(base64url(digest(&SHA256, token.as_bytes())))),
            ],
        )
    }

    /// A proof for the token endpoint, with more in its header.
    pub fn proof_with_header(&self, app: &TestApp, more: &Value) -> String {
        self.proof_of(app, &[], more)
    }

    /// A proof with some claims otherwise; null leaves one out.
    pub fn proof_with(&self, app: &TestApp, changes: &[(&str, Value)]) -> String {
        self.proof_of(app, changes, &json!({}))
    }

    fn proof_of(&self, app: &TestApp, changes: &[(&str, Value)], more: &Value) -> String {
        let mut claims = json!({
            "jti": format!("proof-{}", self.made.fetch_add(1, Ordering::Relaxed)),
            "htm": "POST",
            "htu": format!("{ISSUER}/token"),
            "iat": khue::base::Clock::now(&app.clock).seconds(),
        });
        for (name, value) in changes {
            claims[*name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let mut jwk = serde_json::to_value(self.key.public_jwk()).unwrap();
        jwk.as_object_mut().unwrap().retain(|name, _| !["kid", "alg", "use"].contains(&name.as_str()));
        let mut header = json!({ "typ": "dpop+jwt", "alg": self.algorithm, "jwk": jwk });
        header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let message = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        format!("{message}.{}", base64url(self.key.sign(message.as_bytes()).unwrap()))
    }

    /// The request that asks userinfo with `token` and a proof.
    pub fn asking(&self, app: &TestApp, token: &str) -> Request<Body> {
        asking_with(token, &self.proof_of_token(app, token))
    }
}

/// `request` with `proof` beside it.
pub fn with_proof(mut request: Request<Body>, proof: &str) -> Request<Body> {
    request.headers_mut().append("dpop", HeaderValue::from_str(proof).unwrap());
    request
}

/// The request that asks userinfo with `token` and `proof`.
pub fn asking_with(token: &str, proof: &str) -> Request<Body> {
    let request = Request::get("/userinfo").header(AUTHORIZATION, format!("DPoP {token}"));
    with_proof(request.body(Body::empty()).unwrap(), proof)
}
