//! The link from an ID token to its access token.

use ring::digest::{Algorithm, SHA256, SHA512, digest};

use crate::base::encoding::base64url;

/// The digest that belongs to a signature algorithm (RFC 7518 §3.1; Ed25519 works on SHA-512, RFC 8032 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenDigest {
    /// Of ES256, RS256 and PS256.
    Sha256,
    /// Of EdDSA with Ed25519.
    Sha512,
}

/// The `at_hash` of `access_token`: the left half of its digest (OIDC Core §3.1.3.6).
pub fn at_hash(access_token: &str, with: TokenDigest) -> String {
    let algorithm: &'static Algorithm = match with {
        TokenDigest::Sha256 => &SHA256,
        TokenDigest::Sha512 => &SHA512,
    };
    let digest = digest(algorithm, access_token.as_bytes());
    let (left, _) = digest.as_ref().split_at(algorithm.output_len() / 2);
    base64url(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_left_half__oidc_core_3_1_3_6() {
        // The token and hash of OIDC Core appendix A.3.
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(at_hash(token, TokenDigest::Sha256), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(at_hash(token, TokenDigest::Sha512).len(), 43);
    }
}
