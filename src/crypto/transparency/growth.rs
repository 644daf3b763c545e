//! Appending: the right edge of the tiles, and what changed.

use std::collections::BTreeMap;

use super::hash::NodeHash;
use super::tile::{TILE_WIDTH, TileId};
use super::tiles::{MissingTile, Tiles, fold, tiles_for};

/// A tree that grows at its right edge; it holds one unfinished tile a level.
#[derive(Clone, Debug, Default)]
pub struct TreeGrowth {
    size: u64,
    /// The unfinished tile of each level.
    edge: Vec<Vec<NodeHash>>,
    changed: BTreeMap<TileId, Vec<NodeHash>>,
}

impl TreeGrowth {
    /// The unfinished tiles of a tree of `size` leaves: what [`TreeGrowth::resume`] needs.
    pub fn edge_of(size: u64) -> impl Iterator<Item = TileId> {
        (0..8u8).filter_map(move |level| {
            let nodes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
            (!nodes.is_multiple_of(TILE_WIDTH)).then_some(TileId { level, index: nodes / TILE_WIDTH })
        })
    }

    /// Goes on where a tree of `size` leaves stands. Tiles may hold more than the size says; the rest is cut off.
    pub fn resume(
        size: u64,
        mut tile: impl FnMut(TileId) -> Option<Vec<NodeHash>>,
    ) -> Result<Self, MissingTile> {
        let mut growth = Self { size, ..Self::default() };
        for id in Self::edge_of(size) {
            let width = usize::try_from(id.width_at(size)).unwrap_or(usize::MAX);
            let mut hashes = tile(id).filter(|hashes| hashes.len() >= width).ok_or(MissingTile(id))?;
            hashes.truncate(width);
            growth.edge.resize_with(usize::from(id.level) + 1, Vec::new);
            if let Some(level) = growth.edge.get_mut(usize::from(id.level)) {
                *level = hashes;
            }
        }
        Ok(growth)
    }

    /// Appends one leaf.
    pub fn push(&mut self, leaf: NodeHash) {
        let mut node = Some(leaf);
        let mut level = 0;
        while let Some(hash) = node.take() {
            if self.edge.len() <= level {
                self.edge.resize_with(level + 1, Vec::new);
            }
            let above = u32::try_from(level).unwrap_or(u32::MAX).saturating_mul(8);
            let place = self.size.checked_shr(above).unwrap_or(0) / TILE_WIDTH;
            let id = TileId { level: u8::try_from(level).unwrap_or(u8::MAX), index: place };
            if let Some(tile) = self.edge.get_mut(level) {
                tile.push(hash);
                if tile.len() as u64 == TILE_WIDTH {
                    let full = std::mem::take(tile);
                    node = fold(&full);
                    self.changed.insert(id, full);
                }
            }
            level += 1;
        }
        self.size += 1;
    }

    /// How many leaves the tree has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over all of them.
    pub fn root(&self) -> Result<NodeHash, MissingTile> {
        let whole = 0..self.size;
        let mut tiles = Tiles::default();
        for id in tiles_for(std::slice::from_ref(&whole)) {
            let at_edge = self.edge.get(usize::from(id.level)).filter(|tile| !tile.is_empty());
            let tile = at_edge.or_else(|| self.changed.get(&id)).ok_or(MissingTile(id))?;
            tiles.insert(id, tile.clone());
        }
        tiles.hash(whole)
    }

    /// The tiles that differ from where the growth began, finished and unfinished, to be stored.
    pub fn into_changed(mut self) -> BTreeMap<TileId, Vec<NodeHash>> {
        for (level, tile) in self.edge.into_iter().enumerate().filter(|(_, tile)| !tile.is_empty()) {
            let above = u32::try_from(level).unwrap_or(u32::MAX).saturating_mul(8);
            let index = self.size.checked_shr(above).unwrap_or(0) / TILE_WIDTH;
            self.changed.insert(TileId { level: u8::try_from(level).unwrap_or(u8::MAX), index }, tile);
        }
        self.changed
    }
}
