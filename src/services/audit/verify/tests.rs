//! Every way of rewriting a log, found and named.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::*;
use crate::base::ids::AuditEventId;
use crate::crypto::transparency::{
    Checkpoint, NodeHash, NoteSigner, TILE_WIDTH, TileId, TreeGrowth, VerifierKey, leaf_hash,
};
use crate::storage::StoredCheckpoint;

const SIZE: u64 = 700;

fn id(number: u64) -> AuditEventId {
    AuditEventId::from_uuid(Uuid::from_u64_pair(7, number))
}

fn seen(index: i64, number: u64) -> Seen {
    Seen { index, id: id(number), hash: leaf_hash(&number.to_be_bytes()) }
}

fn signer() -> NoteSigner {
    NoteSigner::from_seed("id.example/audit", &[7; 32]).unwrap()
}

/// A log with a checkpoint every hundred entries.
#[derive(Clone)]
struct Log {
    entries: Vec<Seen>,
    tiles: BTreeMap<TileId, Vec<NodeHash>>,
    checkpoints: Vec<StoredCheckpoint>,
}

impl Log {
    fn new() -> Self {
        let entries = (0..SIZE).map(|n| seen(i64::try_from(n).unwrap(), n)).collect();
        Self::signed(entries, &signer())
    }

    fn signed(entries: Vec<Seen>, signer: &NoteSigner) -> Self {
        let mut growth = TreeGrowth::default();
        let mut checkpoints = Vec::new();
        for entry in &entries {
            growth.push(entry.hash);
            if growth.size().is_multiple_of(100) {
                checkpoints.push(head(&growth, signer));
            }
        }
        Self { entries, tiles: growth.into_changed(), checkpoints }
    }

    /// Makes the tiles fit the entries as they stand now.
    fn rewrite_tiles(&mut self) {
        self.tiles = Self::signed(self.entries.clone(), &signer()).tiles;
    }

    fn number(&mut self) {
        (0..).zip(&mut self.entries).for_each(|(place, entry)| entry.index = place);
    }

    fn verify(&self) -> Vec<Finding> {
        self.verify_with(signer().verifier(), &[]).findings
    }

    fn verify_with(&self, key: &VerifierKey, known: &[String]) -> Report {
        let mut heads = Heads::new(key);
        self.checkpoints.iter().for_each(|stored| heads.take(stored));
        known.iter().for_each(|note| heads.take_known(note));
        let mut verifier = LogVerifier::new(heads);
        let size = verifier.size();
        let (inside, outside): (Vec<Seen>, Vec<Seen>) =
            self.entries.iter().partition(|entry| (0..i64::try_from(size).unwrap()).contains(&entry.index));
        for number in 0..size.div_ceil(TILE_WIDTH) {
            let within = |entry: &&Seen| entry.index as u64 / TILE_WIDTH == number;
            let entries: Vec<Seen> = inside.iter().filter(within).copied().collect();
            let tile = self.tiles.get(&TileId { level: 0, index: number }).cloned().unwrap_or_default();
            verifier.segment(number, &tile, &entries);
        }
        outside.into_iter().for_each(|stray| verifier.stray(stray));
        verifier.finish(&self.tiles)
    }
}

fn head(growth: &TreeGrowth, signer: &NoteSigner) -> StoredCheckpoint {
    let (size, root) = (growth.size(), growth.root().unwrap());
    let note = Checkpoint { origin: "id.example/audit".into(), size, root }.sign(signer).unwrap();
    let size = i64::try_from(size).unwrap();
    StoredCheckpoint { size, previous: size - 100, root: root.bytes().to_vec(), note, at: 0 }
}

#[test]
fn an_untouched_log_is_clean() {
    let report = Log::new().verify_with(signer().verifier(), &[]);
    assert_eq!(report, Report { size: SIZE, checkpoints: 7, pending: 0, findings: vec![] });
}

#[test]
fn a_changed_entry_is_named() {
    let mut log = Log::new();
    log.entries[345].hash = leaf_hash(b"rewritten");
    assert_eq!(log.verify(), [Finding::EntryChanged { index: 345, id: id(345) }]);
}

#[test]
fn several_changes_are_each_named() {
    let mut log = Log::new();
    log.entries[3].hash = leaf_hash(b"rewritten");
    log.entries[650].hash = leaf_hash(b"rewritten too");
    log.entries.remove(400);
    let findings = log.verify();
    assert_eq!(
        findings,
        [
            Finding::EntryChanged { index: 3, id: id(3) },
            Finding::EntryChanged { index: 650, id: id(650) },
            Finding::EntriesMissing { first: 400, last: 400 },
        ]
    );
}

#[test]
fn a_removed_entry_is_named() {
    let mut log = Log::new();
    log.entries.remove(345);
    assert_eq!(log.verify(), [Finding::EntriesMissing { first: 345, last: 345 }]);
    log.entries.drain(10..20);
    assert_eq!(
        log.verify(),
        [Finding::EntriesMissing { first: 10, last: 19 }, Finding::EntriesMissing { first: 345, last: 345 }]
    );
}

#[test]
fn an_entry_removed_and_the_gap_closed_is_named() {
    let mut log = Log::new();
    log.entries.remove(345);
    log.number();
    assert_eq!(
        log.verify(),
        [
            Finding::EntriesMissing { first: 345, last: 345 },
            Finding::EntriesShifted { first: 346, last: 699, by: -1 },
        ]
    );
}

#[test]
fn swapped_entries_are_named() {
    let mut log = Log::new();
    log.entries.swap(12, 620);
    log.number();
    let swapped = Finding::EntriesSwapped { first: 12, first_id: id(620), second: 620, second_id: id(12) };
    assert_eq!(log.verify(), [swapped]);
}

#[test]
fn neighbours_swapped_are_named() {
    let mut log = Log::new();
    log.entries.swap(12, 13);
    log.number();
    let swapped = Finding::EntriesSwapped { first: 12, first_id: id(13), second: 13, second_id: id(12) };
    assert_eq!(log.verify(), [swapped]);
}

#[test]
fn an_added_entry_is_named() {
    let mut log = Log::new();
    log.entries.push(seen(700, 9_999));
    assert_eq!(log.verify(), [Finding::EntryAdded { index: 700, id: id(9_999) }]);
}

#[test]
fn an_entry_added_in_the_middle_is_named() {
    let mut log = Log::new();
    log.entries.insert(345, seen(345, 9_999));
    log.number();
    assert_eq!(
        log.verify(),
        [
            Finding::EntryAdded { index: 345, id: id(9_999) },
            Finding::EntriesShifted { first: 345, last: 699, by: 1 },
        ]
    );
}

#[test]
fn an_entry_added_beside_another_is_named() {
    let mut log = Log::new();
    log.entries.insert(345, seen(345, 9_999));
    let findings = log.verify();
    assert!(findings.contains(&Finding::EntryAdded { index: 345, id: id(9_999) }), "{findings:?}");
    assert_eq!(findings.len(), 1);
}

#[test]
fn an_entry_changed_together_with_the_tiles_is_found_between_its_checkpoints() {
    let mut log = Log::new();
    log.entries[345].hash = leaf_hash(b"rewritten");
    log.rewrite_tiles();
    assert_eq!(log.verify(), [Finding::HistoryForged { after: 300, up_to: 400 }]);
}

#[test]
fn an_entry_changed_together_with_its_tile_alone_shows_in_the_tile_above() {
    let mut log = Log::new();
    log.entries[345].hash = leaf_hash(b"rewritten");
    log.tiles.get_mut(&TileId { level: 0, index: 1 }).unwrap()[89] = leaf_hash(b"rewritten");
    assert_eq!(
        log.verify(),
        [
            Finding::HistoryForged { after: 300, up_to: 400 },
            Finding::TileDamaged { tile: TileId { level: 1, index: 0 } },
        ]
    );
}

#[test]
fn a_damaged_tile_is_not_blamed_on_its_entries() {
    for damage in [
        |tile: &mut Vec<NodeHash>| tile[5] = leaf_hash(b"damage"),
        |tile: &mut Vec<NodeHash>| tile.truncate(5),
        |tile: &mut Vec<NodeHash>| tile.clear(),
        |tile: &mut Vec<NodeHash>| tile.swap(5, 6),
    ] {
        for tile in [TileId { level: 0, index: 1 }, TileId { level: 0, index: 2 }] {
            let mut log = Log::new();
            damage(log.tiles.get_mut(&tile).unwrap());
            assert_eq!(log.verify(), [Finding::TileDamaged { tile }]);
        }
    }
    let mut log = Log::new();
    let tile = TileId { level: 1, index: 0 };
    log.tiles.get_mut(&tile).unwrap()[1] = leaf_hash(b"damage");
    assert_eq!(log.verify(), [Finding::TileDamaged { tile }]);
    log.tiles.remove(&tile);
    assert_eq!(log.verify(), [Finding::TileDamaged { tile }]);
}

#[test]
fn a_damaged_tile_and_a_changed_entry_of_another_range_are_told_apart() {
    let mut log = Log::new();
    log.tiles.get_mut(&TileId { level: 0, index: 0 }).unwrap()[5] = leaf_hash(b"damage");
    log.entries[345].hash = leaf_hash(b"rewritten");
    assert_eq!(
        log.verify(),
        [
            Finding::EntryChanged { index: 345, id: id(345) },
            Finding::TileDamaged { tile: TileId { level: 0, index: 0 } },
        ]
    );
}

#[test]
fn an_entry_and_its_tile_both_lost_are_named() {
    let mut log = Log::new();
    log.tiles.remove(&TileId { level: 0, index: 1 });
    log.entries.remove(300);
    let findings = log.verify();
    assert!(findings.contains(&Finding::EntriesMissing { first: 300, last: 300 }), "{findings:?}");
    assert!(findings.contains(&Finding::TileDamaged { tile: TileId { level: 0, index: 1 } }));
    assert!(findings.contains(&Finding::HistoryForged { after: 300, up_to: 400 }));
}

#[test]
fn a_history_signed_by_another_key_is_not_signed_at_all() {
    let log = Log::signed(Log::new().entries, &NoteSigner::from_seed("id.example/audit", &[8; 32]).unwrap());
    let findings = log.verify();
    assert!(findings.contains(&Finding::NothingSigned));
    assert!(matches!(findings.first(), Some(Finding::CheckpointForged { size: 100, .. })));
}

#[test]
fn a_changed_or_removed_checkpoint_is_named() {
    let mut log = Log::new();
    log.checkpoints[2].note = log.checkpoints[2].note.replace("\n300\n", "\n301\n");
    assert!(matches!(log.verify().as_slice(), [Finding::CheckpointForged { size: 300, .. }]));

    let mut log = Log::new();
    log.checkpoints[2].root = vec![0; 32];
    assert_eq!(log.verify(), [Finding::CheckpointChanged { size: 300 }]);

    let mut log = Log::new();
    log.checkpoints.remove(2);
    assert_eq!(log.verify(), [Finding::CheckpointMissing { size: 400, previous: 300 }]);
}

#[test]
fn a_log_cut_short_is_found_by_whoever_kept_a_checkpoint() {
    let whole = Log::new();
    let kept = whole.checkpoints[6].note.clone();
    let mut log = whole.clone();
    log.entries.truncate(600);
    log.checkpoints.truncate(6);
    log.rewrite_tiles();
    assert_eq!(log.verify(), []);
    let report = log.verify_with(signer().verifier(), &[kept]);
    assert_eq!(report.findings, [Finding::LogTruncated { known: 700, size: 600 }]);
}

#[test]
fn a_log_rewritten_by_the_holder_of_the_key_is_found_by_whoever_kept_a_checkpoint() {
    let kept = Log::new().checkpoints[2].note.clone();
    let mut forged = Log::new();
    forged.entries[45].hash = leaf_hash(b"rewritten");
    let forged = Log::signed(forged.entries, &signer());
    assert_eq!(forged.verify(), []);
    let report = forged.verify_with(signer().verifier(), &[kept]);
    assert_eq!(report.findings, [Finding::SplitView { size: 300 }]);
}

#[test]
fn every_single_change_of_every_entry_is_found() {
    let log = Log::new();
    for place in (0..SIZE as usize).step_by(13) {
        let mut changed = log.clone();
        changed.entries[place].hash = leaf_hash(b"rewritten");
        let expected = Finding::EntryChanged { index: place as u64, id: id(place as u64) };
        assert_eq!(changed.verify(), [expected]);
    }
}
