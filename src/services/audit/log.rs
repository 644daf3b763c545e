//! The log as its keeper sees it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::base::entropy::random_bytes;
use crate::base::{Clock, Entropy};
use crate::crypto::Keyring;
use crate::crypto::transparency::{
    Checkpoint, CheckpointError, MissingTile, NodeHash, NoteError, NoteSigner, ProofError, TileId, Tiles,
    VerifierKey, tiles_for,
};
use crate::storage::{Db, ReadTx, StorageError, StoredCheckpoint};

/// What no caller can mend.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A tile that the tree needs is not there: `khue audit verify` tells more.
    #[error("the audit log is damaged: {0}")]
    Tile(#[from] MissingTile),
    /// The newest checkpoint does not hold: `khue audit verify` tells more.
    #[error("the audit log is damaged: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// Something asked of the tree lies outside it.
    #[error("the audit log is damaged: {0}")]
    Proof(#[from] ProofError),
    /// The name of the log cannot be that of a signing key.
    #[error("the audit log cannot be signed: {0}")]
    Signer(#[from] NoteError),
    /// Places were not given one after the other.
    #[error("the audit log is damaged: the places after {size} are not consecutive")]
    Places {
        /// Entries integrated before.
        size: u64,
    },
}

/// The keeper of the log: integrates and publishes it.
pub struct AuditLog {
    pub(super) db: Arc<Db>,
    pub(super) signer: NoteSigner,
    pub(super) clock: Arc<dyn Clock>,
    /// Tells this process from others when they compete for the integration.
    pub(super) node: [u8; 16],
}

impl AuditLog {
    /// The log that is called `origin` in its checkpoints.
    pub fn new(
        db: Arc<Db>,
        keyring: &Keyring,
        origin: &str,
        clock: Arc<dyn Clock>,
        entropy: &dyn Entropy,
    ) -> Result<Self, AuditError> {
        let signer = keyring.audit_signer(origin)?;
        Ok(Self { db, signer, clock, node: random_bytes(entropy) })
    }

    /// The key that checkpoints are verified with: what auditors are given.
    pub const fn verifier(&self) -> &VerifierKey {
        self.signer.verifier()
    }
}

/// The newest checkpoint, opened.
pub(super) async fn head(
    tx: &mut ReadTx<'_>,
    key: &VerifierKey,
) -> Result<Option<(Checkpoint, StoredCheckpoint)>, AuditError> {
    let Some(stored) = tx.audit_head().await? else { return Ok(None) };
    let checkpoint = Checkpoint::open(&stored.note, key)?;
    if i64::try_from(checkpoint.size).ok() != Some(stored.size) {
        return Err(CheckpointError::Malformed.into());
    }
    Ok(Some((checkpoint, stored)))
}

/// The hashes over `ranges`, read from the stored tiles.
pub(super) async fn hashes(tx: &mut ReadTx<'_>, ranges: &[Range<u64>]) -> Result<Vec<NodeHash>, AuditError> {
    Ok(load(tx, tiles_for(ranges)).await?.hashes(ranges)?)
}

async fn load(tx: &mut ReadTx<'_>, ids: BTreeSet<TileId>) -> Result<Tiles, AuditError> {
    let mut tiles = Tiles::default();
    for id in ids {
        tiles.insert(id, tile(tx, id).await?.ok_or(MissingTile(id))?);
    }
    Ok(tiles)
}

/// One stored tile.
pub(super) async fn tile(tx: &mut ReadTx<'_>, id: TileId) -> Result<Option<Vec<NodeHash>>, AuditError> {
    let Ok(index) = i64::try_from(id.index) else { return Ok(None) };
    let stored = tx.audit_tile(i64::from(id.level), index).await?;
    Ok(stored.and_then(|tile| NodeHash::many(&tile.hashes)))
}
