//! The exported log: one file, a JSON document a line, in the order in which it is verified.
//!
//! First the header, then every checkpoint by size, then each tile of level 0 followed by its entries, at last the tiles
//! above. `docs/audit.md` describes it for those who write their own verifier.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::log::{AuditError, head};
use super::seal::seal;
use crate::base::{Entropy, Timestamp};
use crate::crypto::transparency::{NodeHash, TILE_WIDTH, TileId, VerifierKey};
use crate::domain::audit::{Actor, AuditEntry, AuditEvent, Event};
use crate::storage::{Db, ReadTx, StorageError, StoredCheckpoint};

/// Names the file's form and version.
pub const FORMAT: &str = "khue-audit-export/1";

/// One line of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// The first.
    Header {
        /// [`FORMAT`].
        format: String,
        /// The log's public key as the log tells it. Whoever verifies brings his own.
        key: String,
        /// Entries.
        size: u64,
    },
    /// A checkpoint.
    Checkpoint {
        /// The size that it extends.
        previous: i64,
        /// Its size.
        size: i64,
        /// The signed note.
        note: String,
    },
    /// A tile.
    Tile {
        /// 0 holds the hashes of entries.
        level: u8,
        /// Its place in the level.
        index: u64,
        /// The hashes side by side, in base64.
        hashes: String,
    },
    /// An entry.
    Entry {
        /// Its place.
        index: i64,
        /// Its columns.
        entry: Box<AuditEntry>,
    },
}

/// Why an export was not finished.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The log.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The file.
    #[error("the file cannot be written: {0}")]
    File(#[from] io::Error),
}

impl From<StorageError> for ExportError {
    fn from(error: StorageError) -> Self {
        Self::Audit(error.into())
    }
}

/// Writes the log up to its newest checkpoint, and records that it was done. Returns the number of entries.
pub async fn export(
    db: &Db,
    key: &VerifierKey,
    now: Timestamp,
    entropy: &dyn Entropy,
    to: &mut (impl Write + ?Sized),
) -> Result<u64, ExportError> {
    let mut tx = db.read().await?;
    let size = head(&mut tx, key).await?.map_or(0, |(checkpoint, _)| checkpoint.size);
    // Recorded first: an export that nobody knows of must not exist.
    let exported = AuditEvent::new(now, entropy, Actor::Operator, Event::AuditExported { size });
    let event = seal(AuditEntry::new(&exported, None));
    db.record(&event).await?;
    put(to, &Line::Header { format: FORMAT.to_owned(), key: key.to_string(), size })?;
    checkpoints(&mut tx, size, to).await?;
    for id in TileId::all_at(size) {
        tile(&mut tx, id, size, to).await?;
        if id.level == 0 {
            let (start, end) = (id.index * TILE_WIDTH, ((id.index + 1) * TILE_WIDTH).min(size));
            for stored in tx.audit_entries_between(as_stored(start), as_stored(end)).await? {
                let index = stored.leaf_index.unwrap_or(-1);
                put(to, &Line::Entry { index, entry: Box::new(stored.entry) })?;
            }
        }
    }
    to.flush()?;
    Ok(size)
}

async fn checkpoints(
    tx: &mut ReadTx<'_>,
    size: u64,
    to: &mut (impl Write + ?Sized),
) -> Result<(), ExportError> {
    let mut after = i64::MIN;
    loop {
        let page = tx.audit_checkpoints_after(after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.size;
        for StoredCheckpoint { size: own, previous, note, .. } in page {
            if own > as_stored(size) {
                return Ok(());
            }
            put(to, &Line::Checkpoint { previous, size: own, note })?;
        }
    }
}

async fn tile(
    tx: &mut ReadTx<'_>,
    id: TileId,
    size: u64,
    to: &mut (impl Write + ?Sized),
) -> Result<(), ExportError> {
    let TileId { level, index } = id;
    let stored = tx.audit_tile(i64::from(level), as_stored(index)).await?;
    let width = usize::try_from(id.width_at(size)).unwrap_or(usize::MAX).saturating_mul(NodeHash::LENGTH);
    let hashes = stored.map(|tile| tile.hashes).unwrap_or_default();
    let hashes = STANDARD.encode(hashes.get(..width).unwrap_or(&hashes));
    put(to, &Line::Tile { level, index, hashes })
}

fn put(to: &mut (impl Write + ?Sized), line: &Line) -> Result<(), ExportError> {
    let text = serde_json::to_string(line).map_err(io::Error::from)?;
    Ok(writeln!(to, "{text}")?)
}

fn as_stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
