//! A parsed key pair: parsing costs as much as many signatures, so it happens once.

use aws_lc_rs::{rand::SystemRandom as RsaRandom, rsa, signature as rsa_signature};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair,
};

use super::generate::system_random;
use super::jwk::{Jwk, PublicKey};
use crate::base::encoding::base64url;
use crate::crypto::jwt::header::ProtectedHeaders;
use crate::protocol::SigningAlgorithm;

/// The stored bytes are not a private key for this algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a private key for {0} in PKCS #8 form")]
pub struct KeyRejected(pub SigningAlgorithm);

/// The system gave no randomness to make a key or a signature with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no randomness")]
pub struct SigningFailed;

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa { pair: rsa::KeyPair, padding: &'static dyn rsa_signature::RsaEncoding },
}

/// A private key, ready to sign with its one algorithm.
pub struct SigningKey {
    algorithm: SigningAlgorithm,
    pair: Pair,
    public: Jwk,
    kid: String,
    headers: ProtectedHeaders,
}

impl SigningKey {
    /// Parses what [`generate_pkcs8`](super::generate_pkcs8) made.
    pub fn from_pkcs8(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<Self, KeyRejected> {
        let (pair, public) = match algorithm {
            SigningAlgorithm::ES256 => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING, "P-256", pkcs8),
            SigningAlgorithm::ES384 => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING, "P-384", pkcs8),
            SigningAlgorithm::EdDSA => ed25519(pkcs8),
            SigningAlgorithm::RS256 => rsa(pkcs8, &rsa_signature::RSA_PKCS1_SHA256),
            SigningAlgorithm::PS256 => rsa(pkcs8, &rsa_signature::RSA_PSS_SHA256),
        }
        .ok_or(KeyRejected(algorithm))?;
        let kid = public.thumbprint();
        let headers = ProtectedHeaders::of(algorithm, &kid);
        Ok(Self { algorithm, pair, public: Jwk::for_signing(public, algorithm), kid, headers })
    }

    /// What it signs with.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Its name: the thumbprint of the public key (RFC 7638).
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What verifies its signatures, to be published.
    pub const fn public_jwk(&self) -> &Jwk {
        &self.public
    }

    pub(in crate::crypto) const fn headers(&self) -> &ProtectedHeaders {
        &self.headers
    }

    /// Signs. ECDSA signatures have the fixed form, r then s (RFC 7518 §3.4).
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SigningFailed> {
        match &self.pair {
            Pair::Ecdsa(pair) => {
                pair.sign(&system_random(), message).map(Signature::Short).map_err(|_| SigningFailed)
            }
            Pair::Ed25519(pair) => Ok(Signature::Short(pair.sign(message))),
            Pair::Rsa { pair, padding } => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*padding, &RsaRandom::new(), message, &mut signature).map_err(|_| SigningFailed)?;
                Ok(Signature::Long(signature))
            }
        }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm, self.kid)
    }
}

/// The bytes of a signature.
pub enum Signature {
    /// ECDSA and Ed25519: on the stack.
    Short(ring::signature::Signature),
    /// RSA: as long as the modulus.
    Long(Vec<u8>),
}

impl AsRef<[u8]> for Signature {
    fn as_ref(&self) -> &[u8] {
        match self {
            Signature::Short(signature) => signature.as_ref(),
            Signature::Long(signature) => signature,
        }
    }
}

fn ecdsa(
    curve: &'static EcdsaSigningAlgorithm,
    name: &'static str,
    pkcs8: &[u8],
) -> Option<(Pair, PublicKey)> {
    let pair = EcdsaKeyPair::from_pkcs8(curve, pkcs8, &system_random()).ok()?;
    // SEC 1 §2.3.3, uncompressed: 0x04, then x and y, as long as each other.
    let (form, point) = pair.public_key().as_ref().split_first()?;
    let (x, y) = (*form == 4).then(|| point.split_at_checked(point.len() / 2))??;
    let public = PublicKey::EllipticCurve { crv: name.to_owned(), x: base64url(x), y: base64url(y) };
    Some((Pair::Ecdsa(pair), public))
}

fn ed25519(pkcs8: &[u8]) -> Option<(Pair, PublicKey)> {
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
    let public = PublicKey::OctetPair { crv: "Ed25519".to_owned(), x: base64url(pair.public_key()) };
    Some((Pair::Ed25519(pair), public))
}

fn rsa(pkcs8: &[u8], padding: &'static dyn rsa_signature::RsaEncoding) -> Option<(Pair, PublicKey)> {
    let pair = rsa::KeyPair::from_pkcs8(pkcs8).ok()?;
    // ring reads the same key: it gives out modulus and exponent, and refuses pairs whose halves do not fit.
    let read = ring::rsa::KeyPair::from_pkcs8(pkcs8).ok()?;
    let parts = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(read.public());
    let public = PublicKey::Rsa { n: base64url(&parts.n), e: base64url(&parts.e) };
    Some((Pair::Rsa { pair, padding }, public))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::signing::generate_pkcs8;

    #[test]
    fn every_algorithm_makes_parses_and_signs() {
        for algorithm in SigningAlgorithm::ALL {
            let pkcs8 = generate_pkcs8(*algorithm).unwrap();
            let key = SigningKey::from_pkcs8(*algorithm, pkcs8.expose()).unwrap();
            assert_eq!(key.kid(), key.public_jwk().key.thumbprint());
            assert_eq!(key.public_jwk().alg.as_deref(), Some(algorithm.as_str()));
            let length = match algorithm {
                SigningAlgorithm::ES256 | SigningAlgorithm::EdDSA => 64,
                SigningAlgorithm::ES384 => 96,
                SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => 256,
            };
            assert_eq!(key.sign(b"message").unwrap().as_ref().len(), length);
            assert_eq!(SigningAlgorithm::parse(algorithm.as_str()), Some(*algorithm));
        }
        assert_eq!(SigningAlgorithm::parse("none"), None);
        assert_eq!(SigningAlgorithm::parse("es256"), None);
    }

    #[test]
    fn a_key_of_another_algorithm_is_rejected() {
        let pkcs8 = generate_pkcs8(SigningAlgorithm::ES256).unwrap();
        for algorithm in [
            SigningAlgorithm::ES384,
            SigningAlgorithm::EdDSA,
            SigningAlgorithm::RS256,
            SigningAlgorithm::PS256,
        ] {
            let rejected = SigningKey::from_pkcs8(algorithm, pkcs8.expose()).unwrap_err();
            assert_eq!(rejected, KeyRejected(algorithm));
        }
        assert!(SigningKey::from_pkcs8(SigningAlgorithm::ES256, b"").is_err());
    }
}
