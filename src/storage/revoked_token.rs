//! Access tokens of systems that were revoked before they ran out. Those of people end with their family.

use uuid::Uuid;

use super::query::query;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::ServiceTokenId;

statements! {
    REVOKED_TOKEN = "SELECT id FROM revoked_token WHERE id = $1";
    REVOKE_TOKEN = "INSERT INTO revoked_token (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
    FORGET_REVOKED_TOKENS = "DELETE FROM revoked_token WHERE id IN \
        (SELECT id FROM revoked_token WHERE expires_at <= $1 ORDER BY expires_at LIMIT 100)";
}

impl ReadTx<'_> {
    /// Whether a token was revoked.
    pub async fn is_revoked(&mut self, id: ServiceTokenId) -> Result<bool, StorageError> {
        let row: Option<(Uuid,)> = query(REVOKED_TOKEN).bind(id.uuid()).fetch_optional(self).await?;
        Ok(row.is_some())
    }
}

impl WriteTx<'_> {
    /// Revokes a token that would run out at `expires_at`; `false` where it was revoked already. Of the
    /// marks of tokens that have run out a hundred are forgotten.
    pub async fn revoke_token(
        &mut self,
        id: ServiceTokenId,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        query(FORGET_REVOKED_TOKENS).bind(now.micros()).execute(self).await?;
        let revoked = query(REVOKE_TOKEN).bind(id.uuid()).bind(expires_at.micros()).execute(self).await?;
        Ok(revoked == 1)
    }
}
