//! Verification of an exported log, with nothing but the file and the public key.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::finding::{Finding, Report};
use super::heads::Heads;
use super::verifier::{LogVerifier, Seen};
use crate::crypto::transparency::{Checkpoint, NodeHash, TileId, VerifierKey, leaf_hash};
use crate::services::audit::bundle::{FORMAT, Line};
use crate::storage::StoredCheckpoint;

/// Verifies the exported log that `from` reads against `key`, and against checkpoints that were `known` before.
pub fn verify_bundle(from: impl BufRead, key: &VerifierKey, known: &[String]) -> io::Result<Report> {
    let mut reading = Reading::new(key);
    for (number, line) in (1u64..).zip(from.split(b'\n')) {
        reading.line(number, &line?);
    }
    known.iter().for_each(|note| reading.heads.take_known(note));
    Ok(reading.finish())
}

/// The file as far as it was read. It is read whole before anything is judged, but of each entry only its hash is kept.
struct Reading<'k> {
    heads: Heads<'k>,
    segments: Vec<Segment>,
    above: BTreeMap<TileId, Vec<NodeHash>>,
    findings: Vec<Finding>,
}

struct Segment {
    number: u64,
    tile: Vec<NodeHash>,
    entries: Vec<Seen>,
}

impl<'k> Reading<'k> {
    fn new(key: &'k VerifierKey) -> Self {
        Self { heads: Heads::new(key), segments: Vec::new(), above: BTreeMap::new(), findings: Vec::new() }
    }

    fn line(&mut self, number: u64, line: &[u8]) {
        let read = serde_json::from_slice(line).ok().and_then(|line| self.take(number, line));
        if read.is_none() {
            self.findings.push(Finding::LineUnreadable { line: number });
        }
    }

    /// `None` where the line is not what may stand there.
    fn take(&mut self, number: u64, line: Line) -> Option<()> {
        match line {
            Line::Header { format, .. } => (number == 1 && format == FORMAT).then_some(()),
            Line::Checkpoint { previous, size, note } => {
                let root = claimed_root(&note);
                self.heads.take(&StoredCheckpoint { size, previous, root, note, at: 0 });
                Some(())
            }
            Line::Tile { level, index, hashes } => {
                let hashes = NodeHash::many(&STANDARD.decode(hashes).ok()?)?;
                if level == 0 {
                    self.segments.push(Segment { number: index, tile: hashes, entries: Vec::new() });
                } else {
                    self.above.insert(TileId { level, index }, hashes);
                }
                Some(())
            }
            Line::Entry { index, entry } => {
                let seen = Seen { index, id: entry.id, hash: leaf_hash(&entry.to_leaf()) };
                self.segments.last_mut()?.entries.push(seen);
                Some(())
            }
        }
    }

    fn finish(self) -> Report {
        let mut verifier = LogVerifier::new(self.heads);
        self.findings.into_iter().for_each(|finding| verifier.found(finding));
        for Segment { number, tile, entries } in &self.segments {
            verifier.segment(*number, tile, entries);
        }
        verifier.finish(&self.above)
    }
}

/// The file has no column beside the note: the root is the one it states, signed or not.
fn claimed_root(note: &str) -> Vec<u8> {
    let text = note.find("\n\n").and_then(|end| note.get(..=end)).unwrap_or_default();
    Checkpoint::parse(text).map(|claimed| claimed.root.bytes().to_vec()).unwrap_or_default()
}
