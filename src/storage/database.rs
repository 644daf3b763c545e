//! The database, whichever engine it is.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, PgConnection, PgPool};

use super::checkpoints::Checkpoints;
use super::group_commit::GroupCommit;
use super::readers::Readers;
use super::recorded::Around;
use super::{ReadTx, StorageError, WriteTx};
use crate::domain::audit::SealedEvent;

/// How long a request waits for a connection before it is refused.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long SQLite waits for another process (a command beside the server) to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Every statement of the house stays prepared on every connection.
const PREPARED_STATEMENTS: usize = 256;

/// The writer's page cache, in KiB (negative, as SQLite counts): what a group of writes touches stays at hand.
const WRITER_CACHE: &str = "-8192";
/// Where the writer notes what pages were before a savepoint: left to itself SQLite writes a group's notes into a file.
const WRITER_NOTES: &str = "memory";
/// How many pages the log may have before the writer itself carries them into the file: seldom, since that is done beside
/// it all the time. Starting after a crash reads the log once, so it must not be too long either.
const CHECKPOINT_PAGES: &str = "10000";

/// A handle to the database.
pub struct Db(Inner);

enum Inner {
    Sqlite {
        options: Box<SqliteConnectOptions>,
        readers: Readers,
        writer: GroupCommit,
        _checkpoints: Checkpoints,
    },
    Postgres(PgPool),
}

/// Which engine stores the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one node.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

impl Db {
    /// Connects to `url` (`sqlite:PATH` or `postgres://…`). A missing SQLite file is created; the schema is not touched.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StorageError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Self::connect_sqlite(url, connections).await,
            Some("postgres" | "postgresql") => Self::connect_postgres(url, connections).await,
            _ => Err(StorageError::UnknownEngine),
        }
    }

    async fn connect_sqlite(url: &str, connections: u32) -> Result<Self, StorageError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(PREPARED_STATEMENTS)
            .disable_statement_logging();
        keep_to_ourselves(options.get_filename());
        let writing = options
            .clone()
            .pragma("cache_size", WRITER_CACHE)
            .pragma("temp_store", WRITER_NOTES)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
        let writer = GroupCommit::open(&writing).await?;
        let reading = options.clone().read_only(true).create_if_missing(false);
        let readers = Readers::open(&reading, connections, ACQUIRE_TIMEOUT).await?;
        let _checkpoints = Checkpoints::start(&options).await?;
        Ok(Self(Inner::Sqlite { options: Box::new(options), readers, writer, _checkpoints }))
    }

    async fn connect_postgres(url: &str, connections: u32) -> Result<Self, StorageError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("khue")
            .statement_cache_capacity(PREPARED_STATEMENTS)
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .min_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        Ok(Self(Inner::Postgres(pool)))
    }

    /// Which engine this is.
    pub const fn engine(&self) -> Engine {
        match self.0 {
            Inner::Sqlite { .. } => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// A connection that reads what is committed. Each statement sees its own snapshot.
    pub async fn read(&self) -> Result<ReadTx<'static>, StorageError> {
        Ok(match &self.0 {
            Inner::Sqlite { readers, .. } => ReadTx::pooled_sqlite(readers.acquire().await?),
            Inner::Postgres(pool) => ReadTx::pooled_postgres(pool.acquire().await?),
        })
    }

    /// Runs `job` in a transaction: `Ok` is returned only after a durable commit, `Err` leaves nothing behind. With one
    /// exception: where the connection to PostgreSQL is lost while it commits, it may have committed.
    ///
    /// `job` must not wait for the network, hash passwords or render pages: on SQLite everybody queues behind it.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T, E>,
        E: From<StorageError>,
    {
        match &self.0 {
            Inner::Sqlite { writer, .. } => writer.write(job).await,
            Inner::Postgres(pool) => {
                let mut transaction = pool.begin().await.map_err(StorageError::from)?;
                let mut recorded = Vec::new();
                let value = job(&mut WriteTx::postgres(&mut transaction, &mut recorded)).await?;
                write_recorded(&mut transaction, recorded).await?;
                transaction.commit().await.map_err(StorageError::from)?;
                Ok(value)
            }
        }
    }

    /// Runs `statement`, which must be a single one or record a single event, durably.
    pub(super) async fn write_one<T, F>(&self, statement: F) -> Result<T, StorageError>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T, StorageError>,
    {
        match &self.0 {
            Inner::Sqlite { writer, .. } => writer.write_one(statement).await,
            Inner::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                let mut recorded = Vec::new();
                let value = statement(&mut WriteTx::postgres(&mut connection, &mut recorded)).await?;
                write_recorded(&mut connection, recorded).await?;
                Ok(value)
            }
        }
    }

    /// Brings the schema to the version that this program needs.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        super::migrations::apply(self).await
    }

    pub(super) async fn migration_connection(&self) -> Result<MigrationConnection, StorageError> {
        Ok(match &self.0 {
            Inner::Sqlite { options, .. } => MigrationConnection::Sqlite(options.connect().await?),
            Inner::Postgres(pool) => MigrationConnection::Postgres(pool.acquire().await?),
        })
    }
}

async fn write_recorded(
    connection: &mut PgConnection,
    recorded: Vec<SealedEvent>,
) -> Result<(), StorageError> {
    WriteTx::postgres(connection, &mut Vec::new()).write_recorded(recorded, Around::NOTHING).await
}

/// Makes a missing database file that nobody but its owner reads; what SQLite puts beside it takes its mode over. Left
/// to itself SQLite would let everybody read. Whatever goes wrong here, opening tells.
fn keep_to_ourselves(file: &Path) {
    // Databases in memory have names of this form, and no file.
    if !file.to_string_lossy().starts_with("file:") {
        let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    }
}

pub(super) enum MigrationConnection {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::pool::PoolConnection<sqlx::Postgres>),
}
