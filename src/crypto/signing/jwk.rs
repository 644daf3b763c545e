//! Public keys as JSON Web Keys (RFC 7517).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey as X509Key;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::base::encoding::base64url;
use crate::crypto::digest::sha256;
use crate::protocol::{Certificate, SigningAlgorithm};

/// The key itself, public members only. Anything else a document carries is dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum PublicKey {
    /// A point on a curve (RFC 7518 §6.2).
    #[serde(rename = "EC")]
    EllipticCurve {
        /// `P-256`.
        crv: String,
        /// Base64url.
        x: String,
        /// Base64url.
        y: String,
    },
    /// RFC 7518 §6.3.
    #[serde(rename = "RSA")]
    Rsa {
        /// The modulus, base64url without leading zero bytes.
        n: String,
        /// The exponent, likewise.
        e: String,
    },
    /// RFC 8037 §2.
    #[serde(rename = "OKP")]
    OctetPair {
        /// `Ed25519`.
        crv: String,
        /// Base64url.
        x: String,
    },
}

impl PublicKey {
    /// The thumbprint that names the key: SHA-256 over its required members in order of their names (RFC 7638 §3).
    pub fn thumbprint(&self) -> String {
        let members = match self {
            PublicKey::EllipticCurve { crv, x, y } => {
                serde_json::json!({"crv": crv, "kty": "EC", "x": x, "y": y})
            }
            PublicKey::Rsa { n, e } => serde_json::json!({"e": e, "kty": "RSA", "n": n}),
            PublicKey::OctetPair { crv, x } => serde_json::json!({"crv": crv, "kty": "OKP", "x": x}),
        };
        base64url(sha256(members.to_string().as_bytes()))
    }

    /// The key of a certificate, where it is of a kind that we know (RFC 3279 §2.3, RFC 8410 §4).
    fn of_certificate(certificate: &Certificate) -> Option<Self> {
        const P256: &str = "1.2.840.10045.3.1.7";
        const P384: &str = "1.3.132.0.34";
        const ED25519: &str = "1.3.101.112";
        let (_, info) = SubjectPublicKeyInfo::from_der(certificate.public_key()).ok()?;
        match info.parsed().ok()? {
            X509Key::RSA(key) => Some(Self::Rsa {
                n: base64url(without_leading_zeros(key.modulus)),
                e: base64url(without_leading_zeros(key.exponent)),
            }),
            X509Key::EC(point) => {
                let curve = info.algorithm.parameters.as_ref()?.as_oid().ok()?.to_id_string();
                let (crv, length) = match curve.as_str() {
                    P256 => ("P-256", 32),
                    P384 => ("P-384", 48),
                    _ => return None,
                };
                // SEC 1 §2.3.3: uncompressed.
                let coordinates = point.data().strip_prefix(&[4])?;
                let (x, y) = coordinates.split_at_checked(length).filter(|(_, y)| y.len() == length)?;
                Some(Self::EllipticCurve { crv: crv.to_owned(), x: base64url(x), y: base64url(y) })
            }
            X509Key::Unknown(bytes) if info.algorithm.algorithm.to_id_string() == ED25519 => {
                Some(Self::OctetPair { crv: "Ed25519".to_owned(), x: base64url(bytes) })
            }
            _ => None,
        }
    }
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// A public key with what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// The key.
    #[serde(flatten)]
    pub key: PublicKey,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The one algorithm it is used with. Text, since others publish algorithms that are not spoken here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// `sig` or `enc`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// The certificates of the key, its own first, in base64 (RFC 7517 §4.7).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub x5c: Vec<String>,
}

impl Jwk {
    /// Whether `certificate` is the one that this key was registered with (RFC 8705 §2.2); where it came with none, whether
    /// it is one of this key.
    pub fn certifies(&self, certificate: &Certificate) -> bool {
        match self.x5c.first() {
            Some(registered) => {
                STANDARD.decode(registered).is_ok_and(|registered| registered == certificate.der())
            }
            None => PublicKey::of_certificate(certificate).is_some_and(|key| key == self.key),
        }
    }

    /// Our own: named by its thumbprint, for signatures with one algorithm.
    pub(super) fn for_signing(key: PublicKey, algorithm: SigningAlgorithm) -> Self {
        Self {
            kid: Some(key.thumbprint()),
            key,
            alg: Some(algorithm.as_str().to_owned()),
            usage: Some("sig".to_owned()),
            x5c: Vec::new(),
        }
    }
}

/// A set of public keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Jwks {
    /// The keys, in the order in which they are published.
    pub keys: Vec<Jwk>,
}

impl<'de> Deserialize<'de> for Jwks {
    /// RFC 7517 §5: keys of an unknown kind are passed over, not an error of the set.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }
        let document = Document::deserialize(deserializer)?;
        let keys = document.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        Ok(Self { keys })
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;
    use crate::crypto::signing::{SigningKey, generate_pkcs8};

    #[test]
    fn thumbprint_is_that_of_the_example__rfc7638_3_1() {
        let jwk: Jwk = serde_json::from_str(
            r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#,
        )
        .unwrap();
        assert_eq!(jwk.key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn thumbprint_is_that_of_the_example__rfc8037_a3() {
        let key = PublicKey::OctetPair {
            crv: "Ed25519".into(),
            x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".into(),
        };
        assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn unknown_keys_of_a_set_are_passed_over__rfc7517_5() {
        let set: Jwks = serde_json::from_str(
            r#"{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"OKP","crv":"Ed25519","x":"AA","x5c":[],"d":"secret"}]}"#,
        )
        .unwrap();
        assert_eq!(set.keys.len(), 1);
        let shown = serde_json::to_string(&set).unwrap();
        assert_eq!(shown, r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#);
    }

    fn certified(key: &KeyPair) -> Certificate {
        let made = CertificateParams::new(vec![]).unwrap().self_signed(key).unwrap();
        Certificate::parse(made.der()).unwrap()
    }

    #[test]
    fn a_certificate_is_that_of_its_key__rfc8705_2_2() {
        for algorithm in [
            SigningAlgorithm::ES256,
            SigningAlgorithm::ES384,
            SigningAlgorithm::EdDSA,
            SigningAlgorithm::RS256,
        ] {
            let made = || {
                let pkcs8 = generate_pkcs8(algorithm).unwrap();
                let key = KeyPair::try_from(pkcs8.expose().as_slice()).unwrap();
                let jwk = SigningKey::from_pkcs8(algorithm, pkcs8.expose()).unwrap().public_jwk().clone();
                (certified(&key), jwk)
            };
            let ((certificate, jwk), (other, _)) = (made(), made());
            assert!(jwk.certifies(&certificate), "{algorithm}");
            assert!(!jwk.certifies(&other), "{algorithm}");
            let named = Jwk { x5c: vec![STANDARD.encode(certificate.der())], ..jwk.clone() };
            assert!(named.certifies(&certificate), "{algorithm}");
            let of_another = Jwk { x5c: vec![STANDARD.encode(other.der())], ..jwk };
            assert!(
                !of_another.certifies(&certificate),
                "{algorithm}: the registered one counts, not the key"
            );
        }
    }
}
