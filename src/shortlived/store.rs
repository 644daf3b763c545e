//! The four verbs, and the one answer when they cannot be spoken.

use std::sync::Arc;
use std::time::Duration;

use super::{InProcess, Redis};
use crate::base::{Clock, Secret};

/// The longest key, in bytes. What a stranger may choose is digested before it becomes a key.
pub const LARGEST_KEY: usize = 256;

/// The largest value, in bytes.
pub const LARGEST_VALUE: usize = 64 * 1024;

/// A store for what may die with a minute.
#[derive(Clone)]
pub enum ShortLived {
    /// For one node.
    InProcess(Arc<InProcess>),
    /// For all nodes that share it.
    Redis(Redis),
}

/// The store did not do it. What needed it is refused; it is never taken for success or absence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// No room, until something runs out.
    #[error("the short-lived store is full")]
    Full,
    /// Key or value past their limits.
    #[error("a short-lived entry is too large")]
    TooLarge,
    /// The server did not answer in time, or answered with an error. What it did is not known.
    #[error("the short-lived store does not answer: {0}")]
    Down(String),
}

impl ShortLived {
    /// A store in this process that takes at most `memory` bytes.
    pub fn in_process(clock: Arc<dyn Clock>, memory: usize) -> Self {
        Self::InProcess(Arc::new(InProcess::new(clock, memory)))
    }

    /// A store in the Redis at `url`. Connects on first use, and again whenever it has to.
    pub fn redis(url: &Secret<String>, prefix: &str, timeout: Duration) -> Result<Self, Unavailable> {
        Redis::new(url, prefix, timeout).map(Self::Redis)
    }

    /// Keeps `value` under `key` for `ttl`, unless something is there: `true` for exactly one of many callers.
    pub async fn insert_if_absent(
        &self,
        key: &str,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, Unavailable> {
        if key.len() > LARGEST_KEY || value.len() > LARGEST_VALUE {
            return Err(Unavailable::TooLarge);
        }
        match self {
            Self::InProcess(store) => store.insert_if_absent(key, value, ttl),
            Self::Redis(store) => store.insert_if_absent(key, value, ttl).await,
        }
    }

    /// Counts one more under `key` and tells how many there were within `ttl` of the first.
    pub async fn count(&self, key: &str, ttl: Duration) -> Result<u64, Unavailable> {
        if key.len() > LARGEST_KEY {
            return Err(Unavailable::TooLarge);
        }
        match self {
            Self::InProcess(store) => store.count(key, ttl),
            Self::Redis(store) => store.count(key, ttl).await,
        }
    }

    /// Gives what is under `key` and leaves it there.
    pub async fn read(&self, key: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        match self {
            Self::InProcess(store) => Ok(store.read(key)),
            Self::Redis(store) => store.read(key).await,
        }
    }

    /// Removes and gives what is under `key`: to exactly one of many callers.
    pub async fn take(&self, key: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        match self {
            Self::InProcess(store) => Ok(store.take(key)),
            Self::Redis(store) => store.take(key).await,
        }
    }

    /// Whether the store would answer now. For readiness.
    pub async fn ping(&self) -> Result<(), Unavailable> {
        match self {
            Self::InProcess(_) => Ok(()),
            Self::Redis(store) => store.ping().await,
        }
    }
}
