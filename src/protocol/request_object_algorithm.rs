//! The algorithms of request objects.

use super::AssertionAlgorithm;
use super::wire_enum::wire_enum;

wire_enum! {
    /// A JWS algorithm of a request object (OIDC Core §6.1).
    RequestObjectAlgorithm {
        /// ECDSA on P-256 with SHA-256.
        ES256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        ES384 = "ES384",
        /// RSA PKCS #1 v1.5 with SHA-256.
        RS256 = "RS256",
        /// RSA-PSS with SHA-256.
        PS256 = "PS256",
        /// Ed25519.
        EdDSA = "EdDSA",
        /// HMAC with SHA-256 and the client secret.
        HS256 = "HS256",
        /// No signature: only of whoever is registered for it, and worth no more than plain parameters.
        None = "none",
    }
}

impl RequestObjectAlgorithm {
    /// The algorithm of the signature, if there is one.
    pub fn signed(self) -> Option<AssertionAlgorithm> {
        AssertionAlgorithm::parse(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_signs_an_assertion_signs_a_request() {
        let signed: Vec<_> = RequestObjectAlgorithm::ALL.iter().filter_map(|one| one.signed()).collect();
        assert_eq!(signed, AssertionAlgorithm::ALL);
        assert_eq!(RequestObjectAlgorithm::None.signed(), None);
    }
}
