//! The store that nodes share.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, RedisError};

use super::Unavailable;
use crate::base::Secret;

/// Short-lived entries in Redis 6.2 or newer.
#[derive(Clone)]
pub struct Redis {
    connection: ConnectionManager,
    prefix: String,
    timeout: Duration,
}

impl Redis {
    /// A store at `url`, its keys after `prefix`. One command takes at most `timeout`, reconnecting included.
    pub fn new(url: &Secret<String>, prefix: &str, timeout: Duration) -> Result<Self, Unavailable> {
        let client = Client::open(url.expose().as_str()).map_err(|error| down(&error))?;
        // Never tried twice: an insertion whose answer got lost may have happened.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout));
        let connection =
            ConnectionManager::new_lazy_with_config(client, config).map_err(|error| down(&error))?;
        Ok(Self { connection, prefix: prefix.to_owned(), timeout })
    }

    /// See [`ShortLived::insert_if_absent`](super::ShortLived::insert_if_absent).
    pub async fn insert_if_absent(
        &self,
        key: &str,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, Unavailable> {
        let millis = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1);
        let mut command = redis::cmd("SET");
        command.arg(self.key(key)).arg(value).arg("NX").arg("PX").arg(millis);
        let done: Option<String> = self.ask(&command).await?;
        Ok(done.is_some())
    }

    /// See [`ShortLived::count`](super::ShortLived::count).
    pub async fn count(&self, key: &str, ttl: Duration) -> Result<u64, Unavailable> {
        // The span begins with the first count: INCR keeps the expiry that SET gave.
        self.insert_if_absent(key, b"0", ttl).await?;
        let mut command = redis::cmd("INCR");
        command.arg(self.key(key));
        self.ask(&command).await
    }

    /// See [`ShortLived::read`](super::ShortLived::read).
    pub async fn read(&self, key: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        let mut command = redis::cmd("GET");
        command.arg(self.key(key));
        self.ask(&command).await
    }

    /// See [`ShortLived::take`](super::ShortLived::take).
    pub async fn take(&self, key: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        let mut command = redis::cmd("GETDEL");
        command.arg(self.key(key));
        self.ask(&command).await
    }

    /// See [`ShortLived::ping`](super::ShortLived::ping).
    pub async fn ping(&self) -> Result<(), Unavailable> {
        self.ask::<String>(&redis::cmd("PING")).await.map(drop)
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Unavailable> {
        let mut connection = self.connection.clone();
        match tokio::time::timeout(self.timeout, command.query_async(&mut connection)).await {
            Ok(answer) => answer.map_err(|error| down(&error)),
            Err(_) => Err(Unavailable::Down("no answer in time".into())),
        }
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

/// The kind and code of an error alone: its full text may quote what was sent.
fn down(error: &RedisError) -> Unavailable {
    let code = error.code().map(|code| format!(" {code}")).unwrap_or_default();
    Unavailable::Down(format!("{:?}{code}", error.kind()))
}
