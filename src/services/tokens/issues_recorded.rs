//! Which issues this process has put on record this minute.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::Timestamp;

/// How many are remembered at most. Past that a record is offered again, and the log's unique key refuses it.
const PLACES: usize = 10_000;

/// Remembers what was recorded in the present minute, so that the next thousand issues ask no database.
#[derive(Default)]
pub struct IssuesRecorded(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    begin: Option<Timestamp>,
    recorded: HashSet<String>,
}

impl IssuesRecorded {
    /// Whether `what` was recorded in the minute that began at `begin`; `false` says nothing.
    pub(super) fn knows(&self, begin: Timestamp, what: &str) -> bool {
        let minute = self.lock();
        minute.begin == Some(begin) && minute.recorded.contains(what)
    }

    /// `what` stands on record now.
    pub(super) fn remember(&self, begin: Timestamp, what: String) {
        let mut minute = self.lock();
        if minute.begin != Some(begin) || minute.recorded.len() >= PLACES {
            *minute = Minute { begin: Some(begin), recorded: HashSet::new() };
        }
        minute.recorded.insert(what);
    }

    fn lock(&self) -> MutexGuard<'_, Minute> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_is_known_for_its_minute_alone() {
        let recorded = IssuesRecorded::default();
        let [first, second] = [60, 120].map(Timestamp::from_seconds);
        assert!(!recorded.knows(first, "a"));
        recorded.remember(first, "a".to_owned());
        assert!(recorded.knows(first, "a"));
        assert!(!recorded.knows(second, "a"));
        recorded.remember(second, "b".to_owned());
        assert!(!recorded.knows(second, "a"));
    }

    #[test]
    fn memory_stays_flat() {
        let recorded = IssuesRecorded::default();
        let begin = Timestamp::from_seconds(60);
        for number in 0..3 * PLACES {
            recorded.remember(begin, number.to_string());
        }
        assert!(recorded.lock().recorded.len() <= PLACES);
    }
}
