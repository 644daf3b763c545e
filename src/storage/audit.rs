//! The audit log: entries, the tiles of its tree, and its checkpoints.

use uuid::Uuid;

use super::query::query;
use super::row::{FromRow, Row, row};
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, AuditEventId, FamilyId, SessionId};
use crate::domain::audit::{AuditEntry, RecordedActor};

statements! {
    AUDIT_ENTRY = "SELECT id, at, schema_version, kind, outcome, actor_kind, actor_id, subject, client, session, family, \
        request, reason, facts, sealed, once_key, leaf_hash, leaf_index FROM audit_entry WHERE id = $1";
    AUDIT_ENTRIES_BETWEEN = "SELECT id, at, schema_version, kind, outcome, actor_kind, actor_id, subject, client, session, \
        family, request, reason, facts, sealed, once_key, leaf_hash, leaf_index FROM audit_entry \
        WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index";
    AUDIT_ENTRIES_OUTSIDE = "SELECT id, at, schema_version, kind, outcome, actor_kind, actor_id, subject, client, session, \
        family, request, reason, facts, sealed, once_key, leaf_hash, leaf_index FROM audit_entry \
        WHERE leaf_index < 0 OR leaf_index >= (SELECT COALESCE(MAX(size), 0) FROM audit_checkpoint) \
        ORDER BY leaf_index LIMIT 1000";
    AUDIT_ENTRIES_PENDING = "SELECT id, at, schema_version, kind, outcome, actor_kind, actor_id, subject, client, session, \
        family, request, reason, facts, sealed, once_key, leaf_hash, leaf_index FROM audit_entry \
        WHERE leaf_index IS NULL AND id > $1 ORDER BY id LIMIT 500";
    AUDIT_ENTRIES_OF_SUBJECT = "SELECT id, at, schema_version, kind, outcome, actor_kind, actor_id, subject, client, session, \
        family, request, reason, facts, sealed, once_key, leaf_hash, leaf_index FROM audit_entry \
        WHERE subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    AUDIT_ENTRIES_OF_REQUEST = "SELECT id, at, schema_version, kind, outcome, actor_kind, actor_id, subject, client, session, \
        family, request, reason, facts, sealed, once_key, leaf_hash, leaf_index FROM audit_entry \
        WHERE request = $1 ORDER BY id";
    AUDIT_WAITING = "SELECT id FROM audit_entry WHERE leaf_index IS NULL LIMIT 1";
    PLACE_AUDIT_ENTRIES = "WITH waiting AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place FROM \
        (SELECT id FROM audit_entry WHERE leaf_index IS NULL ORDER BY id LIMIT $2) AS batch) \
        UPDATE audit_entry SET leaf_index = $1 + waiting.place FROM waiting \
        WHERE audit_entry.id = waiting.id AND audit_entry.leaf_index IS NULL RETURNING leaf_index, leaf_hash";
    AUDIT_TILE = "SELECT level, tile_index, hashes FROM audit_tile WHERE level = $1 AND tile_index = $2";
    AUDIT_TILES_FROM = "SELECT level, tile_index, hashes FROM audit_tile WHERE level = $1 AND tile_index >= $2 \
        ORDER BY tile_index LIMIT 100";
    PUT_AUDIT_TILE = "INSERT INTO audit_tile (level, tile_index, hashes) VALUES ($1, $2, $3) \
        ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes";
    AUDIT_HEAD = "SELECT size, previous, root, note, at FROM audit_checkpoint ORDER BY size DESC LIMIT 1";
    AUDIT_CHECKPOINTS_AFTER = "SELECT size, previous, root, note, at FROM audit_checkpoint WHERE size > $1 \
        ORDER BY size LIMIT 1000";
    INSERT_AUDIT_CHECKPOINT = "INSERT INTO audit_checkpoint (size, previous, root, note, at) VALUES ($1, $2, $3, $4, $5)";
}

/// An entry as stored, with its place in the tree. Numbers stand as they are: also those that no code of ours writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The columns that are proved.
    pub entry: AuditEntry,
    /// The hash that was integrated.
    pub leaf_hash: Vec<u8>,
    /// Its place; none until it is integrated.
    pub leaf_index: Option<i64>,
}

row! {
    /// A tile as stored.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredTile {
        /// Its level, from 0.
        pub level: i64,
        /// Its place in the level.
        pub tile_index: i64,
        /// Up to 256 hashes, side by side.
        pub hashes: Vec<u8>,
    }
}

row! {
    /// A checkpoint as stored.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredCheckpoint {
        /// Leaves.
        pub size: i64,
        /// The size that it extends; each size is extended once.
        pub previous: i64,
        /// The root.
        pub root: Vec<u8>,
        /// The signed note.
        pub note: String,
        /// When it was signed, in microseconds.
        pub at: i64,
    }
}

impl FromRow for StoredEntry {
    fn from_row(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            entry: AuditEntry {
                id: AuditEventId::from_uuid(row.get("id")?),
                at: Timestamp::from_micros(row.get("at")?),
                schema_version: row.get("schema_version")?,
                kind: row.get("kind")?,
                outcome: row.get("outcome")?,
                actor: RecordedActor { kind: row.get("actor_kind")?, id: row.get("actor_id")? },
                subject: row.get::<Option<Uuid>>("subject")?.map(AccountId::from_uuid),
                client: row.get("client")?,
                session: row.get::<Option<Uuid>>("session")?.map(SessionId::from_uuid),
                family: row.get::<Option<Uuid>>("family")?.map(FamilyId::from_uuid),
                request: row.get("request")?,
                reason: row.get("reason")?,
                facts: row.get("facts")?,
                sealed: row.get("sealed")?,
                once_key: row.get("once_key")?,
            },
            leaf_hash: row.get("leaf_hash")?,
            leaf_index: row.get("leaf_index")?,
        })
    }
}

impl ReadTx<'_> {
    /// One entry.
    pub async fn audit_entry(&mut self, id: AuditEventId) -> Result<Option<StoredEntry>, StorageError> {
        query(AUDIT_ENTRY).bind(id.uuid()).fetch_optional(self).await
    }

    /// The entries placed from `start` to before `end`, in order.
    pub async fn audit_entries_between(
        &mut self,
        start: i64,
        end: i64,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        query(AUDIT_ENTRIES_BETWEEN).bind(start).bind(end).fetch_all(self).await
    }

    /// Entries with a place that no checkpoint covers, at most 1,000. There are none unless somebody meddled.
    pub async fn audit_entries_outside(&mut self) -> Result<Vec<StoredEntry>, StorageError> {
        query(AUDIT_ENTRIES_OUTSIDE).fetch_all(self).await
    }

    /// Entries that wait for their place, at most 500, from after `after`.
    pub async fn audit_entries_pending(
        &mut self,
        after: AuditEventId,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        query(AUDIT_ENTRIES_PENDING).bind(after.uuid()).fetch_all(self).await
    }

    /// Entries about `subject` older than `before`, newest first.
    pub async fn audit_entries_of(
        &mut self,
        subject: AccountId,
        before: AuditEventId,
        limit: u16,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        query(AUDIT_ENTRIES_OF_SUBJECT)
            .bind(subject.uuid())
            .bind(before.uuid())
            .bind(i64::from(limit))
            .fetch_all(self)
            .await
    }

    /// The entries that one request left, oldest first.
    pub async fn audit_entries_of_request(
        &mut self,
        request: &str,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        query(AUDIT_ENTRIES_OF_REQUEST).bind(request).fetch_all(self).await
    }

    /// Whether any entry waits for its place.
    pub async fn audit_is_waiting(&mut self) -> Result<bool, StorageError> {
        let waiting: Option<(Uuid,)> = query(AUDIT_WAITING).fetch_optional(self).await?;
        Ok(waiting.is_some())
    }

    /// One tile.
    pub async fn audit_tile(&mut self, level: i64, index: i64) -> Result<Option<StoredTile>, StorageError> {
        query(AUDIT_TILE).bind(level).bind(index).fetch_optional(self).await
    }

    /// The next tiles of `level` from `index` on, at most 100.
    pub async fn audit_tiles_from(
        &mut self,
        level: i64,
        index: i64,
    ) -> Result<Vec<StoredTile>, StorageError> {
        query(AUDIT_TILES_FROM).bind(level).bind(index).fetch_all(self).await
    }

    /// The newest checkpoint.
    pub async fn audit_head(&mut self) -> Result<Option<StoredCheckpoint>, StorageError> {
        query(AUDIT_HEAD).fetch_optional(self).await
    }

    /// The next checkpoints after the one of `size`, at most 1,000.
    pub async fn audit_checkpoints_after(
        &mut self,
        size: i64,
    ) -> Result<Vec<StoredCheckpoint>, StorageError> {
        query(AUDIT_CHECKPOINTS_AFTER).bind(size).fetch_all(self).await
    }
}

impl WriteTx<'_> {
    /// Gives up to `limit` waiting entries their places from `size` on. Returns places and hashes, in order.
    pub async fn place_audit_entries(
        &mut self,
        size: i64,
        limit: i64,
    ) -> Result<Vec<(i64, Vec<u8>)>, StorageError> {
        let mut placed: Vec<(i64, Vec<u8>)> =
            query(PLACE_AUDIT_ENTRIES).bind(size).bind(limit).fetch_all(self).await?;
        placed.sort_unstable();
        Ok(placed)
    }

    /// Keeps a tile in place of its narrower self.
    pub async fn put_audit_tile(&mut self, tile: &StoredTile) -> Result<(), StorageError> {
        query(PUT_AUDIT_TILE).bind(tile.level).bind(tile.tile_index).bind(&tile.hashes).execute(self).await?;
        Ok(())
    }

    /// Keeps a checkpoint. Fails where its predecessor was extended already.
    pub async fn insert_audit_checkpoint(
        &mut self,
        checkpoint: &StoredCheckpoint,
    ) -> Result<(), StorageError> {
        query(INSERT_AUDIT_CHECKPOINT)
            .bind(checkpoint.size)
            .bind(checkpoint.previous)
            .bind(&checkpoint.root)
            .bind(&checkpoint.note)
            .bind(checkpoint.at)
            .execute(self)
            .await?;
        Ok(())
    }
}
