//! Encrypted JWTs (RFC 7516 compact form, RFC 7518 §4 and §5): for clients to their keys, and from clients to ours.

mod agreement;
mod content;
mod decrypt;
mod decryption_key;
mod encrypt;
mod header;
mod key_transport;
mod recipient;
#[cfg(test)]
mod tests;

pub use decrypt::{EncryptedJwt, JweRefused};
pub use decryption_key::{DecryptionKey, generate_decryption_pkcs8};
pub use encrypt::{EncryptionFailed, Payload, encrypt};
pub use recipient::Recipient;
