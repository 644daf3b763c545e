//! The schema's history: twins for both engines, same number, same name.

use sqlx::migrate::Migrator;

use super::database::MigrationConnection;
use super::{Db, StorageError};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The numbers and names of every migration, per engine.
pub fn history() -> [Vec<(i64, String)>; 2] {
    [&SQLITE, &POSTGRES]
        .map(|migrator| migrator.iter().map(|step| (step.version, step.description.to_string())).collect())
}

pub(super) async fn apply(db: &Db) -> Result<(), StorageError> {
    match db.migration_connection().await? {
        MigrationConnection::Sqlite(mut connection) => SQLITE.run(&mut connection).await?,
        MigrationConnection::Postgres(mut connection) => POSTGRES.run(&mut *connection).await?,
    }
    Ok(())
}
