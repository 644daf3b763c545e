//! The database, whichever engine it is.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool};

use super::checkpoints::Checkpoints;
use super::group_commit::GroupCommit;
use super::readers::Readers;
use super::sqlite::SqliteFile;
use super::{ReadTx, StorageError, WriteTx};
use crate::domain::audit::SealedEvent;

/// How long a request waits for a connection before it is refused.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Every statement of the house stays prepared on every connection.
pub(super) const PREPARED_STATEMENTS: usize = 256;

/// A handle to the database.
pub struct Db(Inner);

enum Inner {
    Sqlite { file: SqliteFile, readers: Readers, writer: GroupCommit, _checkpoints: Checkpoints },
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
            Some("sqlite") => Self::connect_sqlite(url, connections),
            Some("postgres" | "postgresql") => Self::connect_postgres(url, connections).await,
            _ => Err(StorageError::UnknownEngine),
        }
    }

    fn connect_sqlite(url: &str, connections: u32) -> Result<Self, StorageError> {
        let file = SqliteFile::of(url)?;
        let writer = GroupCommit::open(&file)?;
        let readers = Readers::open(&file, connections, ACQUIRE_TIMEOUT)?;
        let _checkpoints = Checkpoints::start(&file, writer.calls())?;
        Ok(Self(Inner::Sqlite { file, readers, writer, _checkpoints }))
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
                WriteTx::postgres(&mut transaction, &mut Vec::new()).write_recorded(recorded).await?;
                transaction.commit().await.map_err(StorageError::from)?;
                Ok(value)
            }
        }
    }

    /// Records an event by itself, unless one with the same `once_key` is there.
    pub async fn record(&self, event: &SealedEvent) -> Result<(), StorageError> {
        let event = event.clone();
        match &self.0 {
            Inner::Sqlite { writer, .. } => writer.record(event).await,
            Inner::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                WriteTx::postgres(&mut connection, &mut Vec::new()).write_recorded(vec![event]).await
            }
        }
    }

    /// Brings the schema to the version that this program needs.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        super::migrations::apply(self).await
    }

    pub(super) async fn migration_connection(&self) -> Result<MigrationConnection, StorageError> {
        Ok(match &self.0 {
            Inner::Sqlite { file, .. } => MigrationConnection::Sqlite(file.migrating.connect().await?),
            Inner::Postgres(pool) => MigrationConnection::Postgres(pool.acquire().await?),
        })
    }
}

pub(super) enum MigrationConnection {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::pool::PoolConnection<sqlx::Postgres>),
}
