//! The instance's own secrets, wrapped by the master key.

use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;

statements! {
    INSTANCE_SECRETS = "SELECT purpose, version, wrapped FROM instance_secret ORDER BY purpose, version";
    INSERT_INSTANCE_SECRET = "INSERT INTO instance_secret (purpose, version, wrapped, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (purpose, version) DO NOTHING";
    REWRAP_INSTANCE_SECRET = "UPDATE instance_secret SET wrapped = $3 WHERE purpose = $1 AND version = $2";
}

row! {
    /// A wrapped secret as stored.
    #[derive(Clone, Debug)]
    pub struct StoredSecret {
        /// What it is for.
        pub purpose: String,
        /// Which of that purpose.
        pub version: i64,
        /// The secret, wrapped.
        pub wrapped: Vec<u8>,
    }
}

impl ReadTx<'_> {
    /// Every secret.
    pub async fn instance_secrets(&mut self) -> Result<Vec<StoredSecret>, StorageError> {
        query(INSTANCE_SECRETS).fetch_all(self).await
    }
}

impl WriteTx<'_> {
    /// Keeps `secret`, unless another node was first.
    pub async fn insert_instance_secret(
        &mut self,
        secret: &StoredSecret,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        query(INSERT_INSTANCE_SECRET)
            .bind(&secret.purpose)
            .bind(secret.version)
            .bind(&secret.wrapped)
            .bind(now.micros())
            .execute(self)
            .await?;
        Ok(())
    }

    /// Replaces the wrapping of a secret after the master key was rotated.
    pub async fn rewrap_instance_secret(&mut self, secret: &StoredSecret) -> Result<(), StorageError> {
        query(REWRAP_INSTANCE_SECRET)
            .bind(&secret.purpose)
            .bind(secret.version)
            .bind(&secret.wrapped)
            .execute(self)
            .await?;
        Ok(())
    }
}
