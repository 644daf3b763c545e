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
    job: Job,
}

/// What the savepoint of the open transaction holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Job {
    /// Being opened. Found so by the next writer, it means that the last was dropped before it began.
    Opening,
    /// What a writer does right now. Found so by the next one, it means that the last was dropped halfway.
    UnderWay,
    /// What the last writer did, to be committed.
    Done,
    /// Nothing.
    Undone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Open,
    Durable,
    Lost,
}

impl GroupCommit {
    pub(super) async fn open(options: &SqliteConnectOptions) -> Result<Self, StorageError> {
        let writer = Writer { connection: options.connect().await?, group: None, job: Job::Undone };
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
        let ending = writer.open_job().await?;
        let outcome = job(&mut WriteTx::sqlite(&mut writer.connection)).await;
        let closed = match outcome {
            Ok(_) => {
                writer.job = Job::Done;
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

    /// Like [`write`](Self::write), for a job that is one statement: the engine does that wholly or not at all, and no
    /// savepoint is needed.
    pub(super) async fn write_one<T, F>(&self, statement: F) -> Result<T, StorageError>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T, StorageError>,
    {
        let wake = Wake(&self.something_to_commit);
        let mut writer = self.writer.lock().await;
        let ending = writer.join().await?;
        let outcome = statement(&mut WriteTx::sqlite(&mut writer.connection)).await;
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
    /// Opens a savepoint for one job. Every call is a trip to the thread of the connection and back: what belongs
    /// together goes in one.
    async fn open_job(&mut self) -> Result<watch::Receiver<Ending>, StorageError> {
        self.undo_what_was_dropped().await?;
        let Some(ending) = self.group.as_ref().map(watch::Sender::subscribe) else {
            return self.begin().await;
        };
        let opened = match self.job {
            Job::Done => {
                self.job = Job::Opening;
                self.execute("RELEASE job; SAVEPOINT job").await
            }
            // The old savepoint may be gone and the new one may be there: one within the other does no harm.
            Job::Opening => self.execute("SAVEPOINT job").await,
            Job::Undone | Job::UnderWay => Ok(()),
        };
        if opened.is_err() {
            self.lose().await;
        }
        self.job = Job::UnderWay;
        opened.map(|()| ending)
    }

    /// Joins the open transaction for one statement.
    async fn join(&mut self) -> Result<watch::Receiver<Ending>, StorageError> {
        self.undo_what_was_dropped().await?;
        let ending = match &self.group {
            Some(group) => group.subscribe(),
            None => self.begin().await?,
        };
        // The next job must not undo this statement with its own.
        if self.job != Job::Opening {
            self.job = Job::Done;
        }
        Ok(ending)
    }

    async fn undo_what_was_dropped(&mut self) -> Result<(), StorageError> {
        if self.group.is_some() && self.job == Job::UnderWay { self.undo_job().await } else { Ok(()) }
    }

    async fn begin(&mut self) -> Result<watch::Receiver<Ending>, StorageError> {
        const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT job";
        if self.execute(BEGIN).await.is_err() {
            // A writer that was dropped while it began leaves a transaction nobody owns.
            let _ = self.execute("ROLLBACK").await;
            self.execute(BEGIN).await?;
        }
        let (group, ending) = watch::channel(Ending::Open);
        self.group = Some(group);
        self.job = Job::UnderWay;
        Ok(ending)
    }

    /// Afterwards the savepoint is as good as new. Where that fails, the engine gave the whole transaction up (a full
    /// disk): whoever is in it must hear so, and not that the next commit went well.
    async fn undo_job(&mut self) -> Result<(), StorageError> {
        let undone = self.execute("ROLLBACK TO job").await;
        match undone {
            Ok(()) => self.job = Job::Undone,
            Err(_) => self.lose().await,
        }
        undone
    }

    async fn commit(&mut self) {
        if self.undo_what_was_dropped().await.is_err() {
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
