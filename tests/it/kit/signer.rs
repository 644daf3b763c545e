//! What clients sign by themselves: assertions, with every part in the test's hand.

use std::sync::atomic::{AtomicU64, Ordering};

use khue::base::encoding::base64url;
use khue::crypto::signing::{SigningKey, generate_pkcs8};
use khue::protocol::SigningAlgorithm;
use ring::hmac;
use serde_json::{Value, json};

use super::{ISSUER, RelyingParty, TestApp};

/// Something to sign with.
pub enum Signer {
    Key(Box<SigningKey>),
    Secret(String),
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Signer {
    /// A fresh key.
    pub fn key(algorithm: SigningAlgorithm) -> Self {
        let pkcs8 = generate_pkcs8(algorithm).unwrap();
        Self::Key(Box::new(SigningKey::from_pkcs8(algorithm, pkcs8.expose()).unwrap()))
    }

    /// Its public half, as a set.
    pub fn jwks(&self) -> Value {
        match self {
            Self::Key(key) => json!({ "keys": [key.public_jwk()] }),
            Self::Secret(_) => panic!("a secret has no public half"),
        }
    }

    fn header(&self) -> Value {
        match self {
            Self::Key(key) => json!({ "alg": key.algorithm(), "kid": key.kid() }),
            Self::Secret(_) => json!({ "alg": "HS256" }),
        }
    }

    /// A signed JWT of any header and claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    /// The same, of texts that no JSON library would write.
    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", base64url(header), base64url(claims));
        let signature = match self {
            Self::Key(key) => key.sign(message.as_bytes()).unwrap().as_ref().to_vec(),
            Self::Secret(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{message}.{}", base64url(signature))
    }

    /// The plain request of `system` in an object as it should be, some claims and header members otherwise; what is null is
    /// left out.
    pub fn request_object(
        &self,
        app: &TestApp,
        system: &RelyingParty,
        claims: Value,
        header: Value,
    ) -> String {
        let now = app.instance.provider.now().micros() / 1_000_000;
        let mut said = json!({ "iss": system.client_id(), "aud": ISSUER, "exp": now + 300, "nbf": now });
        let address = system.authorize(&[]);
        let (_, query) = address.split_once('?').unwrap();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            said[name.as_ref()] = json!(value);
        }
        let typed = changed(self.header(), json!({ "typ": "oauth-authz-req+jwt" }));
        self.sign(&changed(typed, header), &changed(said, claims))
    }

    /// An assertion as it should be, some claims and header members otherwise; what is null is left out.
    pub fn assertion(&self, app: &TestApp, client_id: &str, claims: Value, header: Value) -> String {
        let now = app.instance.provider.now().micros() / 1_000_000;
        let said = json!({
            "iss": client_id,
            "sub": client_id,
            "aud": ISSUER,
            "iat": now,
            "exp": now + 60,
            "jti": format!("jti-{}", NEXT.fetch_add(1, Ordering::Relaxed)),
        });
        self.sign(&changed(self.header(), header), &changed(said, claims))
    }
}

fn changed(mut value: Value, changes: Value) -> Value {
    for (name, change) in changes.as_object().into_iter().flatten() {
        match change {
            Value::Null => drop(value.as_object_mut().unwrap().shift_remove(name)),
            change => value[name] = change.clone(),
        }
    }
    value
}
