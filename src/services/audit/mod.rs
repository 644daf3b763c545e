//! The audit log at work: integration, publication, proofs, the person's own view, verification.

mod agreed;
pub mod bundle;
mod integrate;
mod log;
mod person;
mod person_proof;
mod publish;
mod seal;
pub mod verify;

pub use agreed::Agreement;
pub use integrate::Integrated;
pub use log::{AuditError, AuditLog};
pub use person::{EntryProof, LogPage, OwnEntry, OwnLog};
pub use person_proof::{PersonProof, PersonProofError};
pub use publish::{Consistency, Inclusion, PublishedTile};
pub(super) use seal::seal;
