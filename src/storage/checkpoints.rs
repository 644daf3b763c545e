//! Carrying SQLite's log into its file, beside the writer and not in its way.
//!
//! Left to itself, the writer does it whenever the log has grown long, and everybody queues behind that. What comes while
//! the log is carried cannot be carried with it: the little that is left at the end the writer carries after a commit. Then
//! the log begins again from its start, and stays short.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rusqlite::Connection;

use super::calls::Calls;
use super::sqlite::SqliteFile;
use super::{EngineError, StorageError};

/// Long enough that a page which many writes change is carried once, short enough that little waits.
const EVERY: Duration = Duration::from_millis(100);

/// Carries what it can without making anybody wait. Tells how long the log is, and how much of it is in the file.
const CARRY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The thread that does it; it ends when this is dropped.
pub(super) struct Checkpoints(#[expect(dead_code, reason = "dropped, it ends the thread")] Sender<()>);

impl Checkpoints {
    /// Begins, and calls the writer for the rest.
    pub(super) fn start(file: &SqliteFile, writer: Arc<Calls>) -> Result<Self, StorageError> {
        let (ours, theirs) = channel();
        let connection = file.carrier()?;
        let thread = std::thread::Builder::new().name("khue-checkpoints".into());
        thread.spawn(move || go_on(&connection, &writer, &theirs)).map_err(EngineError::NoThread)?;
        Ok(Self(ours))
    }
}

fn go_on(connection: &Connection, writer: &Calls, end: &Receiver<()>) {
    while end.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        // What came during the first time is less, and takes less.
        let left = carry(connection).and_then(|_| carry(connection));
        // What fails here (another process is at it) is done at the next turn, or by the writer in the end.
        if left.is_ok_and(|left| left > 0) {
            writer.carry_the_rest();
        }
    }
}

/// Carries what can be, and tells how many pages are left.
pub(super) fn carry(connection: &Connection) -> Result<i64, StorageError> {
    let left = |row: &rusqlite::Row<'_>| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?);
    Ok(connection.prepare_cached(CARRY)?.query_row((), left)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn where_something_is_left_the_writer_is_called_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("khue.db").display());
        let file = SqliteFile::of(&url).unwrap();
        let (writer, reader) = (file.writer().unwrap(), file.reader().unwrap());
        writer.execute_batch("CREATE TABLE row (id INTEGER); INSERT INTO row VALUES (1)").unwrap();
        // Nothing newer than what somebody reads is carried.
        reader.execute_batch("BEGIN; SELECT * FROM row").unwrap();
        writer.execute_batch("INSERT INTO row VALUES (2)").unwrap();
        let calls = Arc::<Calls>::default();
        let _checkpoints = Checkpoints::start(&file, Arc::clone(&calls)).unwrap();
        calls.next().await;
        assert!(calls.take_rest());
    }

    #[test]
    fn what_is_carried_is_not_left() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("khue.db").display());
        let writer = SqliteFile::of(&url).unwrap().writer().unwrap();
        writer.execute_batch("CREATE TABLE row (id INTEGER); INSERT INTO row VALUES (1)").unwrap();
        assert_eq!(carry(&writer).unwrap(), 0);
    }
}
