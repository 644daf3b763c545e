//! The connections that read SQLite beside the one that writes.
//!
//! A pool of sqlx asks every connection that comes back whether it still lives. Here that would double the cost of a
//! read: a connection to a file in the same process does not get lost.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::StorageError;

/// The connections, open for as long as the database is.
pub(super) struct Readers {
    connections: Vec<Arc<Mutex<SqliteConnection>>>,
    free: Arc<Semaphore>,
    patience: Duration,
}

/// A connection that nobody else uses; free again when dropped. The place goes after the connection: whoever gets a
/// place finds a connection.
pub(super) struct Reader {
    connection: OwnedMutexGuard<SqliteConnection>,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    pub(super) async fn open(
        options: &SqliteConnectOptions,
        count: u32,
        patience: Duration,
    ) -> Result<Self, StorageError> {
        let mut connections = Vec::new();
        for _ in 0..count.max(1) {
            connections.push(Arc::new(Mutex::new(options.connect().await?)));
        }
        let free = Arc::new(Semaphore::new(connections.len()));
        Ok(Self { connections, free, patience })
    }

    /// The first that is free, so that the same few stay warm; refused after waiting too long.
    pub(super) async fn acquire(&self) -> Result<Reader, StorageError> {
        let late = || StorageError::Unavailable(sqlx::Error::PoolTimedOut);
        let place = tokio::time::timeout(self.patience, Arc::clone(&self.free).acquire_owned()).await;
        let place = place.map_err(|_| late())?.map_err(|_| late())?;
        let mut connections = self.connections.iter();
        let connection = connections.find_map(|connection| Arc::clone(connection).try_lock_owned().ok());
        Ok(Reader { connection: connection.ok_or_else(late)?, _place: place })
    }
}

impl Deref for Reader {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
