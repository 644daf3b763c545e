//! Refresh tokens, of which only keyed digests are known.

use uuid::Uuid;

use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::FamilyId;

statements! {
    REFRESH_TOKEN = "SELECT family_id, issued_at, expires_at, used_at, request FROM refresh_token WHERE digest = $1";
    INSERT_REFRESH_TOKEN = "INSERT INTO refresh_token (digest, family_id, issued_at, expires_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (digest) DO NOTHING";
    USE_REFRESH_TOKEN = "UPDATE refresh_token SET used_at = $2, request = $3 WHERE digest = $1 AND used_at IS NULL";
    PROLONG_REFRESH_TOKEN = "UPDATE refresh_token SET expires_at = $2 WHERE digest = $1 AND used_at IS NULL";
}

/// A refresh token as stored.
#[derive(Clone, Debug)]
pub struct StoredRefreshToken {
    /// The family it belongs to.
    pub family: FamilyId,
    /// When it was given out.
    pub issued_at: Timestamp,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// When it was replaced, and the digest of the request that did it.
    pub used: Option<(Timestamp, Vec<u8>)>,
}

row! {
    struct RefreshTokenRow {
        family_id: Uuid,
        issued_at: i64,
        expires_at: i64,
        used_at: Option<i64>,
        request: Option<Vec<u8>>,
    }
}

impl TryFrom<RefreshTokenRow> for StoredRefreshToken {
    type Error = StorageError;

    fn try_from(row: RefreshTokenRow) -> Result<Self, StorageError> {
        let used = match (row.used_at, row.request) {
            (Some(at), Some(request)) => Some((Timestamp::from_micros(at), request)),
            (None, None) => None,
            _ => {
                return Err(StorageError::Inconsistent {
                    table: "refresh_token",
                    what: "used without a request",
                });
            }
        };
        Ok(Self {
            family: FamilyId::from_uuid(row.family_id),
            issued_at: Timestamp::from_micros(row.issued_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            used,
        })
    }
}

impl ReadTx<'_> {
    /// The refresh token with this digest.
    pub async fn refresh_token(&mut self, digest: &[u8]) -> Result<Option<StoredRefreshToken>, StorageError> {
        let row: Option<RefreshTokenRow> = query(REFRESH_TOKEN).bind(digest).fetch_optional(self).await?;
        row.map(StoredRefreshToken::try_from).transpose()
    }
}

impl WriteTx<'_> {
    /// Keeps a new refresh token.
    pub async fn insert_refresh_token(
        &mut self,
        digest: &[u8],
        family: FamilyId,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        query(INSERT_REFRESH_TOKEN)
            .bind(digest)
            .bind(family.uuid())
            .bind(now.micros())
            .bind(expires_at.micros())
            .execute(self)
            .await?;
        Ok(())
    }

    /// Puts off the end of a refresh token that stays what it is; `false` where it was used up before.
    pub async fn prolong_refresh_token(
        &mut self,
        digest: &[u8],
        expires_at: Timestamp,
    ) -> Result<bool, StorageError> {
        let prolonged =
            query(PROLONG_REFRESH_TOKEN).bind(digest).bind(expires_at.micros()).execute(self).await?;
        Ok(prolonged == 1)
    }

    /// Uses a refresh token up; `false` where somebody was first.
    pub async fn use_refresh_token(
        &mut self,
        digest: &[u8],
        request: &[u8],
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let used =
            query(USE_REFRESH_TOKEN).bind(digest).bind(now.micros()).bind(request).execute(self).await?;
        Ok(used == 1)
    }
}
