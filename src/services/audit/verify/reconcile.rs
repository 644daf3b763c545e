//! From hashes that differ to what was done: changed, removed, swapped, moved, added.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::finding::Finding;
use super::verifier::Seen;
use crate::base::ids::AuditEventId;
use crate::crypto::transparency::NodeHash;

/// The places whose entry is not the expected one, and the entries found that were not expected where they stand.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub expected: Vec<(u64, NodeHash)>,
    pub found: Vec<Seen>,
    pub lost: Runs,
}

/// Places as runs, so that a missing million is one finding.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<Range<u64>>);

impl Runs {
    pub(super) fn push(&mut self, place: u64) {
        self.extend_run(place..place + 1);
    }

    pub(super) fn extend_run(&mut self, run: Range<u64>) {
        match self.0.last_mut() {
            Some(last) if last.end == run.start => last.end = run.end,
            _ if run.is_empty() => {}
            _ => self.0.push(run),
        }
    }

    /// In order, neighbours joined.
    fn joined(mut self) -> Vec<Range<u64>> {
        self.0.sort_unstable_by_key(|run| run.start);
        let mut joined = Self::default();
        self.0.into_iter().for_each(|run| joined.extend_run(run));
        joined.0
    }
}

/// An entry that is the expected one of another place.
#[derive(Clone, Copy)]
struct Moved {
    id: AuditEventId,
    from: u64,
    to: i64,
}

impl Differences {
    pub(super) fn reconcile(self) -> Vec<Finding> {
        let mut homes: HashMap<NodeHash, BTreeSet<u64>> = HashMap::new();
        for (place, hash) in &self.expected {
            homes.entry(*hash).or_default().insert(*place);
        }
        let mut unmet: BTreeMap<u64, NodeHash> = self.expected.into_iter().collect();
        let (mut moved, mut unknown) = (Vec::new(), Vec::new());
        for seen in self.found {
            match homes.get_mut(&seen.hash).and_then(BTreeSet::pop_first) {
                Some(from) => {
                    unmet.remove(&from);
                    moved.push(Moved { id: seen.id, from, to: seen.index });
                }
                None => unknown.push(seen),
            }
        }
        let mut findings = Vec::new();
        for Seen { index, id, .. } in unknown {
            // Where the expected entry stands elsewhere, this one was put in its place; where it stands nowhere, this
            // one is what it was made into.
            let changed = u64::try_from(index).ok().filter(|place| unmet.remove(place).is_some());
            findings.push(match changed {
                Some(index) => Finding::EntryChanged { index, id },
                None => Finding::EntryAdded { index, id },
            });
        }
        let mut missing = self.lost;
        unmet.into_keys().for_each(|place| missing.push(place));
        findings.extend(
            missing
                .joined()
                .into_iter()
                .map(|run| Finding::EntriesMissing { first: run.start, last: run.end - 1 }),
        );
        findings.extend(moves(moved));
        findings
    }
}

fn moves(mut moved: Vec<Moved>) -> Vec<Finding> {
    // An entry in its own place was only met out of order.
    moved.retain(|entry| i64::try_from(entry.from) != Ok(entry.to));
    moved.sort_unstable_by_key(|entry| entry.to);
    let by_place: BTreeMap<i64, Moved> = moved.iter().map(|entry| (entry.to, *entry)).collect();
    let mut findings = Vec::new();
    let mut run: Vec<Moved> = Vec::new();
    for entry in moved {
        let other = i64::try_from(entry.from).ok().and_then(|from| by_place.get(&from));
        if let Some(other) = other.filter(|other| i64::try_from(other.from) == Ok(entry.to)) {
            if entry.to < other.to {
                findings.push(Finding::EntriesSwapped {
                    first: other.from,
                    first_id: entry.id,
                    second: entry.from,
                    second_id: other.id,
                });
            }
            continue;
        }
        if run.last().is_some_and(|last| last.from + 1 != entry.from || last.to + 1 != entry.to) {
            findings.extend(closed(&run));
            run.clear();
        }
        run.push(entry);
    }
    findings.extend(closed(&run));
    findings
}

fn closed(run: &[Moved]) -> Option<Finding> {
    match run {
        [] => None,
        [Moved { id, from, to }] => Some(Finding::EntryMoved { id: *id, from: *from, to: *to }),
        [first, .., last] => Some(Finding::EntriesShifted {
            first: first.from,
            last: last.from,
            by: first.to.saturating_sub_unsigned(first.from),
        }),
    }
}
