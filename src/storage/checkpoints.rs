//! Carrying SQLite's log into its file, beside the writer and not in its way.
//!
//! Left to itself, the writer does it whenever the log has grown long, and everybody queues behind that.

use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::StorageError;

/// Long enough that a page which many writes change is carried once, short enough that little waits.
const EVERY: Duration = Duration::from_millis(200);

/// Carries what it can without making anybody wait.
const CARRY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The task; it ends when this is dropped.
pub(super) struct Checkpoints(AbortHandle);

impl Checkpoints {
    pub(super) async fn start(options: &SqliteConnectOptions) -> Result<Self, StorageError> {
        Ok(Self(tokio::spawn(carry(options.connect().await?)).abort_handle()))
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn carry(mut connection: SqliteConnection) {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    turns.tick().await;
    loop {
        turns.tick().await;
        // What fails here (another process is at it) is done at the next turn, or by the writer in the end.
        let _ = sqlx::query(CARRY).execute(&mut connection).await;
    }
}
