//! One writer for SQLite that makes everything that is waiting durable with a single flush.
//!
//! Writers queue at a fair lock. Each runs inside a savepoint of the group's transaction, and then waits for the commit.
//! The committer queues at the same lock behind whoever came before it, so a group is exactly what was waiting: one write
//! alone commits at once, a hundred share one flush. An answer leaves only after its commit.
//!
//! A statement is done by whoever asks for it, here and now. A commit waits for the disk: it has a thread of its own.

use std::sync::{Arc, Weak};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use super::calls::Calls;
use super::checkpoints::carry;
use super::gathering::Gathering;
use super::sqlite::SqliteFile;
use super::{EngineError, StorageError, WriteTx};
use crate::domain::audit::SealedEvent;

/// How long a writer waits for another process (a command beside the server) to finish writing, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(2);

/// The queue before the one writing connection.
pub(super) struct GroupCommit {
    writer: Arc<Mutex<Writer>>,
    gathering: Arc<Gathering>,
    calls: Arc<Calls>,
}

struct Writer {
    connection: Connection,
    /// Who writes joins while she holds the writer, so that she is in the group of her transaction.
    gathering: Arc<Gathering>,
    /// Whether a job writes right now. Found so by the next one, it means that the last was dropped halfway.
    is_under_way: bool,
}

impl GroupCommit {
    pub(super) fn open(file: &SqliteFile) -> Result<Self, StorageError> {
        let gathering = Arc::<Gathering>::default();
        let calls = Arc::<Calls>::default();
        let writer =
            Writer { connection: file.writer()?, gathering: Arc::clone(&gathering), is_under_way: false };
        let writer = Arc::new(Mutex::new(writer));
        let (committed, called, runtime) = (Arc::downgrade(&writer), Arc::clone(&calls), Handle::current());
        std::thread::Builder::new()
            .name("khue-commits".into())
            .spawn(move || runtime.block_on(commit_groups(&committed, &called)))
            .map_err(EngineError::NoThread)?;
        Ok(Self { writer, gathering, calls })
    }

    /// Where the writer is called.
    pub(super) fn calls(&self) -> Arc<Calls> {
        Arc::clone(&self.calls)
    }

    /// Runs `job`: what it wrote and recorded is kept together, or nothing of it.
    pub(super) async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T, E>,
        E: From<StorageError>,
    {
        let wake = Wake(&self.calls);
        let mut writer = self.writer.lock().await;
        writer.begin_job().await?;
        let mut recorded = Vec::new();
        let outcome = job(&mut WriteTx::sqlite(&mut writer.connection, &mut recorded)).await;
        let joined = match outcome {
            Ok(value) => writer.keep_job().map(|()| (value, self.gathering.join(recorded))).map_err(E::from),
            Err(error) => {
                writer.undo_job();
                Err(error)
            }
        };
        drop(writer);
        drop(wake);
        let (value, member) = joined?;
        member.durable().await?;
        Ok(value)
    }

    /// Records an event that comes by itself. It waits for the commit alone, not for the writers before it.
    pub(super) async fn record(&self, event: SealedEvent) -> Result<(), StorageError> {
        let member = self.gathering.join([event]);
        self.calls.commit();
        member.durable().await
    }
}

/// Wakes the committer when dropped, also where its writer is given up halfway: a transaction that nobody ends keeps
/// every other process from writing.
struct Wake<'a>(&'a Calls);

impl Drop for Wake<'_> {
    fn drop(&mut self) {
        self.0.commit();
    }
}

impl Drop for GroupCommit {
    fn drop(&mut self) {
        self.calls.commit();
    }
}

async fn commit_groups(writer: &Weak<Mutex<Writer>>, calls: &Calls) {
    loop {
        calls.next().await;
        let Some(writer) = writer.upgrade() else { return };
        let mut writer = writer.lock().await;
        writer.commit().await;
        if calls.is_rest_to_be_carried() {
            // Where that fails, the log grows until the next time.
            let _ = carry(&writer.connection);
        }
    }
}

impl Writer {
    async fn begin_job(&mut self) -> Result<(), StorageError> {
        self.undo_what_was_dropped();
        self.begin().await?;
        self.run("SAVEPOINT job")?;
        self.is_under_way = true;
        Ok(())
    }

    fn keep_job(&mut self) -> Result<(), StorageError> {
        self.is_under_way = false;
        self.run("RELEASE job").inspect_err(|_| self.lose())
    }

    /// Takes back what the last job wrote.
    fn undo_job(&mut self) {
        self.is_under_way = false;
        if self.run("ROLLBACK TO job").and_then(|()| self.run("RELEASE job")).is_err() {
            self.lose();
        }
    }

    fn undo_what_was_dropped(&mut self) {
        if self.is_under_way {
            self.undo_job();
        }
    }

    /// The engine knows nothing of the savepoint: it has given the whole transaction up (a full disk). Whoever is in it hears
    /// so, and not that the next commit went well.
    fn lose(&mut self) {
        self.roll_back();
        self.gathering.take().end(false);
    }

    async fn commit(&mut self) {
        self.undo_what_was_dropped();
        let mut group = self.gathering.take();
        let recorded = std::mem::take(&mut group.recorded);
        let committed = self.record_and_commit(recorded).await;
        if committed.is_err() {
            self.roll_back();
        }
        group.end(committed.is_ok());
    }

    async fn record_and_commit(&mut self, recorded: Vec<SealedEvent>) -> Result<(), StorageError> {
        if !recorded.is_empty() {
            self.begin().await?;
            WriteTx::sqlite(&mut self.connection, &mut Vec::new()).write_recorded(recorded).await?;
        }
        if self.is_open() { self.run("COMMIT") } else { Ok(()) }
    }

    /// Opens the transaction, unless it is open.
    async fn begin(&mut self) -> Result<(), StorageError> {
        let mut waited = Duration::ZERO;
        while !self.is_open() {
            match self.run("BEGIN IMMEDIATE") {
                Err(StorageError::Unavailable(EngineError::Sqlite(error))) if is_busy(&error) => {
                    if waited >= PATIENCE {
                        return Err(EngineError::Busy.into());
                    }
                    tokio::time::sleep(LOOK).await;
                    waited += LOOK;
                }
                outcome => return outcome,
            }
        }
        Ok(())
    }

    fn roll_back(&mut self) {
        if self.is_open() {
            let _ = self.run("ROLLBACK");
        }
    }

    fn is_open(&self) -> bool {
        !self.connection.is_autocommit()
    }

    fn run(&mut self, sql: &'static str) -> Result<(), StorageError> {
        self.connection.prepare_cached(sql)?.raw_execute()?;
        Ok(())
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Timestamp;
    use crate::storage::Db;
    use crate::storage::query::query;
    use crate::storage::statements::Sql;

    /// A writer with nothing beside it.
    async fn writer() -> (tempfile::TempDir, GroupCommit) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("khue.db").display());
        Db::connect(&url, 1).await.unwrap().migrate().await.unwrap();
        let writer = GroupCommit::open(&SqliteFile::of(&url).unwrap()).unwrap();
        (folder, writer)
    }

    async fn take(writer: &GroupCommit, job: &str, seconds: i64) -> Result<bool, StorageError> {
        let (now, span) = (Timestamp::from_seconds(seconds), Duration::from_secs(5));
        writer.write(async |tx| tx.take_lease(job, b"writer", now, span).await).await
    }

    #[tokio::test]
    async fn the_log_begins_again_once_its_rest_is_carried() {
        let (folder, writer) = writer().await;
        // Changes whenever the log begins again.
        let salt = || std::fs::read(folder.path().join("khue.db-wal")).unwrap()[16..24].to_vec();
        take(&writer, "job", 0).await.unwrap();
        let before = salt();
        for second in 1..100 {
            take(&writer, "job", second).await.unwrap();
        }
        assert_eq!(salt(), before, "nobody else carries here");
        writer.calls().carry_the_rest();
        for second in 100..1_000 {
            take(&writer, "job", second).await.unwrap();
        }
        assert_ne!(salt(), before);
    }

    #[tokio::test]
    async fn a_full_disk_fails_who_needs_it_and_nobody_afterwards() {
        let (_folder, writer) = writer().await;
        let limit = async |pages: &str| {
            let sql = format!("PRAGMA max_page_count = {pages}");
            writer.writer.lock().await.connection.query_row(&sql, (), |_| Ok(())).unwrap();
        };
        limit("1").await;
        let large = "x".repeat(1 << 20);
        assert!(matches!(take(&writer, &large, 0).await, Err(StorageError::Unavailable(_))));
        limit("100000").await;
        assert!(take(&writer, &large, 0).await.unwrap());
        assert!(take(&writer, "job", 0).await.unwrap());
    }

    #[tokio::test]
    async fn where_the_engine_gives_the_transaction_up_everybody_in_it_hears_so() {
        const GIVE_UP: Sql = Sql { on_sqlite: "ROLLBACK", on_postgres: "ROLLBACK" };
        let (_folder, writer) = writer().await;
        for has_noticed in [true, false] {
            let mut neighbour = None;
            let outcome = writer.write(async |tx| {
                neighbour = Some(writer.gathering.join([]));
                query(GIVE_UP).execute(tx).await?;
                if has_noticed { Err(StorageError::NotCommitted) } else { Ok(()) }
            });
            assert!(outcome.await.is_err());
            assert!(matches!(neighbour.unwrap().durable().await, Err(StorageError::NotCommitted)));
            assert!(take(&writer, &format!("job {has_noticed}"), 0).await.unwrap());
        }
    }
}
