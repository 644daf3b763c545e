//! The keys of a system, and what it signs with them.

use std::path::Path;

use data_encoding::BASE64URL_NOPAD;
use khue::base::entropy::{SeededEntropy, random_bytes};
use khue::base::{Clock, SystemClock};
use khue::crypto::signing::{SigningKey, generate_pkcs8};
use khue::protocol::SigningAlgorithm;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::{Value, json};

use crate::fault::Fault;

/// An ES256 key.
pub struct Signer(SigningKey);

#[derive(Serialize)]
struct Proof<'a> {
    jti: String,
    htm: &'a str,
    htu: &'a str,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
}

impl Signer {
    /// The key that is kept in `file`, made where there is none.
    pub fn kept(file: &Path) -> Result<Self, Fault> {
        if !file.exists() {
            std::fs::write(file, generate_pkcs8(SigningAlgorithm::ES256)?.expose())?;
        }
        Ok(Self(SigningKey::from_pkcs8(SigningAlgorithm::ES256, &std::fs::read(file)?)?))
    }

    /// A fresh one.
    pub fn fresh() -> Result<Self, Fault> {
        let pkcs8 = generate_pkcs8(SigningAlgorithm::ES256)?;
        Ok(Self(SigningKey::from_pkcs8(SigningAlgorithm::ES256, pkcs8.expose())?))
    }

    /// What is registered.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.0.public_jwk()] })
    }

    /// The client proves itself to `issuer` (RFC 7523 §2.2).
    pub fn assertion(&self, client_id: &str, issuer: &str, entropy: &SeededEntropy) -> Result<String, Fault> {
        let now = SystemClock.now().seconds();
        let claims = json!({
            "iss": client_id, "sub": client_id, "aud": issuer, "iat": now, "exp": now + 60, "jti": unique(entropy),
        });
        self.sign(&json!({ "alg": "ES256", "kid": self.0.kid() }), &claims)
    }

    /// The client shows its key at `url`, with `token` where it has one (RFC 9449 §4.2).
    pub fn proof(
        &self,
        method: &str,
        url: &str,
        token: Option<&str>,
        entropy: &SeededEntropy,
    ) -> Result<String, Fault> {
        let hash = |token: &str| BASE64URL_NOPAD.encode(digest(&SHA256, token.as_bytes()).as_ref());
        let claims = Proof {
            jti: unique(entropy),
            htm: method,
            htu: url,
            iat: SystemClock.now().seconds(),
            ath: token.map(hash),
        };
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.0.public_jwk().key });
        self.sign(&header, &claims)
    }

    fn sign(&self, header: &Value, claims: &impl Serialize) -> Result<String, Fault> {
        let header = BASE64URL_NOPAD.encode(header.to_string().as_bytes());
        let message = format!("{header}.{}", BASE64URL_NOPAD.encode(&serde_json::to_vec(claims)?));
        let signature = self.0.sign(message.as_bytes())?;
        Ok(format!("{message}.{}", BASE64URL_NOPAD.encode(signature.as_ref())))
    }
}

fn unique(entropy: &SeededEntropy) -> String {
    BASE64URL_NOPAD.encode(&random_bytes::<16>(entropy))
}
