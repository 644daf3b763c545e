//! What people agreed to share.

use uuid::Uuid;

use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, ConsentId};
use crate::domain::audit::EventKind;
use crate::domain::consent::Consent;
use crate::protocol::ClientId;

statements! {
    CONSENT = "SELECT id, account_id, client_id, terms, confirmed_at, withdrawn_at FROM consent \
        WHERE account_id = $1 AND client_id = $2";
    CONSENTS_OF_ACCOUNT = "SELECT id, account_id, client_id, terms, confirmed_at, withdrawn_at FROM consent \
        WHERE account_id = $1 AND withdrawn_at IS NULL ORDER BY confirmed_at DESC";
    LAST_RELEASES = "SELECT client, MAX(at) FROM audit_entry \
        WHERE subject = $1 AND kind = $2 AND client IS NOT NULL GROUP BY client";
    PUT_CONSENT = "INSERT INTO consent (id, account_id, client_id, terms, confirmed_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (account_id, client_id) DO UPDATE \
        SET terms = excluded.terms, confirmed_at = excluded.confirmed_at, withdrawn_at = NULL";
    WITHDRAW_CONSENT = "UPDATE consent SET withdrawn_at = $3 WHERE account_id = $1 AND client_id = $2 AND withdrawn_at IS NULL";
}

row! {
    pub(super) struct ConsentRow {
        pub(super) id: Uuid,
        pub(super) account_id: Uuid,
        pub(super) client_id: String,
        pub(super) terms: String,
        pub(super) confirmed_at: i64,
        pub(super) withdrawn_at: Option<i64>,
    }
}

impl TryFrom<ConsentRow> for Consent {
    type Error = StorageError;

    fn try_from(row: ConsentRow) -> Result<Self, StorageError> {
        let inconsistent = |what| StorageError::Inconsistent { table: "consent", what };
        Ok(Self {
            id: ConsentId::from_uuid(row.id),
            account_id: AccountId::from_uuid(row.account_id),
            client_id: ClientId::parse(&row.client_id)
                .map_err(|_| inconsistent("client id of another form"))?,
            terms: serde_json::from_str(&row.terms).map_err(|_| inconsistent("terms that cannot be read"))?,
            confirmed_at: Timestamp::from_micros(row.confirmed_at),
            withdrawn_at: row.withdrawn_at.map(Timestamp::from_micros),
        })
    }
}

impl ReadTx<'_> {
    /// What `account` answered to `client`, withdrawn or not.
    pub async fn consent(
        &mut self,
        account: AccountId,
        client: &ClientId,
    ) -> Result<Option<Consent>, StorageError> {
        let row: Option<ConsentRow> =
            query(CONSENT).bind(account.uuid()).bind(client.as_str()).fetch_optional(self).await?;
        row.map(Consent::try_from).transpose()
    }

    /// Every standing consent of `account`, newest first.
    pub async fn consents(&mut self, account: AccountId) -> Result<Vec<Consent>, StorageError> {
        let rows: Vec<ConsentRow> = query(CONSENTS_OF_ACCOUNT).bind(account.uuid()).fetch_all(self).await?;
        rows.into_iter().map(Consent::try_from).collect()
    }

    /// When each system last received claims about `account`, by client id.
    pub async fn last_releases(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<(String, Timestamp)>, StorageError> {
        let rows: Vec<(String, i64)> = query(LAST_RELEASES)
            .bind(account.uuid())
            .bind(EventKind::ClaimsReleased.as_str())
            .fetch_all(self)
            .await?;
        Ok(rows.into_iter().map(|(client, at)| (client, Timestamp::from_micros(at))).collect())
    }
}

impl WriteTx<'_> {
    /// Keeps an answer in place of the last one.
    pub async fn put_consent(&mut self, consent: &Consent) -> Result<(), StorageError> {
        let terms = serde_json::to_string(&consent.terms).map_err(|_| StorageError::Inconsistent {
            table: "consent",
            what: "terms that cannot be written",
        })?;
        query(PUT_CONSENT)
            .bind(consent.id.uuid())
            .bind(consent.account_id.uuid())
            .bind(consent.client_id.as_str())
            .bind(&terms)
            .bind(consent.confirmed_at.micros())
            .execute(self)
            .await?;
        Ok(())
    }

    /// Takes a consent back; `false` where there was none.
    pub async fn withdraw_consent(
        &mut self,
        account: AccountId,
        client: &ClientId,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let withdrawn = query(WITHDRAW_CONSENT)
            .bind(account.uuid())
            .bind(client.as_str())
            .bind(now.micros())
            .execute(self)
            .await?;
        Ok(withdrawn == 1)
    }
}
