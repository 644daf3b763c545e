//! Hashes of ranges, read from tiles.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::hash::{NodeHash, empty_root, node_hash};
use super::tile::{TILE_HEIGHT, TILE_WIDTH, TileId};

/// A hash was asked for whose tile is absent or too narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tile at level {}, index {} is missing or too narrow", .0.level, .0.index)]
pub struct MissingTile(pub TileId);

/// Some tiles of one tree.
#[derive(Clone, Debug, Default)]
pub struct Tiles(BTreeMap<TileId, Vec<NodeHash>>);

impl Tiles {
    /// Takes a tile in.
    pub fn insert(&mut self, id: TileId, hashes: Vec<NodeHash>) {
        self.0.insert(id, hashes);
    }

    /// The hash over the leaves of `range`, which starts at a multiple of the largest power of two below its length
    /// (as every range of a proof does).
    pub fn hash(&self, range: Range<u64>) -> Result<NodeHash, MissingTile> {
        match Part::of(&range) {
            Part::Nothing => Ok(empty_root()),
            Part::Subtree { height, index } => self.subtree(height, index),
            Part::Split(middle) => {
                Ok(node_hash(self.hash(range.start..middle)?, self.hash(middle..range.end)?))
            }
        }
    }

    /// The hashes over several ranges: a proof.
    pub fn hashes(&self, ranges: &[Range<u64>]) -> Result<Vec<NodeHash>, MissingTile> {
        ranges.iter().map(|range| self.hash(range.clone())).collect()
    }

    fn subtree(&self, height: u32, index: u64) -> Result<NodeHash, MissingTile> {
        let (id, span) = place(height, index);
        let nodes = self.0.get(&id).and_then(|tile| tile.get(span)).ok_or(MissingTile(id))?;
        fold(nodes).ok_or(MissingTile(id))
    }
}

/// The tiles that must be at hand to hash `ranges`.
pub fn tiles_for(ranges: &[Range<u64>]) -> BTreeSet<TileId> {
    let mut tiles = BTreeSet::new();
    let mut open: Vec<Range<u64>> = ranges.to_vec();
    while let Some(range) = open.pop() {
        match Part::of(&range) {
            Part::Nothing => {}
            Part::Subtree { height, index } => {
                tiles.insert(place(height, index).0);
            }
            Part::Split(middle) => open.extend([range.start..middle, middle..range.end]),
        }
    }
    tiles
}

/// The root over a power of two of nodes.
pub(super) fn fold(nodes: &[NodeHash]) -> Option<NodeHash> {
    match nodes {
        [] => None,
        [one] => Some(*one),
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            Some(node_hash(fold(left)?, fold(right)?))
        }
    }
}

/// How a range is hashed: RFC 9162 §2.1.1 splits at the largest power of two below its length.
enum Part {
    Nothing,
    Subtree { height: u32, index: u64 },
    Split(u64),
}

impl Part {
    fn of(range: &Range<u64>) -> Self {
        let length = range.end.saturating_sub(range.start);
        if length == 0 {
            return Self::Nothing;
        }
        let height = length.ilog2();
        if length.is_power_of_two() {
            return Self::Subtree { height, index: range.start >> height };
        }
        Self::Split(range.start + (1 << height))
    }
}

/// Where a complete subtree lies: its tile and the nodes in it that it spans.
fn place(height: u32, index: u64) -> (TileId, Range<usize>) {
    let above = height % TILE_HEIGHT;
    let first = index << above;
    let start = usize::try_from(first % TILE_WIDTH).unwrap_or(usize::MAX);
    let id =
        TileId { level: u8::try_from(height / TILE_HEIGHT).unwrap_or(u8::MAX), index: first / TILE_WIDTH };
    (id, start..start.saturating_add(1 << above))
}
