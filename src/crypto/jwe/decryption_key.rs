//! A private key that reads what others encrypted to its public half.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{self, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

use super::header::JweHeader;
use super::{agreement, key_transport};
use crate::base::Secret;
use crate::base::encoding::base64url;
use crate::crypto::signing::{Jwk, PublicKey, SigningFailed, system_random};
use crate::protocol::{DecryptionKeyKind, KeyManagementAlgorithm};

/// A private key, parsed.
pub struct DecryptionKey {
    kind: DecryptionKeyKind,
    pair: Pair,
    public: Jwk,
    kid: String,
}

enum Pair {
    Rsa(OaepPrivateDecryptingKey),
    Curve(PrivateKey),
}

/// A fresh private key in PKCS #8 form, to be wrapped and stored. RSA keys have 2,048 bits.
pub fn generate_decryption_pkcs8(kind: DecryptionKeyKind) -> Result<Secret<Vec<u8>>, SigningFailed> {
    let pkcs8 = match kind {
        DecryptionKeyKind::Rsa => {
            let made = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).map_err(|_| SigningFailed)?;
            made.as_der().map_err(|_| SigningFailed)?.as_ref().to_vec()
        }
        DecryptionKeyKind::P256 => {
            let curve = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let made = EcdsaKeyPair::generate_pkcs8(curve, &system_random()).map_err(|_| SigningFailed)?;
            made.as_ref().to_vec()
        }
    };
    Ok(Secret::new(pkcs8))
}

impl DecryptionKey {
    /// Parses what [`generate_decryption_pkcs8`] made; `None` for anything else.
    pub fn from_pkcs8(kind: DecryptionKeyKind, pkcs8: &[u8]) -> Option<Self> {
        let (pair, key) = match kind {
            DecryptionKeyKind::Rsa => rsa_pair(pkcs8)?,
            DecryptionKeyKind::P256 => {
                let own = PrivateKey::from_private_key_der(&ECDH_P256, pkcs8).ok()?;
                let public = agreement::public_half(&own)?;
                (Pair::Curve(own), public)
            }
        };
        let kid = key.thumbprint();
        let alg = match kind {
            DecryptionKeyKind::Rsa => Some(KeyManagementAlgorithm::RsaOaep256.as_str().to_owned()),
            // Two algorithms use it: naming one would forbid the other (RFC 7517 §4.4).
            DecryptionKeyKind::P256 => None,
        };
        let public = Jwk { key, kid: Some(kid.clone()), alg, usage: Some("enc".to_owned()), x5c: Vec::new() };
        Some(Self { kind, pair, public, kid })
    }

    /// What it reads.
    pub const fn kind(&self) -> DecryptionKeyKind {
        self.kind
    }

    /// Its name: the thumbprint of the public key (RFC 7638).
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What others encrypt to, to be published.
    pub const fn public_jwk(&self) -> &Jwk {
        &self.public
    }

    /// The key of the content that `header` describes.
    pub(super) fn content_key(&self, header: &JweHeader, encrypted: &[u8]) -> Option<Secret<Vec<u8>>> {
        match (&self.pair, header.alg) {
            (Pair::Rsa(own), KeyManagementAlgorithm::RsaOaep256) => key_transport::decrypt(own, encrypted),
            (Pair::Curve(own), KeyManagementAlgorithm::EcdhEs) => agreed(own, header),
            (Pair::Curve(own), KeyManagementAlgorithm::EcdhEsA256Kw) => {
                agreement::unwrap(agreed(own, header)?.expose(), encrypted)
            }
            _ => None,
        }
    }
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DecryptionKey({} {})", self.kind, self.kid)
    }
}

fn agreed(own: &PrivateKey, header: &JweHeader) -> Option<Secret<Vec<u8>>> {
    agreement::Point::of(header.epk.as_ref()?).ok()?.agree(own, header)
}

fn rsa_pair(pkcs8: &[u8]) -> Option<(Pair, PublicKey)> {
    let own = PrivateDecryptingKey::from_pkcs8(pkcs8).ok()?;
    // ring reads the same key, and gives out modulus and exponent.
    let read = ring::rsa::KeyPair::from_pkcs8(pkcs8).ok()?;
    let parts = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(read.public());
    let public = PublicKey::Rsa { n: base64url(&parts.n), e: base64url(&parts.e) };
    Some((Pair::Rsa(OaepPrivateDecryptingKey::new(own).ok()?), public))
}
