//! The connections that read SQLite beside the one that writes.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::sqlite::SqliteFile;
use super::{EngineError, StorageError};

/// The connections, open for as long as the database is.
pub(super) struct Readers {
    connections: Vec<Arc<Mutex<Connection>>>,
    free: Arc<Semaphore>,
    patience: Duration,
}

/// A connection that nobody else uses; free again when dropped. The place goes after the connection: whoever gets a
/// place finds a connection.
pub(super) struct Reader {
    connection: OwnedMutexGuard<Connection>,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    pub(super) fn open(file: &SqliteFile, count: u32, patience: Duration) -> Result<Self, StorageError> {
        let connect = |_| Ok::<_, StorageError>(Arc::new(Mutex::new(file.reader()?)));
        let connections = (0..count.max(1)).map(connect).collect::<Result<Vec<_>, _>>()?;
        let free = Arc::new(Semaphore::new(connections.len()));
        Ok(Self { connections, free, patience })
    }

    /// The first that is free, so that the same few stay warm; refused after waiting too long.
    pub(super) async fn acquire(&self) -> Result<Reader, StorageError> {
        let late = || StorageError::from(EngineError::NoConnection);
        let place = tokio::time::timeout(self.patience, Arc::clone(&self.free).acquire_owned()).await;
        let place = place.map_err(|_| late())?.map_err(|_| late())?;
        let mut connections = self.connections.iter();
        let connection = connections.find_map(|connection| Arc::clone(connection).try_lock_owned().ok());
        Ok(Reader { connection: connection.ok_or_else(late)?, _place: place })
    }
}

impl Deref for Reader {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}
