//! The audit log's vocabulary: what is recorded, about whom, and the exact bytes that are proved.

mod actor;
mod agreed;
mod authorization_refusal;
mod entry;
mod event;
mod grant_refusal;
mod kind;
mod leaf;
mod origin;
mod parts;
mod place;
mod sign_in_failure;

pub use actor::Actor;
pub use agreed::{AgreedDetail, NamedDetail, SaltedDetail};
pub use authorization_refusal::AuthorizationRefusal;
pub use entry::{AuditEntry, RecordedActor, SCHEMA_VERSION, SealedEvent};
pub use event::{AuditEvent, Event, IssuedBy, ReleasedBy, ReleasedClaim};
pub use grant_refusal::GrantRefusal;
pub use kind::{EventKind, Outcome};
pub use leaf::LeafError;
pub use origin::Origin;
pub use place::{Personal, Place};
pub use sign_in_failure::SignInFailure;

#[cfg(test)]
mod tests;
