//! Signing keys, wrapped.

use uuid::Uuid;

use super::cache_version::Cached;
use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::SigningKeyId;
use crate::domain::signing_key::{SigningKeyState, StoredSigningKey};

statements! {
    SIGNING_KEYS = "SELECT id, kid, algorithm, state, wrapped, created_at, activated_at, retiring_at \
        FROM signing_key ORDER BY created_at, id";
    INSERT_SIGNING_KEY = "INSERT INTO signing_key (id, kid, algorithm, state, wrapped, created_at, activated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ACTIVATE_SIGNING_KEY = "UPDATE signing_key SET state = 'active', activated_at = $2 WHERE id = $1 AND state = 'next'";
    RETIRE_FROM_SIGNING = "UPDATE signing_key SET state = 'retiring', retiring_at = $2 WHERE id = $1 AND state = 'active'";
    WITHDRAW_SIGNING_KEY = "UPDATE signing_key SET state = 'retired', retired_at = $2 WHERE id = $1 AND state = 'retiring'";
    REWRAP_SIGNING_KEY = "UPDATE signing_key SET wrapped = $2 WHERE id = $1";
}

row! {
    struct SigningKeyRow {
        id: Uuid,
        kid: String,
        algorithm: String,
        state: String,
        wrapped: Vec<u8>,
        created_at: i64,
        activated_at: Option<i64>,
        retiring_at: Option<i64>,
    }
}

impl TryFrom<SigningKeyRow> for StoredSigningKey {
    type Error = StorageError;

    fn try_from(row: SigningKeyRow) -> Result<Self, StorageError> {
        let inconsistent = |what| StorageError::Inconsistent { table: "signing_key", what };
        let state = SigningKeyState::parse(&row.state).ok_or(inconsistent("unknown state"))?;
        if state != SigningKeyState::Next && row.activated_at.is_none() {
            return Err(inconsistent("past next and never activated"));
        }
        Ok(Self {
            id: SigningKeyId::from_uuid(row.id),
            kid: row.kid,
            algorithm: row.algorithm,
            state,
            wrapped: row.wrapped,
            created_at: Timestamp::from_micros(row.created_at),
            activated_at: row.activated_at.map(Timestamp::from_micros),
            retiring_at: row.retiring_at.map(Timestamp::from_micros),
        })
    }
}

impl ReadTx<'_> {
    /// Every signing key there ever was, oldest first.
    pub async fn signing_keys(&mut self) -> Result<Vec<StoredSigningKey>, StorageError> {
        let rows: Vec<SigningKeyRow> = query(SIGNING_KEYS).fetch_all(self).await?;
        rows.into_iter().map(StoredSigningKey::try_from).collect()
    }
}

impl WriteTx<'_> {
    /// Keeps a new key.
    pub async fn insert_signing_key(&mut self, key: &StoredSigningKey) -> Result<(), StorageError> {
        query(INSERT_SIGNING_KEY)
            .bind(key.id.uuid())
            .bind(&key.kid)
            .bind(&key.algorithm)
            .bind(key.state.as_str())
            .bind(&key.wrapped)
            .bind(key.created_at.micros())
            .bind(key.activated_at.map(Timestamp::micros))
            .execute(self)
            .await?;
        self.bump_cache_version(Cached::SigningKeys).await
    }

    /// Moves a key one state on; `false` where it was not in the state before.
    pub async fn advance_signing_key(
        &mut self,
        id: SigningKeyId,
        to: SigningKeyState,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let statement = match to {
            SigningKeyState::Next => return Ok(false),
            SigningKeyState::Active => ACTIVATE_SIGNING_KEY,
            SigningKeyState::Retiring => RETIRE_FROM_SIGNING,
            SigningKeyState::Retired => WITHDRAW_SIGNING_KEY,
        };
        let moved = query(statement).bind(id.uuid()).bind(now.micros()).execute(self).await?;
        self.bump_cache_version(Cached::SigningKeys).await?;
        Ok(moved == 1)
    }

    /// Replaces the wrapping of a key after the master key was rotated.
    pub async fn rewrap_signing_key(&mut self, id: SigningKeyId, wrapped: &[u8]) -> Result<(), StorageError> {
        query(REWRAP_SIGNING_KEY).bind(id.uuid()).bind(wrapped).execute(self).await?;
        Ok(())
    }
}
