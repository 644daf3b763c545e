//! The keys to which others encrypt for this provider.

use super::KeyManagementAlgorithm;
use super::wire_enum::wire_enum;

wire_enum! {
    /// A kind of key, named for the first algorithm that it reads.
    DecryptionKeyKind {
        /// RSA.
        Rsa = "RSA-OAEP-256",
        /// Elliptic curve P-256, for both algorithms with `ECDH-ES`.
        P256 = "ECDH-ES",
    }
}

impl DecryptionKeyKind {
    /// The kind that reads what was encrypted by `algorithm`.
    pub const fn reading(algorithm: KeyManagementAlgorithm) -> Self {
        match algorithm {
            KeyManagementAlgorithm::RsaOaep256 => Self::Rsa,
            KeyManagementAlgorithm::EcdhEs | KeyManagementAlgorithm::EcdhEsA256Kw => Self::P256,
        }
    }
}
