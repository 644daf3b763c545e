//! What the committer is called for.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Calls from several sides. Those that come while it is busy are one.
#[derive(Default)]
pub(super) struct Calls {
    called: Notify,
    has_rest: AtomicBool,
}

impl Calls {
    /// Somebody waits for a commit.
    pub(super) fn commit(&self) {
        self.called.notify_one();
    }

    /// Little of the log is left to be carried into the file.
    pub(super) fn carry_the_rest(&self) {
        self.has_rest.store(true, Ordering::Relaxed);
        self.called.notify_one();
    }

    /// Waits for the next call.
    pub(super) async fn next(&self) {
        self.called.notified().await;
    }

    /// Whether the rest of the log is to be carried; it counts as done then.
    pub(super) fn take_rest(&self) -> bool {
        self.has_rest.swap(false, Ordering::Relaxed)
    }
}
