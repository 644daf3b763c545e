//! The root of a growing list in logarithmic memory.

use super::hash::{NodeHash, empty_root, node_hash};

/// Takes leaf hashes one by one and knows the root at every size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accumulator {
    size: u64,
    /// Roots of the complete subtrees from left to right, one for each set bit of `size`.
    peaks: Vec<NodeHash>,
}

impl Accumulator {
    /// Takes the next leaf.
    pub fn push(&mut self, leaf: NodeHash) {
        let mut node = leaf;
        // Each trailing one bit of the size is a complete subtree as tall as the node at hand: they merge.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(left, node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// How many leaves were taken.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over all of them.
    pub fn root(&self) -> NodeHash {
        let mut peaks = self.peaks.iter().rev().copied();
        match peaks.next() {
            None => empty_root(),
            Some(smallest) => peaks.fold(smallest, |right, left| node_hash(left, right)),
        }
    }
}
