//! The two handles through which every statement goes, whichever engine is behind them.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

use super::StorageError;
use super::readers::Reader;
use crate::domain::audit::SealedEvent;

/// Reads what is committed.
pub struct ReadTx<'a>(Held<'a>);

enum Held<'a> {
    Sqlite(&'a mut rusqlite::Connection),
    Postgres(&'a mut PgConnection),
    PooledSqlite(Reader),
    PooledPostgres(PoolConnection<Postgres>),
}

/// The engine's own connection.
pub(super) enum Connection<'c> {
    Sqlite(&'c mut rusqlite::Connection),
    Postgres(&'c mut PgConnection),
}

impl<'a> ReadTx<'a> {
    pub(super) const fn pooled_sqlite(connection: Reader) -> Self {
        Self(Held::PooledSqlite(connection))
    }

    pub(super) const fn pooled_postgres(connection: PoolConnection<Postgres>) -> Self {
        Self(Held::PooledPostgres(connection))
    }

    pub(super) fn connection(&mut self) -> Result<Connection<'_>, StorageError> {
        Ok(match &mut self.0 {
            // SQLite has given the transaction up (a full disk): what is written now would be kept by itself.
            Held::Sqlite(connection) if connection.is_autocommit() => return Err(StorageError::NotCommitted),
            Held::Sqlite(connection) => Connection::Sqlite(connection),
            Held::PooledSqlite(connection) => Connection::Sqlite(connection),
            Held::Postgres(connection) => Connection::Postgres(connection),
            Held::PooledPostgres(connection) => Connection::Postgres(connection),
        })
    }
}

/// Writes: everything done through it is committed together, or not at all. Reads what it wrote, but for what it
/// recorded: that goes with the commit.
pub struct WriteTx<'a> {
    tx: ReadTx<'a>,
    pub(super) recorded: &'a mut Vec<SealedEvent>,
}

impl<'a> WriteTx<'a> {
    pub(super) const fn sqlite(
        connection: &'a mut rusqlite::Connection,
        recorded: &'a mut Vec<SealedEvent>,
    ) -> Self {
        Self { tx: ReadTx(Held::Sqlite(connection)), recorded }
    }

    pub(super) const fn postgres(
        connection: &'a mut PgConnection,
        recorded: &'a mut Vec<SealedEvent>,
    ) -> Self {
        Self { tx: ReadTx(Held::Postgres(connection)), recorded }
    }
}

impl<'a> Deref for WriteTx<'a> {
    type Target = ReadTx<'a>;

    fn deref(&self) -> &ReadTx<'a> {
        &self.tx
    }
}

impl<'a> DerefMut for WriteTx<'a> {
    fn deref_mut(&mut self) -> &mut ReadTx<'a> {
        &mut self.tx
    }
}
