//! Passkeys.

use uuid::Uuid;

use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, CredentialId};
use crate::domain::passkey::Passkey;

statements! {
    PASSKEY_BY_CREDENTIAL = "SELECT id, account_id, sealed, label, synced, created_at, last_used_at FROM passkey \
        WHERE credential_digest = $1 AND removed_at IS NULL";
    PASSKEYS_OF_ACCOUNT = "SELECT id, account_id, sealed, label, synced, created_at, last_used_at FROM passkey \
        WHERE account_id = $1 AND removed_at IS NULL ORDER BY id";
    INSERT_PASSKEY = "INSERT INTO passkey (id, account_id, credential_digest, sealed, label, synced, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_digest) DO NOTHING";
    PASSKEY_USED = "UPDATE passkey SET sealed = $2, synced = $3, last_used_at = $4 WHERE id = $1 AND removed_at IS NULL";
    RENAME_PASSKEY = "UPDATE passkey SET label = $3 WHERE id = $1 AND account_id = $2 AND removed_at IS NULL";
    REMOVE_PASSKEY = "UPDATE passkey SET removed_at = $3 WHERE id = $1 AND account_id = $2 AND removed_at IS NULL \
        AND EXISTS (SELECT 1 FROM passkey other WHERE other.account_id = $2 AND other.id <> $1 AND other.removed_at IS NULL)";
}

row! {
    struct PasskeyRow {
        id: Uuid,
        account_id: Uuid,
        sealed: Vec<u8>,
        label: Vec<u8>,
        synced: bool,
        created_at: i64,
        last_used_at: Option<i64>,
    }
}

impl From<PasskeyRow> for Passkey {
    fn from(row: PasskeyRow) -> Self {
        Self {
            id: CredentialId::from_uuid(row.id),
            account_id: AccountId::from_uuid(row.account_id),
            sealed: row.sealed,
            label: row.label,
            synced: row.synced,
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        }
    }
}

impl ReadTx<'_> {
    /// The passkey whose WebAuthn credential id has this digest.
    pub async fn passkey_by_credential(&mut self, digest: &[u8]) -> Result<Option<Passkey>, StorageError> {
        let row: Option<PasskeyRow> = query(PASSKEY_BY_CREDENTIAL).bind(digest).fetch_optional(self).await?;
        Ok(row.map(Passkey::from))
    }

    /// An account's passkeys, oldest first.
    pub async fn passkeys(&mut self, account: AccountId) -> Result<Vec<Passkey>, StorageError> {
        let rows: Vec<PasskeyRow> = query(PASSKEYS_OF_ACCOUNT).bind(account.uuid()).fetch_all(self).await?;
        Ok(rows.into_iter().map(Passkey::from).collect())
    }
}

impl WriteTx<'_> {
    /// Keeps a new passkey; `false` where that credential is registered already, to anybody.
    pub async fn insert_passkey(
        &mut self,
        passkey: &Passkey,
        credential_digest: &[u8],
    ) -> Result<bool, StorageError> {
        let inserted = query(INSERT_PASSKEY)
            .bind(passkey.id.uuid())
            .bind(passkey.account_id.uuid())
            .bind(credential_digest)
            .bind(&passkey.sealed)
            .bind(&passkey.label)
            .bind(passkey.synced)
            .bind(passkey.created_at.micros())
            .execute(self)
            .await?;
        Ok(inserted == 1)
    }

    /// Notes that a passkey signed its owner in, with its new counter and backup state; `false` where it was removed.
    pub async fn passkey_used(
        &mut self,
        id: CredentialId,
        sealed: &[u8],
        synced: bool,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let updated = query(PASSKEY_USED)
            .bind(id.uuid())
            .bind(sealed)
            .bind(synced)
            .bind(now.micros())
            .execute(self)
            .await?;
        Ok(updated == 1)
    }

    /// Gives a passkey of `account` another name; `false` where it has no such passkey.
    pub async fn rename_passkey(
        &mut self,
        id: CredentialId,
        account: AccountId,
        label: &[u8],
    ) -> Result<bool, StorageError> {
        let renamed =
            query(RENAME_PASSKEY).bind(id.uuid()).bind(account.uuid()).bind(label).execute(self).await?;
        Ok(renamed == 1)
    }

    /// Removes a passkey of `account`, unless it is the last; `false` where nothing was removed.
    pub async fn remove_passkey(
        &mut self,
        id: CredentialId,
        account: AccountId,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let removed = query(REMOVE_PASSKEY)
            .bind(id.uuid())
            .bind(account.uuid())
            .bind(now.micros())
            .execute(self)
            .await?;
        Ok(removed == 1)
    }
}
