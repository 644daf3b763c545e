//! Opaque access tokens, of which only keyed digests are known.

use super::statements::statements;
use super::transaction::on_engine;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;

statements! {
    OPAQUE_TOKEN = "SELECT sealed FROM opaque_token WHERE digest = $1";
    INSERT_OPAQUE_TOKEN = "INSERT INTO opaque_token (digest, sealed, expires_at) VALUES ($1, $2, $3) \
        ON CONFLICT (digest) DO NOTHING";
    FORGET_OPAQUE_TOKENS = "DELETE FROM opaque_token WHERE expires_at <= $1";
}

/// An opaque access token as stored.
#[derive(Clone, Debug)]
pub struct StoredOpaqueToken {
    /// Its keyed digest.
    pub digest: [u8; 32],
    /// What it stands for, sealed.
    pub sealed: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl ReadTx<'_> {
    /// What the token with this digest stands for, sealed.
    pub async fn opaque_token(&mut self, digest: &[u8]) -> Result<Option<String>, StorageError> {
        let row: Option<(String,)> =
            on_engine!(self, c => sqlx::query_as(OPAQUE_TOKEN).bind(digest).fetch_optional(c).await?);
        Ok(row.map(|(sealed,)| sealed))
    }
}

impl WriteTx<'_> {
    /// Keeps a new token. Those that have run out are forgotten, so that there are never more than live at once.
    pub async fn insert_opaque_token(
        &mut self,
        token: &StoredOpaqueToken,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        on_engine!(self, c => sqlx::query(FORGET_OPAQUE_TOKENS).bind(now.micros()).execute(c).await?.rows_affected());
        on_engine!(self, c => sqlx::query(INSERT_OPAQUE_TOKEN)
            .bind(token.digest.as_slice())
            .bind(token.sealed.as_str())
            .bind(token.expires_at.micros())
            .execute(c)
            .await?
            .rows_affected());
        Ok(())
    }
}
