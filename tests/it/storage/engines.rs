//! A fresh database of each engine.

use khue::storage::Db;

/// A fresh, migrated database that goes away with the value.
pub struct FreshDb {
    pub db: std::sync::Arc<Db>,
    pub url: String,
    _folder: tempfile::TempDir,
}

/// A fresh SQLite database.
pub async fn sqlite() -> FreshDb {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/khue.db", folder.path().display());
    fresh(url, folder).await
}

async fn fresh(url: String, folder: tempfile::TempDir) -> FreshDb {
    let db = Db::connect(&url, 4).await.unwrap();
    db.migrate().await.unwrap();
    FreshDb { db: std::sync::Arc::new(db), url, _folder: folder }
}
