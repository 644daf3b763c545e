//! Systems that registered themselves, and the tokens with which they may.

use super::query::query;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::protocol::ClientId;

statements! {
    DYNAMIC_REGISTRATION = "SELECT scope, sector_identifier_uri, software_statement, created_at FROM dynamic_registration \
        WHERE token_digest = $1 AND client_id = $2";
    COUNT_DYNAMIC_REGISTRATIONS = "SELECT COUNT(*) FROM dynamic_registration";
    INSERT_DYNAMIC_REGISTRATION = "INSERT INTO dynamic_registration \
        (client_id, token_digest, scope, sector_identifier_uri, created_at, software_statement) VALUES ($1, $2, $3, $4, $5, $6)";
    CHANGE_DYNAMIC_REGISTRATION = "UPDATE dynamic_registration SET sector_identifier_uri = $3, software_statement = $4 \
        WHERE token_digest = $1 AND client_id = $2";
    END_DYNAMIC_REGISTRATION = "DELETE FROM dynamic_registration WHERE token_digest = $1 AND client_id = $2";
    INSERT_INITIAL_TOKEN = "INSERT INTO initial_access_token (digest, scope, remaining, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5)";
    INITIAL_TOKEN_SCOPE = "SELECT scope FROM initial_access_token \
        WHERE digest = $1 AND remaining > 0 AND expires_at > $2";
    USE_INITIAL_TOKEN = "UPDATE initial_access_token SET remaining = remaining - 1 \
        WHERE digest = $1 AND remaining > 0 AND expires_at > $2";
}

/// What is kept of a system that registered itself, beside its registration.
#[derive(Clone, Debug)]
pub struct DynamicRegistration {
    /// The scopes that it may ever register.
    pub scope: String,
    /// Where it lists its addresses.
    pub sector_identifier_uri: Option<String>,
    /// What somebody else says of it, as it came (RFC 7591 §3.2.1: it is told back).
    pub software_statement: Option<String>,
    /// When it came.
    pub created_at: Timestamp,
}

impl ReadTx<'_> {
    /// The registration of `client`, for whoever holds its token.
    pub async fn dynamic_registration(
        &mut self,
        client: &ClientId,
        token_digest: &[u8],
    ) -> Result<Option<DynamicRegistration>, StorageError> {
        let row: Option<(String, Option<String>, Option<String>, i64)> =
            query(DYNAMIC_REGISTRATION).bind(token_digest).bind(client.as_str()).fetch_optional(self).await?;
        Ok(row.map(|(scope, sector_identifier_uri, software_statement, created_at)| DynamicRegistration {
            scope,
            sector_identifier_uri,
            software_statement,
            created_at: Timestamp::from_micros(created_at),
        }))
    }

    /// How many systems registered themselves.
    pub async fn count_dynamic_registrations(&mut self) -> Result<i64, StorageError> {
        let row: Option<(i64,)> = query(COUNT_DYNAMIC_REGISTRATIONS).fetch_optional(self).await?;
        Ok(row.map_or(0, |(count,)| count))
    }

    /// What an initial access token allows; nothing where it is unknown, used up or too old.
    pub async fn initial_token_scope(
        &mut self,
        digest: &[u8],
        now: Timestamp,
    ) -> Result<Option<String>, StorageError> {
        let row: Option<(String,)> =
            query(INITIAL_TOKEN_SCOPE).bind(digest).bind(now.micros()).fetch_optional(self).await?;
        Ok(row.map(|(scope,)| scope))
    }
}

impl WriteTx<'_> {
    /// Keeps that `client` registered itself.
    pub async fn insert_dynamic_registration(
        &mut self,
        client: &ClientId,
        token_digest: &[u8],
        kept: &DynamicRegistration,
    ) -> Result<(), StorageError> {
        query(INSERT_DYNAMIC_REGISTRATION)
            .bind(client.as_str())
            .bind(token_digest)
            .bind(&kept.scope)
            .bind(kept.sector_identifier_uri.as_deref())
            .bind(kept.created_at.micros())
            .bind(kept.software_statement.as_deref())
            .execute(self)
            .await?;
        Ok(())
    }

    /// Keeps where `client` lists its addresses now, and what is said of it; `false` where its registration has ended.
    pub async fn change_dynamic_registration(
        &mut self,
        client: &ClientId,
        token_digest: &[u8],
        kept: &DynamicRegistration,
    ) -> Result<bool, StorageError> {
        let changed = query(CHANGE_DYNAMIC_REGISTRATION)
            .bind(token_digest)
            .bind(client.as_str())
            .bind(kept.sector_identifier_uri.as_deref())
            .bind(kept.software_statement.as_deref())
            .execute(self)
            .await?;
        Ok(changed == 1)
    }

    /// Ends a registration, and with it its token; `false` where it has ended already.
    pub async fn end_dynamic_registration(
        &mut self,
        client: &ClientId,
        token_digest: &[u8],
    ) -> Result<bool, StorageError> {
        let ended =
            query(END_DYNAMIC_REGISTRATION).bind(token_digest).bind(client.as_str()).execute(self).await?;
        Ok(ended == 1)
    }

    /// Keeps a token that lets `count` systems register themselves.
    pub async fn insert_initial_token(
        &mut self,
        digest: &[u8],
        scope: &str,
        count: u32,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StorageError> {
        query(INSERT_INITIAL_TOKEN)
            .bind(digest)
            .bind(scope)
            .bind(i64::from(count))
            .bind(now.micros())
            .bind(expires_at.micros())
            .execute(self)
            .await?;
        Ok(())
    }

    /// Uses an initial access token once; `false` where it is used up.
    pub async fn use_initial_token(&mut self, digest: &[u8], now: Timestamp) -> Result<bool, StorageError> {
        let used = query(USE_INITIAL_TOKEN).bind(digest).bind(now.micros()).execute(self).await?;
        Ok(used == 1)
    }
}
