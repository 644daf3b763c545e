//! The instance's own secrets, wrapped by the master key.

use super::statements::statements;
use super::transaction::on_engine;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;

statements! {
    INSTANCE_SECRETS = "SELECT purpose, version, wrapped FROM instance_secret ORDER BY purpose, version";
    INSERT_INSTANCE_SECRET = "INSERT INTO instance_secret (purpose, version, wrapped, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (purpose, version) DO NOTHING";
    REWRAP_INSTANCE_SECRET = "UPDATE instance_secret SET wrapped = $3 WHERE purpose = $1 AND version = $2";
}

/// A wrapped secret as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StoredSecret {
    /// What it is for.
    pub purpose: String,
    /// Which of that purpose.
    pub version: i64,
    /// The secret, wrapped.
    pub wrapped: Vec<u8>,
}

impl ReadTx<'_> {
    /// Every secret.
    pub async fn instance_secrets(&mut self) -> Result<Vec<StoredSecret>, StorageError> {
        Ok(on_engine!(self, c => sqlx::query_as(INSTANCE_SECRETS).fetch_all(c).await?))
    }
}

impl WriteTx<'_> {
    /// Keeps `secret`, unless another node was first.
    pub async fn insert_instance_secret(
        &mut self,
        secret: &StoredSecret,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        on_engine!(self, c => sqlx::query(INSERT_INSTANCE_SECRET)
            .bind(&secret.purpose)
            .bind(secret.version)
            .bind(&secret.wrapped)
            .bind(now.micros())
            .execute(c)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Replaces the wrapping of a secret after the master key was rotated.
    pub async fn rewrap_instance_secret(&mut self, secret: &StoredSecret) -> Result<(), StorageError> {
        on_engine!(self, c => sqlx::query(REWRAP_INSTANCE_SECRET)
            .bind(&secret.purpose)
            .bind(secret.version)
            .bind(&secret.wrapped)
            .execute(c)
            .await?
            .rows_affected());
        Ok(())
    }
}
