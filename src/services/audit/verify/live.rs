//! Verification of the log in a database, also while it is being written.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::finding::{Finding, Report};
use super::heads::Heads;
use super::verifier::{LogVerifier, Seen};
use crate::base::ids::AuditEventId;
use crate::crypto::transparency::{NodeHash, TILE_WIDTH, TileId, VerifierKey, leaf_hash};
use crate::storage::{Db, ReadTx, StorageError, StoredEntry};

/// Verifies the log in `db` against `key`, and against checkpoints that were `known` before.
pub async fn verify_live(db: &Db, key: &VerifierKey, known: &[String]) -> Result<Report, StorageError> {
    let mut tx = db.read().await?;
    let mut verifier = LogVerifier::new(heads(&mut tx, key, known).await?);
    let size = verifier.size();
    for number in 0..size.div_ceil(TILE_WIDTH) {
        let tile = read_tile(&mut tx, TileId { level: 0, index: number }).await?;
        let (start, end) = (number * TILE_WIDTH, ((number + 1) * TILE_WIDTH).min(size));
        let entries = tx.audit_entries_between(as_stored(start), as_stored(end)).await?;
        let seen: Vec<Seen> = entries.iter().filter_map(as_seen).collect();
        let offset = |seen: &Seen| usize::try_from(seen.index.saturating_sub_unsigned(start)).ok();
        for (stored, seen) in entries.iter().zip(&seen) {
            // The stored hash is what was integrated. Where the columns still lead to it, it was changed by itself.
            let in_tree = offset(seen).and_then(|offset| tile.get(offset)) == Some(&seen.hash);
            if in_tree && stored.leaf_hash != seen.hash.bytes() {
                verifier.found(Finding::StoredHashChanged { id: seen.id, index: Some(seen.index) });
            }
        }
        verifier.segment(number, &tile, &seen);
    }
    for stray in tx.audit_entries_outside().await?.iter().filter_map(as_seen) {
        verifier.stray(stray);
    }
    pending(&mut tx, &mut verifier).await?;
    let above = upper_tiles(&mut tx, size).await?;
    Ok(verifier.finish(&above))
}

async fn heads<'k>(
    tx: &mut ReadTx<'_>,
    key: &'k VerifierKey,
    known: &[String],
) -> Result<Heads<'k>, StorageError> {
    let mut heads = Heads::new(key);
    let mut after = i64::MIN;
    loop {
        let page = tx.audit_checkpoints_after(after).await?;
        let Some(last) = page.last() else { break };
        after = last.size;
        page.iter().for_each(|stored| heads.take(stored));
    }
    known.iter().for_each(|note| heads.take_known(note));
    Ok(heads)
}

async fn pending(tx: &mut ReadTx<'_>, verifier: &mut LogVerifier) -> Result<(), StorageError> {
    let mut after = AuditEventId::from_uuid(Uuid::nil());
    loop {
        let page = tx.audit_entries_pending(after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.entry.id;
        for stored in &page {
            verifier.waiting();
            if stored.leaf_hash != leaf_hash(&stored.entry.to_leaf()).bytes() {
                verifier.found(Finding::StoredHashChanged { id: stored.entry.id, index: None });
            }
        }
    }
}

async fn upper_tiles(
    tx: &mut ReadTx<'_>,
    size: u64,
) -> Result<BTreeMap<TileId, Vec<NodeHash>>, StorageError> {
    let mut tiles = BTreeMap::new();
    for id in TileId::all_at(size).filter(|id| id.level > 0) {
        tiles.insert(id, read_tile(tx, id).await?);
    }
    Ok(tiles)
}

async fn read_tile(tx: &mut ReadTx<'_>, id: TileId) -> Result<Vec<NodeHash>, StorageError> {
    let stored = tx.audit_tile(i64::from(id.level), as_stored(id.index)).await?;
    Ok(stored.and_then(|tile| NodeHash::many(&tile.hashes)).unwrap_or_default())
}

fn as_seen(stored: &StoredEntry) -> Option<Seen> {
    let hash = leaf_hash(&stored.entry.to_leaf());
    stored.leaf_index.map(|index| Seen { index, id: stored.entry.id, hash })
}

fn as_stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
