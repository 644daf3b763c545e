//! The two handles through which every statement goes, whichever engine is behind them.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, SqliteConnection};

use super::lane::{Lane, Place};
use super::readers::Reader;
use crate::domain::audit::SealedEvent;

/// Reads what is committed.
pub struct ReadTx<'a>(Held<'a>);

enum Held<'a> {
    Sqlite(&'a mut SqliteConnection, Option<Place<'a>>),
    Postgres(&'a mut PgConnection),
    PooledSqlite(Reader),
    PooledPostgres(PoolConnection<Postgres>),
}

/// The engine's own connection, for [`on_engine`] to dispatch on.
pub(super) enum Connection<'c> {
    Sqlite(Lane<'c>),
    Postgres(&'c mut PgConnection),
}

impl<'a> ReadTx<'a> {
    pub(super) const fn pooled_sqlite(connection: Reader) -> Self {
        Self(Held::PooledSqlite(connection))
    }

    pub(super) const fn pooled_postgres(connection: PoolConnection<Postgres>) -> Self {
        Self(Held::PooledPostgres(connection))
    }

    pub(super) fn connection(&mut self) -> Connection<'_> {
        match &mut self.0 {
            Held::Sqlite(connection, place) => {
                Connection::Sqlite(Lane::new(connection, place.as_mut().map(Place::reborrow)))
            }
            Held::PooledSqlite(connection) => Connection::Sqlite(Lane::new(connection, None)),
            Held::Postgres(connection) => Connection::Postgres(connection),
            Held::PooledPostgres(connection) => Connection::Postgres(connection),
        }
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
        connection: &'a mut SqliteConnection,
        place: Option<Place<'a>>,
        recorded: &'a mut Vec<SealedEvent>,
    ) -> Self {
        Self { tx: ReadTx(Held::Sqlite(connection, place)), recorded }
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

/// Runs `$body` with `$connection` bound to the connection of whichever engine is behind `$tx`.
macro_rules! on_engine {
    ($tx:expr, $connection:ident => $body:expr) => {
        match $tx.connection() {
            $crate::storage::transaction::Connection::Sqlite($connection) => $body,
            $crate::storage::transaction::Connection::Postgres($connection) => $body,
        }
    };
}
pub(super) use on_engine;
