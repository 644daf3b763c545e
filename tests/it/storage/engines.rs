//! A fresh database of each engine.

use khue::base::SystemEntropy;
use khue::base::encoding::base64url;
use khue::base::entropy::random_bytes;
use khue::storage::Db;
use sqlx::Connection;

use crate::parts;

/// A fresh, migrated database.
pub struct FreshDb {
    pub db: std::sync::Arc<Db>,
    pub url: String,
    /// Where SQLite keeps it; goes away with the value. PostgreSQL's goes away with the private server.
    _folder: Option<tempfile::TempDir>,
}

/// A fresh SQLite database.
pub async fn sqlite() -> FreshDb {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/khue.db", folder.path().display());
    fresh(url, Some(folder)).await
}

/// A fresh database in the private PostgreSQL.
pub async fn postgres() -> FreshDb {
    let server = url::Url::parse(&parts::postgres_url()).unwrap();
    let name = format!("test_{}", base64url(random_bytes::<12>(&SystemEntropy::new())));
    let mut connection = sqlx::PgConnection::connect(server.as_str()).await.unwrap();
    let create = format!("CREATE DATABASE \"{name}\"");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let mut url = server;
    url.set_path(&name);
    fresh(url.into(), None).await
}

async fn fresh(url: String, folder: Option<tempfile::TempDir>) -> FreshDb {
    let db = Db::connect(&url, 4).await.unwrap();
    db.migrate().await.unwrap();
    FreshDb { db: std::sync::Arc::new(db), url, _folder: folder }
}
