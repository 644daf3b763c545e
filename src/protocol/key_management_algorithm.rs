//! How the key of an encrypted JWT gets to its reader (RFC 7518 §4.1).

use super::wire_enum::wire_enum;

wire_enum! {
    /// A JWE `alg`. Nothing with PKCS #1 v1.5, nothing with a shared secret.
    KeyManagementAlgorithm {
        /// RSA-OAEP with SHA-256.
        RsaOaep256 = "RSA-OAEP-256",
        /// A key agreed on by elliptic curves, used as it is.
        EcdhEs = "ECDH-ES",
        /// A key agreed on by elliptic curves that wraps another.
        EcdhEsA256Kw = "ECDH-ES+A256KW",
    }
}
