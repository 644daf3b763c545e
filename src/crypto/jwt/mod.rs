//! Signed JWTs (RFC 7519, RFC 7515 compact form): minting ours and verifying what comes back.

mod dpop_proof;
#[cfg(test)]
mod dpop_proof_tests;
pub mod foreign;
pub mod header;
mod provider;
pub mod sign;
#[cfg(test)]
mod tests;
pub mod unsigned;
pub mod verify;

pub use dpop_proof::{SignedProof, read_dpop_proof};
pub use foreign::{ForeignJwt, verify_for_nothing};
pub use header::JwtType;
pub use sign::{MintingFailed, sign_jwt};
pub use unsigned::{read_unsigned_jwt, says_unsigned};
pub use verify::{JwtRefused, LARGEST_JWT, read_own_jwt, verify_jwt};
