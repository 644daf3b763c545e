//! Proofs that a caller holds a key (RFC 9449).

mod claims;
mod fault;
mod presented;
mod same_resource;

pub use claims::ProofClaims;
pub use fault::ProofFault;
pub use presented::PresentedProof;
pub use same_resource::is_same_resource;
