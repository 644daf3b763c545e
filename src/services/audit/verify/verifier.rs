//! Entries and tiles against the signed heads, in one pass and little memory.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Report};
use super::heads::Heads;
use super::reconcile::Differences;
use crate::base::ids::AuditEventId;
use crate::crypto::transparency::{Accumulator, NodeHash, TILE_WIDTH, TileId, TreeGrowth, empty_root};

/// An entry that was found, its hash computed anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The place in which it stands.
    pub index: i64,
    /// Its id.
    pub id: AuditEventId,
    /// The hash of its columns.
    pub hash: NodeHash,
}

/// One place: what the tile says, and what stands there.
#[derive(Clone, Copy)]
struct Slot {
    tile: Option<NodeHash>,
    entry: Option<Seen>,
}

/// Which of the two leads to the signed root.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    Tiles,
    Entries,
}

/// Holds a log against its signed heads. Fed tile by tile from the left, then the tiles above.
pub struct LogVerifier {
    heads: BTreeMap<u64, NodeHash>,
    report: Report,
    /// Everything up to the last head that was judged.
    good: Accumulator,
    /// The places since then.
    open: Vec<Slot>,
    /// A head could not be reached by any reading: none after it can.
    broken: bool,
    /// The hashes within the present tile, and those above level 0.
    tile: Accumulator,
    above: TreeGrowth,
    next_segment: u64,
    damaged: BTreeSet<TileId>,
    differences: Differences,
}

impl LogVerifier {
    /// Holds a log against `heads`.
    pub fn new(heads: Heads<'_>) -> Self {
        let (heads, findings) = heads.finish();
        let size = heads.last_key_value().map_or(0, |(size, _)| *size);
        let report = Report { size, checkpoints: heads.len() as u64, pending: 0, findings };
        Self {
            heads,
            report,
            good: Accumulator::default(),
            open: Vec::new(),
            broken: false,
            tile: Accumulator::default(),
            above: TreeGrowth::default(),
            next_segment: 0,
            damaged: BTreeSet::new(),
            differences: Differences::default(),
        }
    }

    /// How many entries the newest head covers.
    pub const fn size(&self) -> u64 {
        self.report.size
    }

    /// Takes tile `number` of level 0 and the entries that stand in its places.
    pub fn segment(&mut self, number: u64, tile: &[NodeHash], entries: &[Seen]) {
        while self.next_segment < number && self.segment_start(self.next_segment) < self.report.size {
            self.settle(&[], &[]);
        }
        if self.next_segment == number {
            self.settle(tile, entries);
        } else {
            // Twice the same, or beyond the end: what stands here was not expected.
            self.differences.found.extend_from_slice(entries);
        }
    }

    /// Takes an entry that stands in no place of the log.
    pub fn stray(&mut self, entry: Seen) {
        self.differences.found.push(entry);
    }

    /// Adds what was found elsewhere.
    pub fn found(&mut self, finding: Finding) {
        self.report.findings.push(finding);
    }

    /// Counts an entry that waits for its place.
    pub fn waiting(&mut self) {
        self.report.pending += 1;
    }

    const fn segment_start(&self, number: u64) -> u64 {
        number.saturating_mul(TILE_WIDTH)
    }

    fn settle(&mut self, tile: &[NodeHash], entries: &[Seen]) {
        let start = self.segment_start(self.next_segment);
        self.next_segment += 1;
        let width = TILE_WIDTH.min(self.report.size.saturating_sub(start));
        let mut places: BTreeMap<u64, Seen> = BTreeMap::new();
        for seen in entries {
            let place = u64::try_from(seen.index).ok().filter(|place| (start..start + width).contains(place));
            match place.map(|place| places.entry(place)) {
                Some(std::collections::btree_map::Entry::Vacant(free)) => {
                    free.insert(*seen);
                }
                _ => self.differences.found.push(*seen),
            }
        }
        let mut hashes = tile.iter();
        for place in start..start + width {
            self.open.push(Slot { tile: hashes.next().copied(), entry: places.remove(&place) });
            if let Some(root) = self.heads.remove(&(place + 1)) {
                self.judge(root);
            }
        }
    }

    /// A head is reached: which reading of the places since the last one leads to it?
    fn judge(&mut self, root: NodeHash) {
        let slots = std::mem::take(&mut self.open);
        let by_tiles = self.extended(&slots, Trust::Tiles);
        let trust = if by_tiles.root() == root || self.broken {
            Some(Trust::Tiles)
        } else {
            Some(Trust::Entries).filter(|trust| self.extended(&slots, *trust).root() == root)
        };
        let start = self.good.size();
        if trust.is_none() {
            self.broken = true;
            let up_to = start + slots.len() as u64;
            self.report.findings.push(Finding::HistoryForged { after: start, up_to });
        }
        let trust = trust.unwrap_or(Trust::Tiles);
        for (place, slot) in (start..).zip(&slots) {
            self.note(place, *slot, trust);
            let hash = slot.hash(trust);
            self.good.push(hash);
            self.climb(hash);
        }
    }

    fn extended(&self, slots: &[Slot], trust: Trust) -> Accumulator {
        let mut tree = self.good.clone();
        slots.iter().for_each(|slot| tree.push(slot.hash(trust)));
        tree
    }

    fn note(&mut self, place: u64, slot: Slot, trust: Trust) {
        match (slot.tile, slot.entry) {
            (Some(tile), Some(entry)) if tile == entry.hash => {}
            (Some(tile), Some(entry)) if trust == Trust::Tiles => {
                self.differences.expected.push((place, tile));
                self.differences.found.push(entry);
            }
            (Some(tile), None) => self.differences.expected.push((place, tile)),
            (Some(_) | None, Some(_)) => self.damage(0, place / TILE_WIDTH),
            (None, None) => {
                self.damage(0, place / TILE_WIDTH);
                self.differences.lost.push(place);
            }
        }
    }

    fn damage(&mut self, level: u8, index: u64) {
        self.damaged.insert(TileId { level, index });
    }

    /// Each full tile is one hash of the level above.
    fn climb(&mut self, hash: NodeHash) {
        self.tile.push(hash);
        if self.tile.size() == TILE_WIDTH {
            self.above.push(std::mem::take(&mut self.tile).root());
        }
    }

    /// The tiles above level 0 as they must be; `stored` tells what stands there. Then everything is known.
    pub fn finish(mut self, stored: &BTreeMap<TileId, Vec<NodeHash>>) -> Report {
        // Where the end is missing, the last places reach no head: there is only the tile to hold them against.
        for (place, slot) in (self.good.size()..).zip(std::mem::take(&mut self.open)) {
            self.note(place, slot, Trust::Tiles);
        }
        let seen = self.segment_start(self.next_segment).min(self.report.size);
        self.differences.lost.extend_run(seen..self.report.size);
        if seen == self.report.size {
            for (TileId { level, index }, expected) in std::mem::take(&mut self.above).into_changed() {
                let id = TileId { level: level + 1, index };
                let held = stored.get(&id).and_then(|hashes| hashes.get(..expected.len()));
                if held != Some(expected.as_slice()) {
                    self.damaged.insert(id);
                }
            }
        }
        let mut report = self.report;
        report.findings.extend(self.differences.reconcile());
        report.findings.extend(self.damaged.into_iter().map(|tile| Finding::TileDamaged { tile }));
        report
    }
}

impl Slot {
    /// Where both are lost, a hash that leads to no signed root.
    fn hash(&self, trust: Trust) -> NodeHash {
        let entry = self.entry.map(|entry| entry.hash);
        let hash = match trust {
            Trust::Tiles => self.tile.or(entry),
            Trust::Entries => entry.or(self.tile),
        };
        hash.unwrap_or_else(empty_root)
    }
}
