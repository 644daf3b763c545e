//! The savepoint that keeps one job apart from the others of its transaction.
//!
//! Every call is a trip to the thread of the connection and back, so a savepoint is not opened by itself: it goes with the
//! first statement of its job. Two names take turns. A job that is dropped while its first statement is under way may
//! have opened its savepoint or not: where that name is not known to the engine, nothing was done.

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};
use sqlx::sqlite::{SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo};
use sqlx::{AssertSqlSafe, Describe, Either, Error, Execute, Executor, SqlStr, Sqlite, SqliteConnection};

/// What the savepoint of the open transaction holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Savepoint {
    /// There is none.
    Absent,
    /// Nothing: whoever is next may write into it.
    Empty(Name),
    /// What a job does right now. Found so by the next one, it means that the last was dropped halfway.
    UnderWay(Name),
    /// What the last job did, to be committed.
    Done(Name),
}

/// The name of a savepoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Odd,
    Even,
}

/// The SQLite connection, for one statement; `savepoint` where a job is to be kept apart.
#[derive(Debug)]
pub(super) struct Lane<'c> {
    connection: &'c mut SqliteConnection,
    savepoint: Option<&'c mut Savepoint>,
}

impl Savepoint {
    /// The job writes: what its first statement must begin with.
    fn enter(&mut self) -> &'static str {
        let (name, prefix) = match *self {
            Self::Absent => (Name::Even, "SAVEPOINT even; "),
            Self::Done(Name::Odd) => (Name::Even, "RELEASE odd; SAVEPOINT even; "),
            Self::Done(Name::Even) => (Name::Odd, "RELEASE even; SAVEPOINT odd; "),
            Self::Empty(name) | Self::UnderWay(name) => (name, ""),
        };
        *self = Self::UnderWay(name);
        prefix
    }

    /// The job went well.
    pub(super) const fn keep(&mut self) {
        if let Self::UnderWay(name) | Self::Empty(name) = *self {
            *self = Self::Done(name);
        }
    }
}

impl Name {
    /// Takes back everything since the savepoint was opened; it is as good as new then.
    pub(super) const fn undo(self) -> &'static str {
        match self {
            Self::Odd => "ROLLBACK TO odd",
            Self::Even => "ROLLBACK TO even",
        }
    }
}

impl<'c> Lane<'c> {
    pub(super) const fn new(
        connection: &'c mut SqliteConnection,
        savepoint: Option<&'c mut Savepoint>,
    ) -> Self {
        Self { connection, savepoint }
    }
}

impl<'c> Executor<'c> for Lane<'c> {
    type Database = Sqlite;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        mut query: E,
    ) -> BoxStream<'e, Result<Either<SqliteQueryResult, SqliteRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let prefix = self.savepoint.map_or("", Savepoint::enter);
        if prefix.is_empty() {
            return self.connection.fetch_many(query);
        }
        let arguments = match query.take_arguments() {
            Ok(arguments) => arguments.unwrap_or_default(),
            Err(error) => return stream::iter([Err(Error::Encode(error))]).boxed(),
        };
        // The constant texts of this house, both.
        let sql = AssertSqlSafe(format!("{prefix}{}", query.sql().as_str()));
        let answers = self.connection.fetch_many(sqlx::query_with(sql, arguments));
        // Each statement before the one asked for tells that it is done, too.
        let mut before = prefix.matches(';').count();
        let of_the_query = move |answer: &Result<Either<SqliteQueryResult, SqliteRow>, Error>| {
            let is_before = before > 0 && matches!(answer, Ok(Either::Left(_)));
            before -= usize::from(is_before);
            std::future::ready(!is_before)
        };
        answers.filter(of_the_query).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<SqliteRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        if self.savepoint.is_none() {
            return self.connection.fetch_optional(query);
        }
        Box::pin(async move {
            let mut answers = self.fetch_many(query);
            while let Some(answer) = answers.next().await {
                if let Either::Right(row) = answer? {
                    return Ok(Some(row));
                }
            }
            Ok(None)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [SqliteTypeInfo],
    ) -> BoxFuture<'e, Result<SqliteStatement, Error>>
    where
        'c: 'e,
    {
        self.connection.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Sqlite>, Error>>
    where
        'c: 'e,
    {
        self.connection.describe(sql)
    }
}
