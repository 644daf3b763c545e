//! Digests: what is kept of a secret that must be recognised and never read.

use std::fmt;

use ring::digest;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::base::encoding;
use crate::protocol::SigningAlgorithm;

/// 32 bytes of a digest. Compared in constant time.
#[derive(Clone, Copy, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest([u8; 32]);

impl Digest {
    /// As computed or stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As stored; `None` where it is not 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for storage.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hexadecimal text.
    pub fn to_hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Digest {
    /// Base64url.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoding::base64url(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// SHA-256, without a key: for what is public or random anyway.
pub fn sha256(message: &[u8]) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, message).as_ref());
    Digest(bytes)
}

/// `at_hash`, `c_hash` and `s_hash` of `value` in an ID token signed with `algorithm`.
///
/// OIDC Core §3.1.3.6: the left half of the digest by the hash of the signature algorithm, in base64url. Ed25519
/// hashes with SHA-512 (RFC 8032 §5.1).
pub fn half_hash(algorithm: SigningAlgorithm, value: &str) -> String {
    let hash = match algorithm {
        SigningAlgorithm::ES256 | SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => &digest::SHA256,
        SigningAlgorithm::ES384 => &digest::SHA384,
        SigningAlgorithm::EdDSA => &digest::SHA512,
    };
    let whole = digest::digest(hash, value.as_bytes());
    let half = whole.as_ref().iter().take(whole.as_ref().len() / 2).copied().collect::<Vec<_>>();
    encoding::base64url(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_hash_is_that_of_the_example__oidc_core_a3() {
        assert_eq!(
            half_hash(SigningAlgorithm::RS256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
        assert_eq!(
            half_hash(SigningAlgorithm::RS256, "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"),
            "LDktKdoQak3Pk0cnXxCltA"
        );
        assert_eq!(half_hash(SigningAlgorithm::EdDSA, "x").len(), 43);
    }

    #[test]
    fn sha256_is_that_of_the_standard__fips_180_4() {
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc").to_hex(), hex);
        assert_eq!(Digest::from_slice(sha256(b"abc").as_bytes()), Some(sha256(b"abc")));
        assert_eq!(Digest::from_slice(b"short"), None);
    }
}
