//! The signed heads that a log is held against.

use std::collections::BTreeMap;

use super::finding::Finding;
use crate::crypto::transparency::{Checkpoint, NodeHash, VerifierKey};
use crate::storage::StoredCheckpoint;

/// Checkpoints that the key signed, and what is wrong with the others.
#[derive(Debug)]
pub struct Heads<'k> {
    key: &'k VerifierKey,
    roots: BTreeMap<u64, NodeHash>,
    last: i64,
    known: Vec<Checkpoint>,
    findings: Vec<Finding>,
}

impl<'k> Heads<'k> {
    /// None yet.
    pub const fn new(key: &'k VerifierKey) -> Self {
        Self { key, roots: BTreeMap::new(), last: 0, known: Vec::new(), findings: Vec::new() }
    }

    /// Takes a checkpoint of the log, in order of size.
    pub fn take(&mut self, stored: &StoredCheckpoint) {
        let size = stored.size;
        if stored.previous != self.last {
            self.findings.push(Finding::CheckpointMissing { size, previous: stored.previous });
        }
        self.last = size;
        match Checkpoint::open(&stored.note, self.key) {
            Err(why) => self.findings.push(Finding::CheckpointForged { size, why }),
            Ok(signed) => {
                if i64::try_from(signed.size) != Ok(size) || signed.root.bytes() != *stored.root {
                    self.findings.push(Finding::CheckpointChanged { size });
                }
                self.sign(signed.size, signed.root);
            }
        }
    }

    /// Takes a checkpoint that was kept elsewhere: the log must still contain what it signed.
    pub fn take_known(&mut self, note: &str) {
        match Checkpoint::open(note, self.key) {
            Err(why) => self.findings.push(Finding::CheckpointForged { size: -1, why }),
            Ok(known) => self.known.push(known),
        }
    }

    fn sign(&mut self, size: u64, root: NodeHash) {
        if *self.roots.entry(size).or_insert(root) != root {
            self.findings.push(Finding::SplitView { size });
        }
    }

    /// Every size with its signed root, in order, and the findings so far.
    pub(super) fn finish(mut self) -> (BTreeMap<u64, NodeHash>, Vec<Finding>) {
        let size = self.roots.last_key_value().map_or(0, |(size, _)| *size);
        if size == 0 {
            self.findings.push(Finding::NothingSigned);
        }
        for known in std::mem::take(&mut self.known) {
            if known.size > size {
                self.findings.push(Finding::LogTruncated { known: known.size, size });
            } else {
                self.sign(known.size, known.root);
            }
        }
        self.roots.remove(&0);
        (self.roots, self.findings)
    }
}
