//! One statement on its way to whichever engine it is.

use std::borrow::Cow;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use uuid::Uuid;

use super::row::{FromRow, Row};
use super::statements::Sql;
use super::transaction::Connection;
use super::{ReadTx, StorageError};

/// A statement with its parameters.
pub(super) struct Query<'q> {
    sql: Sql,
    parameters: Vec<Parameter<'q>>,
}

/// A parameter. What is absent has a type too: PostgreSQL asks for it.
pub(super) enum Parameter<'q> {
    Flag(bool),
    Number(Option<i64>),
    Text(Option<Cow<'q, str>>),
    Bytes(Option<Cow<'q, [u8]>>),
    Id(Option<Uuid>),
}

/// `sql`, to be given its parameters in the order of their numbers.
pub(super) const fn query<'q>(sql: Sql) -> Query<'q> {
    Query { sql, parameters: Vec::new() }
}

impl<'q> Query<'q> {
    /// The next parameter.
    pub(super) fn bind(mut self, parameter: impl Into<Parameter<'q>>) -> Self {
        self.parameters.push(parameter.into());
        self
    }

    /// How many rows were written.
    pub(super) async fn execute(self, tx: &mut ReadTx<'_>) -> Result<u64, StorageError> {
        match tx.connection()? {
            Connection::Sqlite(connection) => self.on_sqlite(connection, |statement| {
                let written = statement.raw_execute()?;
                Ok(u64::try_from(written).unwrap_or(u64::MAX))
            }),
            Connection::Postgres(connection) => {
                Ok(self.on_postgres().execute(connection).await?.rows_affected())
            }
        }
    }

    /// The row, where there is one.
    pub(super) async fn fetch_optional<R: FromRow>(
        self,
        tx: &mut ReadTx<'_>,
    ) -> Result<Option<R>, StorageError> {
        match tx.connection()? {
            Connection::Sqlite(connection) => self.on_sqlite(connection, |statement| {
                let mut rows = statement.raw_query();
                rows.next()?.map(|row| R::from_row(&Row::Sqlite(row))).transpose()
            }),
            Connection::Postgres(connection) => {
                let row = self.on_postgres().fetch_optional(connection).await?;
                row.map(|row| R::from_row(&Row::Postgres(&row))).transpose()
            }
        }
    }

    /// Every row.
    pub(super) async fn fetch_all<R: FromRow>(self, tx: &mut ReadTx<'_>) -> Result<Vec<R>, StorageError> {
        match tx.connection()? {
            Connection::Sqlite(connection) => self.on_sqlite(connection, |statement| {
                let mut rows = statement.raw_query();
                let mut read = Vec::new();
                while let Some(row) = rows.next()? {
                    read.push(R::from_row(&Row::Sqlite(row))?);
                }
                Ok(read)
            }),
            Connection::Postgres(connection) => {
                let rows = self.on_postgres().fetch_all(connection).await?;
                rows.iter().map(|row| R::from_row(&Row::Postgres(row))).collect()
            }
        }
    }

    /// Runs it here and now: SQLite is in this process, and a call to it takes less than handing it to another thread would.
    fn on_sqlite<T>(
        self,
        connection: &rusqlite::Connection,
        run: impl FnOnce(&mut rusqlite::Statement<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut statement = connection.prepare_cached(self.sql.on_sqlite)?;
        for (place, parameter) in self.parameters.iter().enumerate() {
            statement.raw_bind_parameter(place + 1, parameter)?;
        }
        run(&mut statement)
    }

    fn on_postgres(self) -> sqlx::query::Query<'q, Postgres, PgArguments> {
        let query = sqlx::query(self.sql.on_postgres);
        self.parameters.into_iter().fold(query, |query, parameter| match parameter {
            Parameter::Flag(flag) => query.bind(flag),
            Parameter::Number(number) => query.bind(number),
            Parameter::Text(text) => query.bind(text),
            Parameter::Bytes(bytes) => query.bind(bytes),
            Parameter::Id(id) => query.bind(id),
        })
    }
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Flag(flag) => ValueRef::Integer(i64::from(*flag)),
            Self::Number(number) => number.map_or(ValueRef::Null, ValueRef::Integer),
            Self::Text(text) => text.as_ref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => bytes.as_ref().map_or(ValueRef::Null, |bytes| ValueRef::Blob(bytes)),
            Self::Id(id) => id.as_ref().map_or(ValueRef::Null, |id| ValueRef::Blob(id.as_bytes())),
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

/// Writes a parameter's `From`, with its absent twin.
macro_rules! parameters {
    ($($type:ty => $variant:ident($value:ident => $held:expr);)*) => {$(
        impl<'q> From<$type> for Parameter<'q> {
            fn from($value: $type) -> Self {
                Self::$variant(Some($held))
            }
        }

        impl<'q> From<Option<$type>> for Parameter<'q> {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(|$value| $held))
            }
        }
    )*};
}

parameters! {
    i64 => Number(number => number);
    &'q str => Text(text => Cow::Borrowed(text));
    String => Text(text => Cow::Owned(text));
    &'q [u8] => Bytes(bytes => Cow::Borrowed(bytes));
    Vec<u8> => Bytes(bytes => Cow::Owned(bytes));
    Uuid => Id(id => id);
}

impl From<bool> for Parameter<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<'q> From<&'q String> for Parameter<'q> {
    fn from(text: &'q String) -> Self {
        text.as_str().into()
    }
}

impl<'q> From<&'q Vec<u8>> for Parameter<'q> {
    fn from(bytes: &'q Vec<u8>) -> Self {
        bytes.as_slice().into()
    }
}
