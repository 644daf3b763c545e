//! Events on their way into the audit log: they go with the commit, many in one statement.
//!
//! Nobody reads an entry in the write that leaves it. So a write keeps what it records until the rest of it has gone well,
//! and on SQLite the committer writes the entries of its whole group. Where they cannot be written, nothing of the group is
//! committed. No entry brings that on by what it says: the table takes any text and any bytes there, an id is random, and
//! what is recorded once already is passed over. What is left is the engine itself (a full disk), which fails everybody
//! alike. A rule of the table that refuses some entries would let whoever causes one undo what others did: none is to be
//! added.

use std::sync::LazyLock;

use super::query::query;
use super::statements::Sql;
use super::{Statement, StorageError, WriteTx};
use crate::base::ids::{AccountId, FamilyId, SessionId};
use crate::domain::audit::SealedEvent;

const COLUMNS: [&str; 17] = [
    "id",
    "at",
    "schema_version",
    "kind",
    "outcome",
    "actor_kind",
    "actor_id",
    "subject",
    "client",
    "session",
    "family",
    "request",
    "reason",
    "facts",
    "sealed",
    "once_key",
    "leaf_hash",
];

/// How many entries one statement takes at most.
const LARGEST: usize = 16;

/// One statement for each number of entries, each of which stays prepared.
static INSERTS: LazyLock<[Insert; LARGEST]> =
    LazyLock::new(|| std::array::from_fn(|place| Insert::of(place + 1)));

struct Insert {
    name: String,
    on_sqlite: String,
    on_postgres: String,
}

impl Insert {
    fn of(entries: usize) -> Self {
        let text = |sign: char| {
            let row = |row: usize| {
                let places =
                    (1..=COLUMNS.len()).map(|column| format!("{sign}{}", row * COLUMNS.len() + column));
                format!("({})", places.collect::<Vec<_>>().join(", "))
            };
            let rows: Vec<String> = (0..entries).map(row).collect();
            format!(
                "INSERT INTO audit_entry ({}) VALUES {} ON CONFLICT (once_key) WHERE once_key IS NOT NULL DO NOTHING",
                COLUMNS.join(", "),
                rows.join(", "),
            )
        };
        Self { name: format!("INSERT_{entries}_AUDIT_ENTRIES"), on_sqlite: text('?'), on_postgres: text('$') }
    }

    fn sql(&'static self) -> Sql {
        Sql { on_sqlite: &self.on_sqlite, on_postgres: &self.on_postgres }
    }
}

/// The statements, for those that look at every one.
pub(super) fn statements() -> impl Iterator<Item = Statement> {
    INSERTS.iter().map(|insert| Statement { name: &insert.name, sql: insert.sql() })
}

impl WriteTx<'_> {
    /// Records an event together with whatever else this transaction does, unless one with the same `once_key` is there.
    pub fn record(&mut self, event: &SealedEvent) {
        self.recorded.push(event.clone());
    }

    /// Writes `events`.
    pub(super) async fn write_recorded(&mut self, events: Vec<SealedEvent>) -> Result<(), StorageError> {
        let mut rest = events.into_iter().peekable();
        while rest.peek().is_some() {
            let some: Vec<_> = rest.by_ref().take(LARGEST).collect();
            let insert = INSERTS.get(some.len() - 1).ok_or(StorageError::NotCommitted)?;
            let mut entries = query(insert.sql());
            for SealedEvent { entry, leaf_hash } in some {
                entries = entries
                    .bind(entry.id.uuid())
                    .bind(entry.at.micros())
                    .bind(entry.schema_version)
                    .bind(entry.kind)
                    .bind(entry.outcome)
                    .bind(entry.actor.kind)
                    .bind(entry.actor.id)
                    .bind(entry.subject.map(AccountId::uuid))
                    .bind(entry.client)
                    .bind(entry.session.map(SessionId::uuid))
                    .bind(entry.family.map(FamilyId::uuid))
                    .bind(entry.request)
                    .bind(entry.reason)
                    .bind(entry.facts)
                    .bind(entry.sealed)
                    .bind(entry.once_key)
                    .bind(leaf_hash.to_vec());
            }
            entries.execute(self).await?;
        }
        Ok(())
    }
}
