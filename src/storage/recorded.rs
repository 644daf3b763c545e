//! Events on their way into the audit log: they go with the commit, many in one statement.
//!
//! Nobody reads an entry in the write that leaves it. So a write keeps what it records until the rest of it has gone well,
//! and on SQLite the committer writes the entries of its whole group: two trips to the connection's thread instead of one
//! for each. Where they cannot be written, nothing of the group is committed.

use std::sync::LazyLock;

use super::transaction::on_engine;
use super::{Db, Statement, StorageError, WriteTx};
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

/// One statement for each size, which stays prepared: a text for every number of entries would fill the cache of them.
static INSERTS: LazyLock<[Insert; 3]> = LazyLock::new(|| {
    [
        Insert::of("INSERT_16_AUDIT_ENTRIES", 16),
        Insert::of("INSERT_4_AUDIT_ENTRIES", 4),
        Insert::of("INSERT_AUDIT_ENTRY", 1),
    ]
});

struct Insert {
    name: &'static str,
    entries: usize,
    sql: String,
}

impl Insert {
    fn of(name: &'static str, entries: usize) -> Self {
        let row = |row: usize| {
            let places = (1..=COLUMNS.len()).map(|column| format!("${}", row * COLUMNS.len() + column));
            format!("({})", places.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<String> = (0..entries).map(row).collect();
        let sql = format!(
            "INSERT INTO audit_entry ({}) VALUES {} ON CONFLICT (once_key) WHERE once_key IS NOT NULL DO NOTHING",
            COLUMNS.join(", "),
            rows.join(", "),
        );
        Self { name, entries, sql }
    }
}

/// The statements, for those that look at every one.
pub(super) fn statements() -> impl Iterator<Item = Statement> {
    INSERTS.iter().map(|insert| Statement { name: insert.name, sql: &insert.sql })
}

impl Db {
    /// Records an event by itself, unless one with the same `once_key` is there.
    pub async fn record(&self, event: &SealedEvent) -> Result<(), StorageError> {
        self.write_one(async |tx| {
            tx.record(event);
            Ok(())
        })
        .await
    }
}

impl WriteTx<'_> {
    /// Records an event together with whatever else this transaction does, unless one with the same `once_key` is there.
    pub fn record(&mut self, event: &SealedEvent) {
        self.recorded.push(event.clone());
    }

    /// Writes `events`, before they are committed.
    pub(super) async fn write_recorded(&mut self, events: &[SealedEvent]) -> Result<(), StorageError> {
        let mut rest = events;
        for insert in INSERTS.iter() {
            while let Some((some, others)) = rest.split_at_checked(insert.entries) {
                self.insert_entries(&insert.sql, some).await?;
                rest = others;
            }
        }
        Ok(())
    }

    async fn insert_entries(
        &mut self,
        sql: &'static str,
        events: &[SealedEvent],
    ) -> Result<(), StorageError> {
        on_engine!(self, c => {
            let mut query = sqlx::query(sql);
            for SealedEvent { entry, leaf_hash } in events {
                query = query
                    .bind(entry.id.uuid())
                    .bind(entry.at.micros())
                    .bind(entry.schema_version)
                    .bind(&entry.kind)
                    .bind(&entry.outcome)
                    .bind(&entry.actor.kind)
                    .bind(&entry.actor.id)
                    .bind(entry.subject.map(AccountId::uuid))
                    .bind(&entry.client)
                    .bind(entry.session.map(SessionId::uuid))
                    .bind(entry.family.map(FamilyId::uuid))
                    .bind(&entry.request)
                    .bind(&entry.reason)
                    .bind(&entry.facts)
                    .bind(&entry.sealed)
                    .bind(&entry.once_key)
                    .bind(&leaf_hash[..]);
            }
            query.execute(c).await?.rows_affected()
        });
        Ok(())
    }
}
