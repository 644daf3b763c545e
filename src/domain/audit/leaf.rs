//! The bytes of an entry that are hashed into the tree: every column, each with its tag and length.
//!
//! `khue-audit` and the version of this encoding, then per column that is set, in ascending order of tags: tag (1 byte),
//! length (4 bytes, big-endian), value. Integers are 8 bytes big-endian, identifiers 16 bytes, texts UTF-8. Two entries
//! that differ in anything have different bytes, and the bytes give the entry back.

use uuid::Uuid;

use super::entry::{AuditEntry, RecordedActor};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, AuditEventId, FamilyId, SessionId};

const HEADER: &[u8] = b"khue-audit\x01";

mod tag {
    pub(super) const ID: u8 = 1;
    pub(super) const AT: u8 = 2;
    pub(super) const SCHEMA_VERSION: u8 = 3;
    pub(super) const KIND: u8 = 4;
    pub(super) const OUTCOME: u8 = 5;
    pub(super) const ACTOR_KIND: u8 = 6;
    pub(super) const ACTOR_ID: u8 = 7;
    pub(super) const SUBJECT: u8 = 8;
    pub(super) const CLIENT: u8 = 9;
    pub(super) const SESSION: u8 = 10;
    pub(super) const FAMILY: u8 = 11;
    pub(super) const REQUEST: u8 = 12;
    pub(super) const REASON: u8 = 13;
    pub(super) const FACTS: u8 = 14;
    pub(super) const SEALED: u8 = 15;
    pub(super) const ONCE_KEY: u8 = 16;
}

/// The bytes are not those of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the bytes of an audit entry")]
pub struct LeafError;

impl AuditEntry {
    /// The bytes that are hashed into the tree.
    pub fn to_leaf(&self) -> Vec<u8> {
        let mut leaf = Writer(HEADER.to_vec());
        leaf.put(tag::ID, self.id.uuid().as_bytes());
        leaf.put(tag::AT, &self.at.micros().to_be_bytes());
        leaf.put(tag::SCHEMA_VERSION, &self.schema_version.to_be_bytes());
        leaf.put(tag::KIND, self.kind.as_bytes());
        leaf.put(tag::OUTCOME, self.outcome.as_bytes());
        leaf.put(tag::ACTOR_KIND, self.actor.kind.as_bytes());
        leaf.put_some(tag::ACTOR_ID, self.actor.id.as_deref());
        leaf.put_some(tag::SUBJECT, self.subject.map(|id| *id.uuid().as_bytes()));
        leaf.put_some(tag::CLIENT, self.client.as_deref());
        leaf.put_some(tag::SESSION, self.session.map(|id| *id.uuid().as_bytes()));
        leaf.put_some(tag::FAMILY, self.family.map(|id| *id.uuid().as_bytes()));
        leaf.put_some(tag::REQUEST, self.request.as_deref());
        leaf.put_some(tag::REASON, self.reason.as_deref());
        leaf.put(tag::FACTS, self.facts.as_bytes());
        leaf.put_some(tag::SEALED, self.sealed.as_deref());
        leaf.put_some(tag::ONCE_KEY, self.once_key.as_deref());
        leaf.0
    }

    /// The entry that has these bytes.
    pub fn from_leaf(leaf: &[u8]) -> Result<Self, LeafError> {
        let mut leaf = Reader::open(leaf)?;
        let entry = Self {
            id: AuditEventId::from_uuid(leaf.uuid(tag::ID)?.ok_or(LeafError)?),
            at: Timestamp::from_micros(leaf.integer(tag::AT)?),
            schema_version: leaf.integer(tag::SCHEMA_VERSION)?,
            kind: leaf.text(tag::KIND)?.ok_or(LeafError)?,
            outcome: leaf.text(tag::OUTCOME)?.ok_or(LeafError)?,
            actor: RecordedActor {
                kind: leaf.text(tag::ACTOR_KIND)?.ok_or(LeafError)?,
                id: leaf.text(tag::ACTOR_ID)?,
            },
            subject: leaf.uuid(tag::SUBJECT)?.map(AccountId::from_uuid),
            client: leaf.text(tag::CLIENT)?,
            session: leaf.uuid(tag::SESSION)?.map(SessionId::from_uuid),
            family: leaf.uuid(tag::FAMILY)?.map(FamilyId::from_uuid),
            request: leaf.text(tag::REQUEST)?,
            reason: leaf.text(tag::REASON)?,
            facts: leaf.text(tag::FACTS)?.ok_or(LeafError)?,
            sealed: leaf.take(tag::SEALED)?.map(<[u8]>::to_vec),
            once_key: leaf.take(tag::ONCE_KEY)?.map(<[u8]>::to_vec),
        };
        if leaf.0.is_empty() { Ok(entry) } else { Err(LeafError) }
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn put(&mut self, tag: u8, value: &[u8]) {
        self.0.push(tag);
        // A column of 4 GiB is refused long before by every engine.
        self.0.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
        self.0.extend_from_slice(value);
    }

    fn put_some(&mut self, tag: u8, value: Option<impl AsRef<[u8]>>) {
        if let Some(value) = value {
            self.put(tag, value.as_ref());
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn open(leaf: &'a [u8]) -> Result<Self, LeafError> {
        leaf.strip_prefix(HEADER).map(Self).ok_or(LeafError)
    }

    fn take(&mut self, tag: u8) -> Result<Option<&'a [u8]>, LeafError> {
        let Some(rest) = self.0.strip_prefix(&[tag]) else { return Ok(None) };
        let (length, rest) = rest.split_first_chunk().ok_or(LeafError)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| LeafError)?;
        let (value, rest) = rest.split_at_checked(length).ok_or(LeafError)?;
        self.0 = rest;
        Ok(Some(value))
    }

    fn text(&mut self, tag: u8) -> Result<Option<String>, LeafError> {
        self.take(tag)?.map(|value| String::from_utf8(value.to_vec()).map_err(|_| LeafError)).transpose()
    }

    fn uuid(&mut self, tag: u8) -> Result<Option<Uuid>, LeafError> {
        self.take(tag)?.map(|value| Uuid::from_slice(value).map_err(|_| LeafError)).transpose()
    }

    fn integer(&mut self, tag: u8) -> Result<i64, LeafError> {
        let value = self.take(tag)?.ok_or(LeafError)?;
        value.try_into().map(i64::from_be_bytes).map_err(|_| LeafError)
    }
}
