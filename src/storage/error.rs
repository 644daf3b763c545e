//! What can go wrong between the house and its database.

/// Facts for the operator; none of them personal.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database did not answer, answered late, or refused. Nothing was half-done.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] EngineError),
    /// The group this write was committed with could not be made durable. Nothing of it was kept.
    #[error("the commit did not become durable")]
    NotCommitted,
    /// A row holds a combination of columns that no code of ours writes.
    #[error("inconsistent row in {table}: {what}")]
    Inconsistent {
        /// The table of the row.
        table: &'static str,
        /// Which rule it breaks.
        what: &'static str,
    },
    /// The schema could not be brought to the version this program needs.
    #[error("migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database URL names no engine that this program speaks.
    #[error("the database URL must begin with sqlite: or postgres:")]
    UnknownEngine,
}

/// What an engine said, or why it could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// SQLite refused.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL refused or cannot be reached.
    #[error(transparent)]
    Postgres(#[from] sqlx::Error),
    /// Every connection was in use for too long.
    #[error("every connection is in use")]
    NoConnection,
    /// Another process kept the file to itself for too long.
    #[error("another process is writing")]
    Busy,
    /// The system gave no thread to work on.
    #[error("no thread to work on: {0}")]
    NoThread(#[source] std::io::Error),
}

impl<E: Into<EngineError>> From<E> for StorageError {
    fn from(error: E) -> Self {
        Self::Unavailable(error.into())
    }
}
