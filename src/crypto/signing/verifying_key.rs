//! Public keys, ready to verify with: our own, and later those that relying parties register.

use std::collections::HashMap;

use jsonwebtoken::DecodingKey;

use super::jwk::{Jwk, Jwks, PublicKey};
use crate::base::encoding::from_base64url;
use crate::protocol::SigningAlgorithm;

/// A published key that cannot be used to verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableKey {
    /// It has no `kid` to be found by.
    #[error("it has no kid")]
    Unnamed,
    /// It is not for signatures, or for an algorithm or curve that is not spoken here.
    #[error("it is not for a signature algorithm that is spoken here")]
    NotForSignatures,
    /// Its numbers are not those of such a key.
    #[error("its members are malformed or too short")]
    Malformed,
}

/// A public key bound to the one algorithm that it verifies.
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: SigningAlgorithm,
    key: DecodingKey,
}

impl VerifyingKey {
    /// From a published key that names its algorithm itself. Without `alg`, an RSA key is for `RS256`.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, UnusableKey> {
        let named = match (&jwk.alg, &jwk.key) {
            (Some(alg), _) => SigningAlgorithm::named(alg).ok_or(UnusableKey::NotForSignatures)?,
            (None, PublicKey::EllipticCurve { crv, .. }) if crv == "P-384" => SigningAlgorithm::ES384,
            (None, PublicKey::EllipticCurve { .. }) => SigningAlgorithm::ES256,
            (None, PublicKey::Rsa { .. }) => SigningAlgorithm::RS256,
            (None, PublicKey::OctetPair { .. }) => SigningAlgorithm::EdDSA,
        };
        Self::for_algorithm(jwk, named)
    }

    /// From a published key, for the algorithm that was registered.
    pub fn for_algorithm(jwk: &Jwk, algorithm: SigningAlgorithm) -> Result<Self, UnusableKey> {
        let other_use = jwk.usage.as_deref().is_some_and(|usage| usage != "sig");
        let other_algorithm =
            jwk.alg.as_deref().is_some_and(|alg| SigningAlgorithm::named(alg) != Some(algorithm));
        if other_use || other_algorithm {
            return Err(UnusableKey::NotForSignatures);
        }
        let key = decoding_key(&jwk.key, algorithm)?;
        Ok(Self { algorithm, key })
    }

    /// What it verifies.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    pub(in crate::crypto) const fn decoding_key(&self) -> &DecodingKey {
        &self.key
    }
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VerifyingKey({})", self.algorithm)
    }
}

/// The keys of one party, found by `kid`.
#[derive(Clone, Debug, Default)]
pub struct VerifyingKeys(HashMap<String, VerifyingKey>);

impl VerifyingKeys {
    /// The keys of `set` that can verify; the others are passed over (RFC 7517 §5).
    pub fn from_jwks(set: &Jwks) -> Self {
        set.keys.iter().filter_map(|jwk| named(jwk).ok()).collect()
    }

    /// The key named `kid`.
    pub fn get(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.get(kid)
    }
}

impl FromIterator<(String, VerifyingKey)> for VerifyingKeys {
    fn from_iter<I: IntoIterator<Item = (String, VerifyingKey)>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

fn named(jwk: &Jwk) -> Result<(String, VerifyingKey), UnusableKey> {
    let kid = jwk.kid.clone().ok_or(UnusableKey::Unnamed)?;
    Ok((kid, VerifyingKey::from_jwk(jwk)?))
}

fn decoding_key(key: &PublicKey, algorithm: SigningAlgorithm) -> Result<DecodingKey, UnusableKey> {
    match (algorithm, key) {
        (SigningAlgorithm::ES256, PublicKey::EllipticCurve { crv, x, y }) if crv == "P-256" => {
            point(x, y, 32)
        }
        (SigningAlgorithm::ES384, PublicKey::EllipticCurve { crv, x, y }) if crv == "P-384" => {
            point(x, y, 48)
        }
        (SigningAlgorithm::EdDSA, PublicKey::OctetPair { crv, x }) if crv == "Ed25519" => {
            if bytes(x)?.len() != 32 {
                return Err(UnusableKey::Malformed);
            }
            DecodingKey::from_ed_components(x).map_err(|_| UnusableKey::Malformed)
        }
        (SigningAlgorithm::RS256 | SigningAlgorithm::PS256, PublicKey::Rsa { n, e }) => {
            let (n, e) = (bytes(n)?, bytes(e)?);
            // RFC 7518 §3.3: 2,048 bits at least.
            if n.len() < 256 || e.is_empty() {
                return Err(UnusableKey::Malformed);
            }
            Ok(DecodingKey::from_rsa_raw_components(&n, &e))
        }
        _ => Err(UnusableKey::NotForSignatures),
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, UnusableKey> {
    from_base64url(text).ok_or(UnusableKey::Malformed)
}

/// RFC 7518 §6.2.1.2: coordinates always have their full length.
fn point(x: &str, y: &str, length: usize) -> Result<DecodingKey, UnusableKey> {
    if bytes(x)?.len() != length || bytes(y)?.len() != length {
        return Err(UnusableKey::Malformed);
    }
    DecodingKey::from_ec_components(x, y).map_err(|_| UnusableKey::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(jwk: &str) -> Result<SigningAlgorithm, UnusableKey> {
        VerifyingKey::from_jwk(&serde_json::from_str(jwk).unwrap()).map(|key| key.algorithm())
    }

    const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";

    #[test]
    fn a_key_is_bound_to_what_it_was_published_for() {
        let key = |more: &str| format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{X}"{more}}}"#);
        assert_eq!(read(&key("")), Ok(SigningAlgorithm::ES256));
        assert_eq!(read(&key(r#","use":"sig","alg":"ES256""#)), Ok(SigningAlgorithm::ES256));
        for more in [
            r#","use":"enc""#,
            r#","alg":"ES384""#,
            r#","alg":"RS256""#,
            r#","alg":"none""#,
            r#","alg":"HS256""#,
        ] {
            assert_eq!(read(&key(more)), Err(UnusableKey::NotForSignatures), "{more}");
        }
        let jwk: Jwk = serde_json::from_str(&key(r#","alg":"ES256""#)).unwrap();
        let refused = VerifyingKey::for_algorithm(&jwk, SigningAlgorithm::EdDSA).map(|_| ());
        assert_eq!(refused, Err(UnusableKey::NotForSignatures));
    }

    #[test]
    fn malformed_short_and_foreign_keys_are_refused() {
        for (jwk, refusal) in [
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"AA"}}"#), UnusableKey::Malformed),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{X}="}}"#), UnusableKey::Malformed),
            (
                format!(r#"{{"kty":"EC","crv":"secp256k1","x":"{X}","y":"{X}"}}"#),
                UnusableKey::NotForSignatures,
            ),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#.to_owned(), UnusableKey::Malformed),
            (format!(r#"{{"kty":"OKP","crv":"X25519","x":"{X}"}}"#), UnusableKey::NotForSignatures),
            (format!(r#"{{"kty":"RSA","n":"{X}","e":"AQAB"}}"#), UnusableKey::Malformed),
        ] {
            assert_eq!(read(&jwk), Err(refusal), "{jwk}");
        }
    }

    #[test]
    fn keys_without_a_name_or_use_are_not_in_the_set() {
        let set = format!(
            r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{X}"}},{{"kty":"OKP","crv":"Ed25519","x":"{X}","kid":"a"}}]}}"#
        );
        let keys = VerifyingKeys::from_jwks(&serde_json::from_str(&set).unwrap());
        assert!(keys.get("a").is_some() && keys.get("").is_none());
        assert_eq!(keys.0.len(), 1);
    }
}
