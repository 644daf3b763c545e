//! Public keys, ready to verify with: our own, and later those that relying parties register.

use std::collections::HashMap;

use jsonwebtoken::{DecodingKey, DecodingKeyKind};
use ring::agreement::{ECDH_P256, ECDH_P384, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};

use super::generate::system_random;
use super::jwk::{Jwk, Jwks, PublicKey};
use crate::base::encoding::from_base64url;
use crate::protocol::SigningAlgorithm;

/// The most bytes of an exponent. The library takes 33 bits; whatever is used has 17 or fewer.
const LONGEST_EXPONENT: usize = 4;

/// A published key that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableKey {
    /// It has no `kid` to be found by.
    #[error("it has no kid")]
    Unnamed,
    /// It is for another use, or for an algorithm or curve that is not spoken here.
    #[error("it is for nothing that is spoken here")]
    OtherUse,
    /// Its members are not those of such a key.
    #[error("its members are not those of a key of its kind, whole and in base64url")]
    Malformed,
    /// RFC 7518 §3.3 and §4.3 want 2,048 bits; beyond 8,192 a key costs more than it guards.
    #[error("its modulus does not have 2048 to 8192 bits")]
    ModulusLength,
    /// Numbers with which nobody can sign.
    #[error("its point does not lie on its curve")]
    OffCurve,
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
            (Some(alg), _) => SigningAlgorithm::named(alg).ok_or(UnusableKey::OtherUse)?,
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
            return Err(UnusableKey::OtherUse);
        }
        let key = decoding_key(&jwk.key, algorithm)?;
        Ok(Self { algorithm, key })
    }

    /// What it verifies.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Whether its point lies on its curve. What verifies finds that out too, and says no more than that a signature is wrong;
    /// this asks the same reader of points before there is one (SEC 1 §3.2.2.1).
    pub(in crate::crypto) fn check_point(&self) -> Result<(), UnusableKey> {
        let curve = match self.algorithm {
            SigningAlgorithm::ES256 => &ECDH_P256,
            SigningAlgorithm::ES384 => &ECDH_P384,
            SigningAlgorithm::RS256 | SigningAlgorithm::PS256 | SigningAlgorithm::EdDSA => return Ok(()),
        };
        let DecodingKeyKind::SecretOrDer(point) = self.key.kind() else { return Err(UnusableKey::Malformed) };
        let own =
            EphemeralPrivateKey::generate(curve, &system_random()).map_err(|_| UnusableKey::OffCurve)?;
        agree_ephemeral(own, &UnparsedPublicKey::new(curve, point), |_| ()).map_err(|_| UnusableKey::OffCurve)
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
            check_modulus(&n, &e)?;
            Ok(DecodingKey::from_rsa_raw_components(&n, &e))
        }
        _ => Err(UnusableKey::OtherUse),
    }
}

/// RFC 7518 §6.3.1: both numbers without leading zeros; and what is even is no RSA key.
pub(in crate::crypto) fn check_modulus(n: &[u8], e: &[u8]) -> Result<(), UnusableKey> {
    let is_number = |bytes: &[u8]| {
        bytes.first().is_some_and(|first| *first != 0) && bytes.last().is_some_and(|last| last & 1 == 1)
    };
    if !is_number(n) || !is_number(e) || e == [1] || e.len() > LONGEST_EXPONENT {
        return Err(UnusableKey::Malformed);
    }
    let unused = n.first().map_or(0, |first| first.leading_zeros() as usize);
    match (2048..=8192).contains(&(n.len() * 8 - unused)) {
        true => Ok(()),
        false => Err(UnusableKey::ModulusLength),
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
            assert_eq!(read(&key(more)), Err(UnusableKey::OtherUse), "{more}");
        }
        let jwk: Jwk = serde_json::from_str(&key(r#","alg":"ES256""#)).unwrap();
        let refused = VerifyingKey::for_algorithm(&jwk, SigningAlgorithm::EdDSA).map(|_| ());
        assert_eq!(refused, Err(UnusableKey::OtherUse));
    }

    fn rsa(n: &[u8], e: &str) -> String {
        format!(r#"{{"kty":"RSA","n":"{}","e":"{e}"}}"#, crate::base::encoding::base64url(n))
    }

    #[test]
    fn malformed_short_and_foreign_keys_are_refused() {
        for (jwk, refusal) in [
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"AA"}}"#), UnusableKey::Malformed),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{X}="}}"#), UnusableKey::Malformed),
            (format!(r#"{{"kty":"EC","crv":"secp256k1","x":"{X}","y":"{X}"}}"#), UnusableKey::OtherUse),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#.to_owned(), UnusableKey::Malformed),
            (format!(r#"{{"kty":"OKP","crv":"X25519","x":"{X}"}}"#), UnusableKey::OtherUse),
            (rsa(&[0xff; 32], "AQAB"), UnusableKey::ModulusLength),
            (rsa(&[&[0x7f][..], &[0xff; 255]].concat(), "AQAB"), UnusableKey::ModulusLength),
            (rsa(&[0xff; 1025], "AQAB"), UnusableKey::ModulusLength),
            (rsa(&[&[0][..], &[0xff; 256]].concat(), "AQAB"), UnusableKey::Malformed),
            (rsa(&[0xfe; 256], "AQAB"), UnusableKey::Malformed),
            (rsa(&[0xff; 256], "AQ"), UnusableKey::Malformed),
            (rsa(&[0xff; 256], ""), UnusableKey::Malformed),
        ] {
            assert_eq!(read(&jwk), Err(refusal), "{jwk}");
        }
        assert_eq!(read(&rsa(&[0xff; 256], "AQAB")), Ok(SigningAlgorithm::RS256));
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
