//! Events on their way into the audit log: they go with the commit, many in one statement.
//!
//! Nobody reads an entry in the write that leaves it. So a write keeps what it records until the rest of it has gone well,
//! and on SQLite the committer writes the entries of its whole group: two trips to the connection's thread instead of one
//! for each. Where they cannot be written, nothing of the group is committed. No entry brings that on by what it says: the
//! table takes any text and any bytes there, an id is random, and what is recorded once already is passed over. What is left is
//! the engine itself (a full disk), which fails everybody alike. A rule of the table that refuses some entries would let
//! whoever causes one undo what others did: none is to be added.

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

/// How many entries one statement takes at most.
const LARGEST: usize = 16;

/// One statement for each number of entries, each of which stays prepared.
static INSERTS: LazyLock<[Insert; LARGEST]> =
    LazyLock::new(|| std::array::from_fn(|place| Insert::of(place + 1)));

struct Insert {
    name: String,
    /// By what goes with it: nothing, the end of the transaction, its beginning, both.
    texts: [String; 4],
}

/// What goes with the entries, in the same trip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    /// The transaction begins with them.
    pub opens: bool,
    /// It is committed after them.
    pub commits: bool,
}

impl Around {
    pub(super) const NOTHING: Self = Self { opens: false, commits: false };
}

impl Insert {
    fn of(entries: usize) -> Self {
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
        let texts = [
            sql.clone(),
            format!("{sql}; COMMIT"),
            format!("BEGIN IMMEDIATE; {sql}"),
            format!("BEGIN IMMEDIATE; {sql}; COMMIT"),
        ];
        Self { name: format!("INSERT_{entries}_AUDIT_ENTRIES"), texts }
    }

    fn text(&self, around: Around) -> &str {
        let [alone, ending, opening, whole] = &self.texts;
        match (around.opens, around.commits) {
            (false, false) => alone,
            (false, true) => ending,
            (true, false) => opening,
            (true, true) => whole,
        }
    }
}

/// The statements, for those that look at every one.
pub(super) fn statements() -> impl Iterator<Item = Statement> {
    INSERTS.iter().map(|insert| Statement { name: &insert.name, sql: insert.text(Around::NOTHING) })
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

    /// Writes `events`, with what goes `around` them.
    pub(super) async fn write_recorded(
        &mut self,
        events: Vec<SealedEvent>,
        around: Around,
    ) -> Result<(), StorageError> {
        let last = events.len().div_ceil(LARGEST);
        let mut rest = events.into_iter();
        for number in 1..=last {
            let around =
                Around { opens: around.opens && number == 1, commits: around.commits && number == last };
            let some = rest.len().min(LARGEST);
            if let Some(insert) = INSERTS.get(some.saturating_sub(1)) {
                self.insert_entries(insert.text(around), rest.by_ref().take(some)).await?;
            }
        }
        Ok(())
    }

    async fn insert_entries(
        &mut self,
        sql: &'static str,
        events: impl Iterator<Item = SealedEvent>,
    ) -> Result<(), StorageError> {
        on_engine!(self, c => {
            let mut query = sqlx::query(sql);
            for SealedEvent { entry, leaf_hash } in events {
                query = query
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
            query.execute(c).await?.rows_affected()
        });
        Ok(())
    }
}
