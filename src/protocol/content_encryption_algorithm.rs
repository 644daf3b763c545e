//! How the content of an encrypted JWT is encrypted (RFC 7518 §5.1).

use super::wire_enum::wire_enum;

wire_enum! {
    /// A JWE `enc`.
    ContentEncryptionAlgorithm {
        /// AES-GCM with a key of 128 bits.
        A128Gcm = "A128GCM",
        /// AES-GCM with a key of 256 bits.
        A256Gcm = "A256GCM",
    }
}

impl ContentEncryptionAlgorithm {
    /// How long its key is, in bytes.
    pub const fn key_length(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A256Gcm => 32,
        }
    }
}
