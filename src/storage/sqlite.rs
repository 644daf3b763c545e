//! Connections to SQLite: a file of this machine, called from this process.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlx::sqlite::SqliteConnectOptions;

use super::StorageError;
use super::database::PREPARED_STATEMENTS;

/// How long a reader waits for another process that keeps even readers out (it mends the log after a crash).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// For every connection that writes. A commit is on the disk when it is told.
const WRITING: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";
/// For the one connection through which the house writes. Its page cache, in KiB (negative, as SQLite counts): what a group
/// of writes touches stays at hand. What pages were before a savepoint is noted in memory: left to itself SQLite writes a
/// group's notes into a file. The last is how many pages the log may have before the writer itself carries them into the
/// file: seldom, since that is done beside it all the time; but starting after a crash reads the log once.
const WRITING_ALL: &str =
    "PRAGMA cache_size = -32768; PRAGMA temp_store = memory; PRAGMA wal_autocheckpoint = 10000";

/// Where the database is.
#[derive(Debug)]
pub(super) struct SqliteFile {
    path: PathBuf,
    /// For the migrations, which are run by their own library.
    pub migrating: Box<SqliteConnectOptions>,
}

impl SqliteFile {
    /// The file that `url` names, made where it is missing. Nobody but its owner reads it; what SQLite puts beside it takes
    /// its mode over. Left to itself SQLite would let everybody read.
    pub(super) fn of(url: &str) -> Result<Self, StorageError> {
        let migrating = SqliteConnectOptions::from_str(url)?;
        let path = migrating.get_filename().to_path_buf();
        // Whatever goes wrong here, opening tells.
        let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        Ok(Self { path, migrating: Box::new(migrating.foreign_keys(true).busy_timeout(BUSY_TIMEOUT)) })
    }

    /// A connection through which everything is written. It waits for nobody: whoever uses it does.
    pub(super) fn writer(&self) -> Result<Connection, StorageError> {
        let connection = self.writing()?;
        connection.execute_batch(WRITING_ALL)?;
        connection.busy_timeout(Duration::ZERO)?;
        Ok(connection)
    }

    /// A connection that carries the log into the file.
    pub(super) fn carrier(&self) -> Result<Connection, StorageError> {
        self.writing()
    }

    fn writing(&self) -> Result<Connection, StorageError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection = open(&self.path, flags)?;
        connection.execute_batch(WRITING)?;
        Ok(connection)
    }

    /// A connection that only reads.
    pub(super) fn reader(&self) -> Result<Connection, StorageError> {
        open(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StorageError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    Ok(connection)
}
