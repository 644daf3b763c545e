//! One writer for SQLite that makes everything that is waiting durable with a single flush.
//!
//! Writers queue at a fair lock. Each runs inside a savepoint of the transaction that is open, and then waits for the
//! commit. The committer queues at the same lock behind whoever came before it, so a group is exactly what was waiting:
//! one write alone commits at once, a hundred share one flush. An answer leaves only after its commit.

use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{Mutex, Notify, watch};

use super::savepoint::Savepoint;
use super::{StorageError, WriteTx};
use crate::domain::audit::SealedEvent;

/// The queue before the one writing connection.
pub(super) struct GroupCommit {
    writer: Arc<Mutex<Writer>>,
    something_to_commit: Arc<Notify>,
}

struct Writer {
    connection: SqliteConnection,
    /// The open transaction, and those who wait to hear how it ended.
    group: Option<watch::Sender<Ending>>,
    savepoint: Savepoint,
    /// What the jobs of the group recorded: written with the commit.
    recorded: Vec<SealedEvent>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Open,
    Durable,
    Lost,
}

impl GroupCommit {
    pub(super) async fn open(options: &SqliteConnectOptions) -> Result<Self, StorageError> {
        let writer = Writer {
            connection: options.connect().await?,
            group: None,
            savepoint: Savepoint::Absent,
            recorded: Vec::new(),
        };
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
        let wake = Wake(&self.something_to_commit);
        let mut writer = self.writer.lock().await;
        let ending = writer.join().await?;
        let mut recorded = Vec::new();
        let outcome = job(&mut writer.apart(&mut recorded)).await;
        let closed = match outcome {
            Ok(_) => {
                writer.savepoint.keep();
                writer.recorded.append(&mut recorded);
                Ok(())
            }
            Err(_) => writer.undo_job().await,
        };
        drop(writer);
        drop(wake);
        closed?;
        let value = outcome?;
        durable(ending).await?;
        Ok(value)
    }

    /// Like [`write`](Self::write), for a job that is one statement, or one event: the engine does that wholly or not at all, and no
    /// savepoint is needed.
    pub(super) async fn write_one<T, F>(&self, statement: F) -> Result<T, StorageError>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T, StorageError>,
    {
        let wake = Wake(&self.something_to_commit);
        let mut writer = self.writer.lock().await;
        let ending = writer.join().await?;
        // The next job must not undo this statement with its own.
        writer.savepoint.keep();
        let mut recorded = Vec::new();
        let outcome = statement(&mut writer.alone(&mut recorded)).await;
        if outcome.is_ok() {
            writer.recorded.append(&mut recorded);
        }
        drop(writer);
        drop(wake);
        let value = outcome?;
        durable(ending).await?;
        Ok(value)
    }
}

/// Wakes the committer when dropped, also where its writer is given up halfway: a transaction that nobody ends keeps
/// every other process from writing.
struct Wake<'a>(&'a Notify);

impl Drop for Wake<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

async fn durable(mut ending: watch::Receiver<Ending>) -> Result<(), StorageError> {
    match ending.wait_for(|ending| *ending != Ending::Open).await.as_deref() {
        Ok(Ending::Durable) => Ok(()),
        _ => Err(StorageError::NotCommitted),
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
    /// For a job: what it writes can be taken back.
    fn apart<'w>(&'w mut self, recorded: &'w mut Vec<SealedEvent>) -> WriteTx<'w> {
        WriteTx::sqlite(&mut self.connection, Some(&mut self.savepoint), recorded)
    }

    /// For one statement.
    fn alone<'w>(&'w mut self, recorded: &'w mut Vec<SealedEvent>) -> WriteTx<'w> {
        WriteTx::sqlite(&mut self.connection, None, recorded)
    }

    /// Joins the open transaction, or opens one.
    async fn join(&mut self) -> Result<watch::Receiver<Ending>, StorageError> {
        self.undo_what_was_dropped().await?;
        match &self.group {
            Some(group) => Ok(group.subscribe()),
            None => self.begin().await,
        }
    }

    async fn undo_what_was_dropped(&mut self) -> Result<(), StorageError> {
        if self.group.is_some() { self.undo_job().await } else { Ok(()) }
    }

    async fn begin(&mut self) -> Result<watch::Receiver<Ending>, StorageError> {
        const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT base";
        if self.execute(BEGIN).await.is_err() {
            // A writer that was dropped while it began leaves a transaction nobody owns.
            let _ = self.execute("ROLLBACK").await;
            self.execute(BEGIN).await?;
        }
        let (group, ending) = watch::channel(Ending::Open);
        self.group = Some(group);
        self.savepoint = Savepoint::Absent;
        Ok(ending)
    }

    /// Takes back what the last job wrote. Where that fails, its savepoint was never opened, or the engine gave the whole
    /// transaction up (a full disk): then whoever is in it must hear so, and not that the next commit went well.
    async fn undo_job(&mut self) -> Result<(), StorageError> {
        let Savepoint::UnderWay(name) = self.savepoint else { return Ok(()) };
        if self.execute(name.undo()).await.is_ok() {
            self.savepoint = Savepoint::Empty(name);
            return Ok(());
        }
        let there = self.execute("RELEASE base; SAVEPOINT base").await;
        match there {
            Ok(()) => self.savepoint = Savepoint::Absent,
            Err(_) => self.lose().await,
        }
        there
    }

    async fn commit(&mut self) {
        if self.undo_what_was_dropped().await.is_err() {
            return;
        }
        let Some(group) = self.group.take() else { return };
        match self.record_and_commit().await {
            Ok(()) => drop(group.send(Ending::Durable)),
            Err(_) => {
                self.group = Some(group);
                self.lose().await;
            }
        }
    }

    async fn record_and_commit(&mut self) -> Result<(), StorageError> {
        let recorded = std::mem::take(&mut self.recorded);
        self.alone(&mut Vec::new()).write_recorded(&recorded).await?;
        self.execute("COMMIT").await
    }

    async fn lose(&mut self) {
        self.recorded.clear();
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
