//! One writer for SQLite that makes everything that is waiting durable with a single flush.
//!
//! Writers queue at a fair lock. Each runs inside a savepoint of the group's transaction, and then waits for the commit.
//! The committer queues at the same lock behind whoever came before it, so a group is what was waiting, and no more: one write
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
    /// After the writer: called last, the committer finds it gone, and goes.
    _last_call: LastCall,
}

struct Writer {
    connection: Connection,
    /// Who writes joins while she holds the writer, so that she is in the group of her transaction.
    gathering: Arc<Gathering>,
    /// Whether a job writes right now. Found so by the next one, it means that the last was dropped halfway.
    is_under_way: bool,
    /// Whether the transaction holds what somebody waits for. Where it is not open any more, that is lost.
    is_waited_for: bool,
}

impl GroupCommit {
    pub(super) fn open(file: &SqliteFile) -> Result<Self, StorageError> {
        let gathering = Arc::<Gathering>::default();
        let calls = Arc::<Calls>::default();
        let writer = Arc::new(Mutex::new(Writer {
            connection: file.writer()?,
            gathering: Arc::clone(&gathering),
            is_under_way: false,
            is_waited_for: false,
        }));
        let (committed, called) = (Arc::downgrade(&writer), Arc::clone(&calls));
        let runtime = Handle::try_current().map_err(std::io::Error::other).map_err(EngineError::NoThread)?;
        std::thread::Builder::new()
            .name("khue-commits".into())
            .spawn(move || runtime.block_on(commit_groups(&committed, &called)))
            .map_err(EngineError::NoThread)?;
        let _last_call = LastCall(Arc::clone(&calls));
        Ok(Self { writer, gathering, calls, _last_call })
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

    /// Records an event that comes by itself. It needs nothing of the writer: it waits for the next commit alone.
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

struct LastCall(Arc<Calls>);

impl Drop for LastCall {
    fn drop(&mut self) {
        self.0.commit();
    }
}

async fn commit_groups(writer: &Weak<Mutex<Writer>>, calls: &Calls) {
    loop {
        calls.next().await;
        let Some(writer) = writer.upgrade() else { return };
        let mut writer = writer.lock().await;
        writer.commit().await;
        if calls.take_rest() {
            // Where that fails, the log grows until the next time.
            let _ = carry(&writer.connection);
        }
    }
}

impl Writer {
    async fn begin_job(&mut self) -> Result<(), StorageError> {
        self.undo_what_was_dropped();
        tokio::time::timeout(PATIENCE, self.begin()).await.map_err(|_| EngineError::Busy)??;
        self.run("SAVEPOINT job").inspect_err(|_| self.lose())?;
        self.is_under_way = true;
        Ok(())
    }

    fn keep_job(&mut self) -> Result<(), StorageError> {
        self.is_under_way = false;
        self.run("RELEASE job").inspect_err(|_| self.lose())?;
        self.is_waited_for = true;
        Ok(())
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

    /// The engine has given the whole transaction up (a full disk). Whoever is in it hears so, and not that the next commit
    /// went well.
    fn lose(&mut self) {
        self.roll_back();
        self.gathering.take().end(false);
    }

    async fn commit(&mut self) {
        self.undo_what_was_dropped();
        self.lose_what_was_given_up();
        let mut group = self.gathering.take();
        let recorded = std::mem::take(&mut group.recorded);
        let committed = self.record_and_commit(recorded).await;
        match committed {
            Ok(()) => self.is_waited_for = false,
            Err(_) => self.roll_back(),
        }
        group.end(committed.is_ok());
    }

    async fn record_and_commit(&mut self, recorded: Vec<SealedEvent>) -> Result<(), StorageError> {
        if !recorded.is_empty() {
            self.begin_here()?;
            WriteTx::sqlite(&mut self.connection, &mut Vec::new()).write_recorded(recorded).await?;
        }
        if self.is_open() { self.run("COMMIT") } else { Ok(()) }
    }

    /// Opens the transaction, unless it is open. Others work while it waits for another process.
    async fn begin(&mut self) -> Result<(), StorageError> {
        while !self.is_opened()? {
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// The same on the committer's own thread, which also goes on while the runtime ends.
    fn begin_here(&mut self) -> Result<(), StorageError> {
        let mut waited = Duration::ZERO;
        while !self.is_opened()? {
            if waited >= PATIENCE {
                return Err(EngineError::Busy.into());
            }
            std::thread::sleep(LOOK);
            waited += LOOK;
        }
        Ok(())
    }

    /// Opens the transaction, unless it is open or another process writes.
    fn is_opened(&mut self) -> Result<bool, StorageError> {
        self.lose_what_was_given_up();
        if self.is_open() {
            return Ok(true);
        }
        match self.run("BEGIN IMMEDIATE") {
            Ok(()) => Ok(true),
            Err(StorageError::Unavailable(EngineError::Sqlite(error))) if is_busy(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn lose_what_was_given_up(&mut self) {
        if self.is_waited_for && !self.is_open() {
            self.lose();
        }
    }

    fn roll_back(&mut self) {
        self.is_waited_for = false;
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
                let goes_on = tx.take_lease("alone", b"writer", Timestamp::from_seconds(0), PATIENCE).await;
                assert!(goes_on.is_err(), "it would be kept by itself");
                if has_noticed { Err(StorageError::NotCommitted) } else { Ok(()) }
            });
            assert!(outcome.await.is_err());
            assert!(matches!(neighbour.unwrap().durable().await, Err(StorageError::NotCommitted)));
            assert!(take(&writer, &format!("job {has_noticed}"), 0).await.unwrap());
        }
    }

    #[tokio::test]
    async fn what_was_given_up_between_two_jobs_is_not_told_to_be_durable() {
        let (_folder, writer) = writer().await;
        for with_another in [true, false] {
            let neighbour = {
                let mut held = writer.writer.lock().await;
                held.begin_job().await.unwrap();
                held.keep_job().unwrap();
                let neighbour = writer.gathering.join([]);
                held.run("ROLLBACK").unwrap();
                neighbour
            };
            if with_another {
                assert!(take(&writer, "next", 0).await.unwrap());
            } else {
                writer.calls.commit();
            }
            assert!(matches!(neighbour.durable().await, Err(StorageError::NotCommitted)));
        }
    }

    #[tokio::test]
    async fn a_job_that_panics_leaves_nothing_and_blocks_nobody() {
        let (_folder, writer) = writer().await;
        let writer = Arc::new(writer);
        let panics = Arc::clone(&writer);
        let outcome = tokio::spawn(async move {
            let (now, span) = (Timestamp::from_seconds(0), Duration::from_secs(5));
            panics
                .write(async |tx| -> Result<(), StorageError> {
                    tx.take_lease("job", b"panics", now, span).await?;
                    panic!("on purpose")
                })
                .await
        });
        assert!(outcome.await.unwrap_err().is_panic());
        assert!(take(&writer, "job", 0).await.unwrap());
    }

    #[tokio::test]
    async fn its_thread_ends_with_it() {
        let (_folder, writer) = writer().await;
        let calls = writer.calls();
        drop(writer);
        // The thread has one, and this test.
        while Arc::strong_count(&calls) > 1 {
            tokio::task::yield_now().await;
        }
    }
}
