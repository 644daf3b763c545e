//! An entry: the columns of one event as they are stored, exported and proved.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::event::AuditEvent;
use super::kind::{EventKind, Outcome};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, AuditEventId, FamilyId, SessionId};

/// The version of the schema that events are recorded in; `docs/audit.md` describes each.
pub const SCHEMA_VERSION: i64 = 1;

/// The columns of an entry, texts as they stand: whatever is stored can be read, hashed and compared, also what no
/// version of ours wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    /// Unique; ordered by time of recording.
    pub id: AuditEventId,
    /// When it happened.
    pub at: Timestamp,
    /// See [`SCHEMA_VERSION`].
    pub schema_version: i64,
    /// An [`EventKind`].
    pub kind: String,
    /// An [`Outcome`].
    pub outcome: String,
    /// Who brought it about.
    pub actor: RecordedActor,
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<AccountId>,
    /// Which system it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// In which session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// About the tokens of which authorization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<FamilyId>,
    /// In which request, by the number that its answer shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A JSON object, byte for byte as recorded.
    pub facts: String,
    /// The personal part, sealed. It stays when its key is destroyed, and the proof with it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "bytes_as_text")]
    pub sealed: Option<Vec<u8>>,
    /// Keeps a second entry of the same from being recorded.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "bytes_as_text")]
    pub once_key: Option<Vec<u8>>,
}

/// Who brought an entry about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedActor {
    /// `person`, `client`, `operator`, `system` or `anonymous`.
    pub kind: String,
    /// Which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl AuditEntry {
    /// The entry of `event`, whose personal part is `sealed`.
    pub fn new(event: &AuditEvent, sealed: Option<Vec<u8>>) -> Self {
        let parts = event.event.parts();
        let (kind, id) = event.actor.recorded();
        Self {
            id: event.id,
            at: event.at,
            schema_version: SCHEMA_VERSION,
            kind: parts.kind.as_str().to_owned(),
            outcome: parts.outcome.as_str().to_owned(),
            actor: RecordedActor { kind: kind.to_owned(), id },
            subject: parts.subject,
            client: parts.client.map(|client| client.as_str().to_owned()),
            session: parts.session,
            family: parts.family,
            request: event.request.as_ref().map(ToString::to_string),
            reason: parts.reason.map(str::to_owned),
            facts: parts.facts.to_string(),
            sealed,
            once_key: event.once_key.clone(),
        }
    }

    /// One line of JSON, as it is exported.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What happened, if it is a kind this version knows.
    pub fn kind(&self) -> Option<EventKind> {
        EventKind::parse(&self.kind)
    }

    /// How it came out.
    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::parse(&self.outcome)
    }

    /// The facts, parsed.
    pub fn facts(&self) -> serde_json::Value {
        serde_json::from_str(&self.facts).unwrap_or_default()
    }
}

/// An entry ready to be recorded: its personal part sealed, its leaf hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedEvent {
    /// The columns.
    pub entry: AuditEntry,
    /// RFC 9162 §2.1.1: the hash of [`AuditEntry::to_leaf`] as a leaf.
    pub leaf_hash: [u8; 32],
}

/// Bytes as standard base64.
mod bytes_as_text {
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    use super::{Deserialize, Engine, STANDARD};

    #[expect(clippy::ref_option, reason = "the form that serde calls")]
    pub(super) fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => to.serialize_str(&STANDARD.encode(bytes)),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<u8>>, D::Error> {
        Option::<String>::deserialize(from)?
            .map(|text| STANDARD.decode(text).map_err(|_| D::Error::custom("not base64")))
            .transpose()
    }
}
