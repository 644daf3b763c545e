//! The last step before an entry is recorded: its hash, so that integrating it costs no more reading.

use crate::crypto::transparency::leaf_hash;
use crate::domain::audit::{AuditEntry, SealedEvent};

/// Hashes `entry` as the leaf it becomes.
pub(in crate::services) fn seal(entry: AuditEntry) -> SealedEvent {
    let leaf_hash = leaf_hash(&entry.to_leaf()).bytes();
    SealedEvent { entry, leaf_hash }
}
