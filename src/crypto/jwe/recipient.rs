//! The key of a client to which something is encrypted.

use aws_lc_rs::rsa::OaepPublicEncryptingKey;

use super::agreement::Point;
use super::key_transport;
use crate::crypto::signing::{Jwk, Jwks, PublicKey, UnusableKey};
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
            let fitting = |jwk: &&Jwk| jwk.usage.as_deref() == usage;
            set.keys.iter().filter(fitting).find_map(|jwk| Self::of(jwk, algorithm).ok())
        };
        of_usage(Some("enc")).or_else(|| of_usage(None))
    }

    /// From a published key, for the algorithm that was registered.
    pub(in crate::crypto) fn of(jwk: &Jwk, algorithm: KeyManagementAlgorithm) -> Result<Self, UnusableKey> {
        let other_use = jwk.usage.as_deref().is_some_and(|usage| usage != "enc");
        if other_use || jwk.alg.as_deref().is_some_and(|alg| alg != algorithm.as_str()) {
            return Err(UnusableKey::OtherUse);
        }
        let key = match (algorithm, &jwk.key) {
            (KeyManagementAlgorithm::RsaOaep256, PublicKey::Rsa { n, e }) => {
                RecipientKey::Rsa(key_transport::public_key(n, e)?)
            }
            (KeyManagementAlgorithm::RsaOaep256, _) => return Err(UnusableKey::OtherUse),
            (KeyManagementAlgorithm::EcdhEs | KeyManagementAlgorithm::EcdhEsA256Kw, key) => {
                RecipientKey::Curve(Point::of(key)?)
            }
        };
        Ok(Self { algorithm, kid: jwk.kid.clone(), key })
    }

    /// Whether its point lies on its curve: found out before anything has to be encrypted to it.
    pub(in crate::crypto) fn check_point(&self) -> Result<(), UnusableKey> {
        match &self.key {
            RecipientKey::Curve(point) if !point.is_on_its_curve() => Err(UnusableKey::OffCurve),
            RecipientKey::Curve(_) | RecipientKey::Rsa(_) => Ok(()),
        }
    }
}
