//! The key of a client to which something is encrypted.

use aws_lc_rs::rsa::OaepPublicEncryptingKey;

use super::agreement::Point;
use super::key_transport;
use crate::crypto::signing::{Jwk, Jwks, PublicKey};
use crate::protocol::KeyManagementAlgorithm;

/// A public key with the one algorithm by which it is used.
pub struct Recipient {
    pub(super) algorithm: KeyManagementAlgorithm,
    pub(super) kid: Option<String>,
    pub(super) key: RecipientKey,
}

pub(super) enum RecipientKey {
    Rsa(OaepPublicEncryptingKey),
    Curve(Point),
}

impl Recipient {
    /// The key of `set` for `algorithm`: one that says that it is for encryption before one that says nothing, and none that
    /// is for signatures or for another algorithm (OIDC Core §10.2).
    pub fn find(set: &Jwks, algorithm: KeyManagementAlgorithm) -> Option<Self> {
        let of_usage = |usage: Option<&str>| {
            let fitting = |jwk: &&Jwk| {
                jwk.usage.as_deref() == usage
                    && jwk.alg.as_deref().is_none_or(|alg| alg == algorithm.as_str())
            };
            set.keys.iter().filter(fitting).find_map(|jwk| Self::of(jwk, algorithm))
        };
        of_usage(Some("enc")).or_else(|| of_usage(None))
    }

    fn of(jwk: &Jwk, algorithm: KeyManagementAlgorithm) -> Option<Self> {
        let key = match (algorithm, &jwk.key) {
            (KeyManagementAlgorithm::RsaOaep256, PublicKey::Rsa { n, e }) => {
                RecipientKey::Rsa(key_transport::public_key(n, e)?)
            }
            (KeyManagementAlgorithm::RsaOaep256, _) => return None,
            (KeyManagementAlgorithm::EcdhEs | KeyManagementAlgorithm::EcdhEsA256Kw, key) => {
                RecipientKey::Curve(Point::of(key)?)
            }
        };
        Some(Self { algorithm, kid: jwk.kid.clone(), key })
    }
}
