//! One writer for SQLite that makes everything that is waiting durable with a single flush.
//!
//! Writers queue at a fair lock. Each runs inside a savepoint of the group's transaction, and then waits for the commit.
//! The committer queues at the same lock behind whoever came before it, so a group is exactly what was waiting: one write
//! alone commits at once, a hundred share one flush. An answer leaves only after its commit.

use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{Mutex, Notify, watch};

use super::lane::Place;
use super::progress::{Job, Progress};
use super::recorded::Around;
use super::{StorageError, WriteTx};
use crate::domain::audit::SealedEvent;

/// The queue before the one writing connection.
pub(super) struct GroupCommit {
    writer: Arc<Mutex<Writer>>,
    something_to_commit: Arc<Notify>,
}

struct Writer {
    connection: SqliteConnection,
    /// Those who wait to hear how the transaction ended.
    group: Option<watch::Sender<Ending>>,
    progress: Progress,
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
            progress: Progress::NotBegun,
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
        let outcome = job(&mut writer.tx(Job::Apart, &mut recorded)).await;
        let closed = match outcome {
            Ok(_) => {
                writer.progress.keep();
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
        let mut recorded = Vec::new();
        let outcome = statement(&mut writer.tx(Job::Alone, &mut recorded)).await;
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
    fn tx<'w>(&'w mut self, job: Job, recorded: &'w mut Vec<SealedEvent>) -> WriteTx<'w> {
        let place = Place { progress: &mut self.progress, job };
        WriteTx::sqlite(&mut self.connection, Some(place), recorded)
    }

    /// Joins the group that gathers, or begins one.
    async fn join(&mut self) -> Result<watch::Receiver<Ending>, StorageError> {
        self.undo_what_was_dropped().await?;
        if let Some(group) = &self.group {
            return Ok(group.subscribe());
        }
        let (group, ending) = watch::channel(Ending::Open);
        self.group = Some(group);
        self.progress = Progress::NotBegun;
        Ok(ending)
    }

    async fn undo_what_was_dropped(&mut self) -> Result<(), StorageError> {
        if self.group.is_some() { self.undo_job().await } else { Ok(()) }
    }

    /// Takes back what the last job wrote. Where that fails, its savepoint was never opened, or the engine gave the whole
    /// transaction up (a full disk): then whoever is in it must hear so, and not that the next commit went well.
    async fn undo_job(&mut self) -> Result<(), StorageError> {
        let name = match self.progress {
            Progress::NotBegun | Progress::Begun | Progress::Empty(_) | Progress::Done(_) => return Ok(()),
            Progress::Beginning => {
                // Refused where it was never opened, and then there is nothing to take back.
                let _ = self.execute("ROLLBACK").await;
                self.progress = Progress::NotBegun;
                return Ok(());
            }
            Progress::UnderWay(name) => name,
        };
        if self.execute(name.undo()).await.is_ok() {
            self.progress = Progress::Empty(name);
            return Ok(());
        }
        let there = self.execute("RELEASE base; SAVEPOINT base").await;
        match there {
            Ok(()) => self.progress = Progress::Begun,
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
        let begun = self.progress != Progress::NotBegun;
        match (recorded.is_empty(), begun) {
            (false, _) => {
                let around = Around { opens: !begun, commits: true };
                WriteTx::sqlite(&mut self.connection, None, &mut Vec::new())
                    .write_recorded(recorded, around)
                    .await
            }
            (true, true) => self.execute("COMMIT").await,
            (true, false) => Ok(()),
        }
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
