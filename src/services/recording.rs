//! Events on their way into the audit log: their personal part is sealed with the key of whom they are about.

use super::{Provider, audit};
use crate::base::Timestamp;
use crate::base::ids::FamilyId;
use crate::crypto::binding::Place as Cell;
use crate::crypto::data_key::DataKey;
use crate::crypto::keyring::DigestPurpose;
use crate::domain::audit::{Actor, AuditEntry, AuditEvent, Event, Personal, SealedEvent};

impl Provider {
    /// `actor` brought `event` about, now.
    pub(super) fn event(&self, actor: Actor, event: Event) -> AuditEvent {
        AuditEvent::new(self.now(), self.entropy(), actor, event)
    }

    /// The entry of an event about the person whose data key is `key`.
    pub(super) fn personal_entry(&self, event: &AuditEvent, key: &DataKey) -> SealedEvent {
        let cell = Cell::new("audit_entry", "sealed", event.id.uuid());
        let sealed = event.personal.to_bytes().map(|bytes| key.seal_field(cell, &bytes, self.entropy()));
        audit::seal(AuditEntry::new(event, sealed))
    }

    /// The entry of an event about nobody in particular: sealed with the instance's own key.
    pub(super) fn entry(&self, event: &AuditEvent) -> SealedEvent {
        self.personal_entry(event, self.keyring.personal())
    }

    /// The key of an event that is recorded once: for `what`, which may hold what must not stand in the clear. It begins
    /// with the family, which begins with the time: an index of keys grows at its end, however many there are.
    pub(super) fn once_key(&self, family: FamilyId, what: &str) -> Vec<u8> {
        let digest = self.keyring.digest(DigestPurpose::Once, what.as_bytes());
        [family.uuid().as_bytes().as_slice(), digest.as_bytes()].concat()
    }

    /// The key of an event that is recorded once for the span that began at `begin`, with which it begins.
    pub(super) fn once_key_at(&self, begin: Timestamp, what: &str) -> Vec<u8> {
        let begin = begin.micros().to_be_bytes();
        let digest = self.keyring.digest(DigestPurpose::Once, &[begin.as_slice(), what.as_bytes()].concat());
        [begin.as_slice(), digest.as_bytes()].concat()
    }

    /// Opens the personal part of an entry; nothing where it has none or its key is gone.
    pub(super) fn open_personal(&self, entry: &AuditEntry, key: &DataKey) -> Option<Personal> {
        let cell = Cell::new("audit_entry", "sealed", entry.id.uuid());
        let opened = key.open_field(cell, entry.sealed.as_deref()?).ok()?;
        Personal::from_bytes(opened.expose())
    }
}
