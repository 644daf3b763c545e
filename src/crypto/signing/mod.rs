//! Signing keys and what the world sees of them.

pub mod generate;
pub mod jwk;
pub mod signing_key;
pub mod verifying_key;

pub use generate::generate_pkcs8;
pub(in crate::crypto) use generate::system_random;
pub use jwk::{Jwk, Jwks, PublicKey};
pub use signing_key::{KeyRejected, Signature, SigningFailed, SigningKey};
pub(in crate::crypto) use verifying_key::check_modulus;
pub use verifying_key::{UnusableKey, VerifyingKey, VerifyingKeys};
