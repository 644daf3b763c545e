//! What anybody may fetch: the newest checkpoint, tiles, proofs. Hashes only; entries stay inside.

use super::log::{AuditError, AuditLog, hashes, head, tile};
use crate::crypto::transparency::{NodeHash, TilePath, consistency_ranges, inclusion_ranges};

/// A tile as it is served (C2SP tlog-tiles).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishedTile {
    /// Its hashes, side by side. They never change.
    Hashes(Vec<u8>),
    /// The log has no such tile, or not that wide.
    Absent,
}

/// The proof that one tree is the beginning of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// The hashes (RFC 9162 §2.1.4).
    Proof(Vec<NodeHash>),
    /// Not two sizes of this log in order.
    OutOfRange {
        /// Its present size.
        size: u64,
    },
}

/// The proof that a leaf is in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// The hashes (RFC 9162 §2.1.3).
    Proof(Vec<NodeHash>),
    /// Not a place in a tree of this log.
    OutOfRange {
        /// Its present size.
        size: u64,
    },
}

impl AuditLog {
    /// The newest checkpoint, a signed note; none before the first entry.
    pub async fn checkpoint(&self) -> Result<Option<String>, AuditError> {
        let mut tx = self.db.read().await?;
        Ok(head(&mut tx, self.verifier()).await?.map(|(_, stored)| stored.note))
    }

    /// The tile at `path` (what follows `tile/`), full or as wide as asked for.
    pub async fn tile(&self, path: &str) -> Result<PublishedTile, AuditError> {
        let Some(path) = TilePath::parse(path) else { return Ok(PublishedTile::Absent) };
        let mut tx = self.db.read().await?;
        // C2SP tlog-tiles: only what a checkpoint covers is served.
        if path.id.width_at(size(self, &mut tx).await?) < path.width {
            return Ok(PublishedTile::Absent);
        }
        let hashes = tile(&mut tx, path.id).await?.unwrap_or_default();
        let width = usize::try_from(path.width).unwrap_or(usize::MAX);
        Ok(match hashes.get(..width) {
            Some(hashes) => PublishedTile::Hashes(hashes.iter().flat_map(|hash| hash.bytes()).collect()),
            None => PublishedTile::Absent,
        })
    }

    /// Proves that the log of `old` entries is the beginning of the one of `new` entries.
    pub async fn consistency(&self, old: u64, new: u64) -> Result<Consistency, AuditError> {
        let mut tx = self.db.read().await?;
        let size = size(self, &mut tx).await?;
        match consistency_ranges(old, new) {
            Ok(ranges) if new <= size => Ok(Consistency::Proof(hashes(&mut tx, &ranges).await?)),
            _ => Ok(Consistency::OutOfRange { size }),
        }
    }

    /// Proves that the leaf at `index` is in the log of `within` entries.
    pub async fn inclusion(&self, index: u64, within: u64) -> Result<Inclusion, AuditError> {
        let mut tx = self.db.read().await?;
        let size = size(self, &mut tx).await?;
        match inclusion_ranges(index, within) {
            Ok(ranges) if within <= size => Ok(Inclusion::Proof(hashes(&mut tx, &ranges).await?)),
            _ => Ok(Inclusion::OutOfRange { size }),
        }
    }
}

async fn size(log: &AuditLog, tx: &mut crate::storage::ReadTx<'_>) -> Result<u64, AuditError> {
    Ok(head(tx, log.verifier()).await?.map_or(0, |(checkpoint, _)| checkpoint.size))
}
