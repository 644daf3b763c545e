//! Integration: recorded entries get their places in the tree, and the new head is signed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::log::{AuditError, AuditLog, head, tile};
use crate::crypto::transparency::{Checkpoint, NodeHash, TileId, TreeGrowth};
use crate::storage::{StoredCheckpoint, StoredTile, WriteTx};

/// Entries integrated in one write: few enough that nobody waits long behind it.
const BATCH: i64 = 128;
/// How long another node waits before it takes over from one that went away.
const LEASE: Duration = Duration::from_secs(5);

/// What a round of integration did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrated {
    /// Nothing was waiting.
    Nothing,
    /// Another node is at it.
    Elsewhere,
    /// Entries were integrated; `size` is the tree's new size.
    UpTo {
        /// Leaves.
        size: u64,
        /// Whether more may be waiting.
        more: bool,
    },
}

impl AuditLog {
    /// Integrates what waits, batch by batch, until nothing does.
    pub async fn integrate(&self) -> Result<Integrated, AuditError> {
        let mut outcome = Integrated::Nothing;
        while self.db.read().await?.audit_is_waiting().await? {
            outcome = self.integrate_batch().await?;
            if !matches!(outcome, Integrated::UpTo { more: true, .. }) {
                break;
            }
        }
        Ok(outcome)
    }

    /// Integrates one batch: places, tiles and checkpoint in one write.
    ///
    /// The lease keeps nodes from working against each other; that the log cannot fork does not rest on it but on the
    /// schema: a place is given once, and a checkpoint is extended once.
    pub async fn integrate_batch(&self) -> Result<Integrated, AuditError> {
        self.db
            .write(async |tx| {
                if tx.take_lease("audit integration", &self.node, self.clock.now(), LEASE).await? {
                    self.extend(tx).await
                } else {
                    Ok(Integrated::Elsewhere)
                }
            })
            .await
    }

    async fn extend(&self, tx: &mut WriteTx<'_>) -> Result<Integrated, AuditError> {
        // A checkpoint that somebody replaced must not be extended: opening it checks our signature.
        let old = head(tx, self.verifier()).await?.map_or(0, |(checkpoint, _)| checkpoint.size);
        let first = i64::try_from(old).map_err(|_| AuditError::Places { size: old })?;
        let placed = tx.place_audit_entries(first, BATCH).await?;
        if placed.is_empty() {
            return Ok(Integrated::Nothing);
        }
        let mut edge = BTreeMap::new();
        for id in TreeGrowth::edge_of(old) {
            edge.insert(id, tile(tx, id).await?);
        }
        let mut growth = TreeGrowth::resume(old, |id| edge.remove(&id).flatten())?;
        for ((place, hash), expected) in placed.iter().zip(first..) {
            let hash = NodeHash::from_slice(hash).filter(|_| *place == expected);
            growth.push(hash.ok_or(AuditError::Places { size: old })?);
        }
        let checkpoint = Checkpoint {
            origin: self.verifier().name().to_owned(),
            size: growth.size(),
            root: growth.root()?,
        };
        self.keep(tx, first, &checkpoint, growth).await?;
        let more = i64::try_from(placed.len()).is_ok_and(|count| count == BATCH);
        Ok(Integrated::UpTo { size: checkpoint.size, more })
    }

    async fn keep(
        &self,
        tx: &mut WriteTx<'_>,
        previous: i64,
        checkpoint: &Checkpoint,
        growth: TreeGrowth,
    ) -> Result<(), AuditError> {
        for (TileId { level, index }, hashes) in growth.into_changed() {
            let tile = StoredTile {
                level: i64::from(level),
                tile_index: i64::try_from(index).map_err(|_| AuditError::Places { size: checkpoint.size })?,
                hashes: hashes.iter().flat_map(|hash| hash.bytes()).collect(),
            };
            tx.put_audit_tile(&tile).await?;
        }
        let stored = StoredCheckpoint {
            size: i64::try_from(checkpoint.size).map_err(|_| AuditError::Places { size: checkpoint.size })?,
            previous,
            root: checkpoint.root.bytes().to_vec(),
            note: checkpoint.sign(&self.signer)?,
            at: self.clock.now().micros(),
        };
        Ok(tx.insert_audit_checkpoint(&stored).await?)
    }
}
