//! Those who wait for the next commit.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::StorageError;
use crate::domain::audit::SealedEvent;

/// The group that gathers.
#[derive(Default)]
pub(super) struct Gathering(Mutex<Group>);

/// Those who share a commit.
pub(super) struct Group {
    /// What they recorded.
    pub recorded: Vec<SealedEvent>,
    ending: watch::Sender<Ending>,
}

/// One of them, waiting.
pub(super) struct Member(watch::Receiver<Ending>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Open,
    Durable,
    Lost,
}

impl Default for Group {
    fn default() -> Self {
        Self { recorded: Vec::new(), ending: watch::channel(Ending::Open).0 }
    }
}

impl Gathering {
    /// Joins, with what is to be recorded.
    pub(super) fn join(&self, recorded: impl IntoIterator<Item = SealedEvent>) -> Member {
        let mut group = self.lock();
        group.recorded.extend(recorded);
        Member(group.ending.subscribe())
    }

    /// Whoever has come so far. The next one begins another group.
    pub(super) fn take(&self) -> Group {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Group> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Group {
    /// Tells everybody how it ended.
    pub(super) fn end(self, is_durable: bool) {
        self.ending.send_replace(if is_durable { Ending::Durable } else { Ending::Lost });
    }
}

impl Member {
    /// Waits until what was written is durable.
    pub(super) async fn durable(mut self) -> Result<(), StorageError> {
        match self.0.wait_for(|ending| *ending != Ending::Open).await.as_deref() {
            Ok(Ending::Durable) => Ok(()),
            _ => Err(StorageError::NotCommitted),
        }
    }
}
