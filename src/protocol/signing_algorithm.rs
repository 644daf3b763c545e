//! The signature algorithms that are spoken (RFC 7518 §3.1, RFC 8037 §3.1).

use super::wire_enum::wire_enum;

wire_enum! {
    /// A JWS signature algorithm. There is no `none` and nothing symmetric.
    SigningAlgorithm {
        /// ECDSA on P-256 with SHA-256.
        ES256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        ES384 = "ES384",
        /// RSA PKCS #1 v1.5 with SHA-256: what OIDC Core assumes where nothing is registered.
        RS256 = "RS256",
        /// RSA-PSS with SHA-256.
        PS256 = "PS256",
        /// Ed25519.
        EdDSA = "EdDSA",
    }
}

impl SigningAlgorithm {
    /// The algorithm that the header or the key of somebody else names.
    ///
    /// RFC 9864 §2.2 gave `EdDSA` with Ed25519 a name of its own, and newer libraries write no other.
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "Ed25519" => Some(Self::EdDSA),
            text => Self::parse(text),
        }
    }
}
