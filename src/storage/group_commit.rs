//! One writer for SQLite that makes everything that is waiting durable with a single flush.
//!
//! Writers queue at a fair lock. Each runs inside a savepoint of the transaction that is open, and then waits for the
//! commit. The committer queues at the same lock behind whoever came before it, so a group is exactly what was waiting:
//! one write alone commits at once, a hundred share one flush. An answer leaves only after its commit.

use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{Mutex, Notify, watch};

use super::{StorageError, WriteTx};

/// The queue before the one writing connection.
pub(super) struct GroupCommit {
    writer: Arc<Mutex<Writer>>,
    something_to_commit: Arc<Notify>,
}

struct Writer {
    connection: SqliteConnection,
    /// The open transaction, and those who wait to hear how it ended.
    group: Option<watch::Sender<Ending>>,
    /// A savepoint is open. Found set by the next writer, it means that the last one was dropped halfway.
    job_open: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Open,
    Durable,
    Lost,
}

impl GroupCommit {
    pub(super) async fn open(options: &SqliteConnectOptions) -> Result<Self, StorageError> {
        let writer = Writer { connection: options.connect().await?, group: None, job_open: false };
        let group_commit = Self { writer: Arc::new(Mutex::new(writer)), something_to_commit: Arc::default() };
        tokio::spawn(commit_groups(
            Arc::downgrade(&group_commit.writer),
            Arc::clone(&group_commit.something_to_commit),
        ));
        Ok(group_commit)
    }

    pub(super) async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T, E>,
        E: From<StorageError>,
    {
        let mut writer = self.writer.lock().await;
        let mut ending = writer.open_job().await?;
        let outcome = job(&mut WriteTx::sqlite(&mut writer.connection)).await;
        let closed = match outcome {
            Ok(_) => writer.keep_job().await,
            Err(_) => writer.undo_job().await,
        };
        drop(writer);
        self.something_to_commit.notify_one();
        closed?;
        let value = outcome?;
        match ending.wait_for(|ending| *ending != Ending::Open).await.as_deref() {
            Ok(Ending::Durable) => Ok(value),
            _ => Err(StorageError::NotCommitted.into()),
        }
    }
}

impl Drop for GroupCommit {
    fn drop(&mut self) {
        self.something_to_commit.notify_one();
    }
}

async fn commit_groups(writer: std::sync::Weak<Mutex<Writer>>, something_to_commit: Arc<Notify>) {
    loop {
        something_to_commit.notified().await;
        let Some(writer) = writer.upgrade() else { return };
        let mut writer = writer.lock().await;
        writer.commit().await;
    }
}

impl Writer {
    async fn open_job(&mut self) -> Result<watch::Receiver<Ending>, StorageError> {
        if self.job_open {
            self.undo_job().await?;
        }
        let ending = match &self.group {
            Some(group) => group.subscribe(),
            None => self.begin().await?,
        };
        self.job_open = true;
        self.execute("SAVEPOINT job").await?;
        Ok(ending)
    }

    async fn begin(&mut self) -> Result<watch::Receiver<Ending>, StorageError> {
        if self.execute("BEGIN IMMEDIATE").await.is_err() {
            // A writer that was dropped while it began leaves a transaction nobody owns.
            let _ = self.execute("ROLLBACK").await;
            self.execute("BEGIN IMMEDIATE").await?;
        }
        let (group, ending) = watch::channel(Ending::Open);
        self.group = Some(group);
        Ok(ending)
    }

    async fn keep_job(&mut self) -> Result<(), StorageError> {
        self.execute("RELEASE job").await?;
        self.job_open = false;
        Ok(())
    }

    async fn undo_job(&mut self) -> Result<(), StorageError> {
        // Where a dropped writer never opened its savepoint, or had closed it, there is nothing to undo.
        if self.execute("ROLLBACK TO job").await.is_ok() {
            self.execute("RELEASE job").await?;
        }
        self.job_open = false;
        Ok(())
    }

    async fn commit(&mut self) {
        if self.job_open && self.undo_job().await.is_err() {
            self.lose().await;
            return;
        }
        let Some(group) = self.group.take() else { return };
        match self.execute("COMMIT").await {
            Ok(()) => drop(group.send(Ending::Durable)),
            Err(_) => {
                self.group = Some(group);
                self.lose().await;
            }
        }
    }

    async fn lose(&mut self) {
        let _ = self.execute("ROLLBACK").await;
        if let Some(group) = self.group.take() {
            let _ = group.send(Ending::Lost);
        }
    }

    async fn execute(&mut self, sql: &'static str) -> Result<(), StorageError> {
        sqlx::query(sql).execute(&mut self.connection).await?;
        Ok(())
    }
}
