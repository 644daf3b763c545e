//! Transparency-log mathematics: RFC 9162 hashing and proofs, C2SP tiles, signed notes and checkpoints.
//!
//! Pure: nothing here reads a database, a clock or the network.

mod accumulator;
mod checkpoint;
mod growth;
mod hash;
mod note;
mod proof;
mod proof_text;
mod tile;
mod tiles;

pub use accumulator::Accumulator;
pub use checkpoint::{Checkpoint, CheckpointError};
pub use growth::TreeGrowth;
pub use hash::{NodeHash, empty_root, leaf_hash, node_hash};
pub use note::{Note, NoteError, NoteSigner, VerifierKey};
pub use proof::{ProofError, consistency_ranges, inclusion_ranges, verify_consistency, verify_inclusion};
pub use proof_text::{ProofText, ProofTextError};
pub use tile::{TILE_WIDTH, TileId, TilePath};
pub use tiles::{MissingTile, Tiles, tiles_for};

#[cfg(test)]
mod tests;
