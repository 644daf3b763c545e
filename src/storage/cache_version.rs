//! Version numbers of what is cached in process: a change on one node is seen by all.

use super::query::query;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};

statements! {
    CACHE_VERSIONS = "SELECT name, version FROM cache_version";
    BUMP_CACHE_VERSION = "UPDATE cache_version SET version = version + 1 WHERE name = $1";
}

/// What is cached in process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cached {
    /// Registrations of relying systems.
    Clients,
    /// Signing keys.
    SigningKeys,
}

impl Cached {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Clients => "client",
            Self::SigningKeys => "signing_key",
        }
    }
}

/// The versions as they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheVersions {
    /// Of the registrations.
    pub clients: i64,
    /// Of the signing keys.
    pub signing_keys: i64,
}

impl ReadTx<'_> {
    /// The versions as they stand.
    pub async fn cache_versions(&mut self) -> Result<CacheVersions, StorageError> {
        let rows: Vec<(String, i64)> = query(CACHE_VERSIONS).fetch_all(self).await?;
        let version = |cached: Cached| {
            rows.iter().find(|(name, _)| name == cached.as_str()).map_or(0, |(_, version)| *version)
        };
        Ok(CacheVersions { clients: version(Cached::Clients), signing_keys: version(Cached::SigningKeys) })
    }
}

impl WriteTx<'_> {
    /// Tells every node that what it cached has changed.
    pub async fn bump_cache_version(&mut self, cached: Cached) -> Result<(), StorageError> {
        query(BUMP_CACHE_VERSION).bind(cached.as_str()).execute(self).await?;
        Ok(())
    }
}
