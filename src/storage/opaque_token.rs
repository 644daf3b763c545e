//! Opaque access tokens, of which only keyed digests are known.

use super::query::query;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;

statements! {
    OPAQUE_TOKEN = "SELECT sealed FROM opaque_token WHERE digest = $1";
    INSERT_OPAQUE_TOKEN = "INSERT INTO opaque_token (digest, sealed, expires_at) VALUES ($1, $2, $3) \
        ON CONFLICT (digest) DO NOTHING";
    HAS_OPAQUE_TOKENS_RUN_OUT = "SELECT expires_at FROM opaque_token WHERE expires_at <= $1 LIMIT 1";
    FORGET_OPAQUE_TOKENS = "DELETE FROM opaque_token WHERE digest IN \
        (SELECT digest FROM opaque_token WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
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
        let row: Option<(String,)> = query(OPAQUE_TOKEN).bind(digest).fetch_optional(self).await?;
        Ok(row.map(|(sealed,)| sealed))
    }

    /// Whether one has run out that is still there.
    pub async fn have_opaque_tokens_run_out(&mut self, now: Timestamp) -> Result<bool, StorageError> {
        let row: Option<(i64,)> =
            query(HAS_OPAQUE_TOKENS_RUN_OUT).bind(now.micros()).fetch_optional(self).await?;
        Ok(row.is_some())
    }
}

impl WriteTx<'_> {
    /// Keeps a new token. It touches no other row: nobody waits for whoever else is given one.
    pub async fn insert_opaque_token(&mut self, token: &StoredOpaqueToken) -> Result<(), StorageError> {
        query(INSERT_OPAQUE_TOKEN)
            .bind(token.digest.as_slice())
            .bind(token.sealed.as_str())
            .bind(token.expires_at.micros())
            .execute(self)
            .await?;
        Ok(())
    }

    /// Forgets `most` of those that have run out, the oldest first.
    pub async fn forget_opaque_tokens(&mut self, now: Timestamp, most: i64) -> Result<(), StorageError> {
        query(FORGET_OPAQUE_TOKENS).bind(now.micros()).bind(most).execute(self).await?;
        Ok(())
    }
}
