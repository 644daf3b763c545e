//! The way of a statement to SQLite: what opens the transaction or a savepoint goes with it, in one trip.

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};
use sqlx::sqlite::{SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo};
use sqlx::{AssertSqlSafe, Describe, Either, Error, Execute, Executor, SqlStr, Sqlite, SqliteConnection};

use super::progress::{Job, Preface, Progress};

/// The SQLite connection, for one statement.
#[derive(Debug)]
pub(super) struct Lane<'c> {
    connection: &'c mut SqliteConnection,
    place: Option<Place<'c>>,
}

/// Where in the transaction of its group a statement belongs.
#[derive(Debug)]
pub(super) struct Place<'c> {
    /// How far the transaction is.
    pub progress: &'c mut Progress,
    /// Who writes.
    pub job: Job,
}

type Answer = Result<Either<SqliteQueryResult, SqliteRow>, Error>;

impl Place<'_> {
    pub(super) const fn reborrow(&mut self) -> Place<'_> {
        Place { progress: self.progress, job: self.job }
    }
}

impl<'c> Lane<'c> {
    /// For a statement of a group where there is a `place`, else for one by itself.
    pub(super) const fn new(connection: &'c mut SqliteConnection, place: Option<Place<'c>>) -> Self {
        Self { connection, place }
    }

    /// What has to go before the next statement, and where it is noted that it was done.
    fn enter(self) -> (&'c mut SqliteConnection, Option<(Preface, &'c mut Progress)>) {
        let Self { connection, place } = self;
        let preface = place.and_then(|Place { progress, job }| Some((progress.enter(job)?, progress)));
        (connection, preface)
    }
}

/// The answers to `query`, with `preface` before it.
fn prefaced<'e, 'q: 'e, E>(
    connection: &'e mut SqliteConnection,
    (preface, progress): (Preface, &'e mut Progress),
    mut query: E,
) -> BoxStream<'e, Answer>
where
    E: 'q + Execute<'q, Sqlite>,
{
    let arguments = match query.take_arguments() {
        Ok(arguments) => arguments.unwrap_or_default(),
        Err(error) => return stream::iter([Err(Error::Encode(error))]).boxed(),
    };
    // The constant texts of this house, both.
    let sql = AssertSqlSafe(format!("{}{}", preface.sql, query.sql().as_str()));
    let answers = connection.fetch_many(sqlx::query_with(sql, arguments));
    let mut before = preface.statements;
    let of_the_query = move |answer: &Answer| {
        let is_before = before > 0 && matches!(answer, Ok(Either::Left(_)));
        if is_before {
            before -= 1;
            if before == 0 {
                *progress = preface.then;
            }
        }
        std::future::ready(!is_before)
    };
    answers.filter(of_the_query).boxed()
}

impl<'c> Executor<'c> for Lane<'c> {
    type Database = Sqlite;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Answer>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        match self.enter() {
            (connection, Some(preface)) => prefaced(connection, preface, query),
            (connection, None) => connection.fetch_many(query),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<SqliteRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        match self.enter() {
            (connection, None) => connection.fetch_optional(query),
            (connection, Some(preface)) => Box::pin(async move {
                let mut answers = prefaced(connection, preface, query);
                while let Some(answer) = answers.next().await {
                    if let Either::Right(row) = answer? {
                        return Ok(Some(row));
                    }
                }
                Ok(None)
            }),
        }
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
