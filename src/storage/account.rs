//! Accounts, their data keys and the blind indexes that find them.

use uuid::Uuid;

use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::AccountId;
use crate::domain::account::{Account, AccountStatus};
use crate::protocol::Locale;

statements! {
    ACCOUNT = "SELECT a.id, a.status, a.profile, a.locale, a.created_at, a.updated_at, k.wrapped \
        FROM account a JOIN data_key k ON k.account_id = a.id WHERE a.id = $1";
    INSERT_ACCOUNT = "INSERT INTO account (id, status, profile, locale, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)";
    INSERT_DATA_KEY = "INSERT INTO data_key (account_id, wrapped) VALUES ($1, $2)";
    UPDATE_PROFILE = "UPDATE account SET profile = $2, locale = $3, updated_at = $4 WHERE id = $1";
    HOLD_ACCOUNT = "UPDATE account SET status = status WHERE id = $1";
    DELETE_ACCOUNT_INDEX = "DELETE FROM account_index WHERE account_id = $1";
    INSERT_ACCOUNT_INDEX = "INSERT INTO account_index (account_id, kind, digest) VALUES ($1, $2, $3)";
    ACCOUNTS_BY_INDEX = "SELECT account_id FROM account_index WHERE kind = $1 AND digest = $2 ORDER BY account_id LIMIT 50";
    DATA_KEYS_AFTER = "SELECT account_id, wrapped FROM data_key WHERE account_id > $1 ORDER BY account_id LIMIT 500";
    REWRAP_DATA_KEY = "UPDATE data_key SET wrapped = $2 WHERE account_id = $1";
}

/// An account with its data key, still wrapped.
#[derive(Clone, Debug)]
pub struct KeyedAccount {
    /// The account, its profile sealed.
    pub account: Account,
    /// The person's data key, wrapped by the master key.
    pub data_key: Vec<u8>,
}

/// One blind index of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountIndex {
    /// Which field: `email`, `phone`, `name`, `name_last_two`, `name_ends`.
    pub kind: &'static str,
    /// The keyed digest.
    pub digest: Vec<u8>,
}

row! {
    pub(super) struct AccountRow {
        id: Uuid,
        status: String,
        profile: Vec<u8>,
        locale: String,
        created_at: i64,
        updated_at: i64,
        wrapped: Vec<u8>,
    }
}

impl TryFrom<AccountRow> for KeyedAccount {
    type Error = StorageError;

    fn try_from(row: AccountRow) -> Result<Self, StorageError> {
        let inconsistent = |what| StorageError::Inconsistent { table: "account", what };
        Ok(Self {
            account: Account {
                id: AccountId::from_uuid(row.id),
                status: AccountStatus::parse(&row.status).ok_or(inconsistent("unknown status"))?,
                profile: row.profile,
                locale: Locale::parse(&row.locale).ok_or(inconsistent("unknown locale"))?,
                created_at: Timestamp::from_micros(row.created_at),
                updated_at: Timestamp::from_micros(row.updated_at),
            },
            data_key: row.wrapped,
        })
    }
}

impl ReadTx<'_> {
    /// The account `id` and its data key.
    pub async fn account(&mut self, id: AccountId) -> Result<Option<KeyedAccount>, StorageError> {
        let row: Option<AccountRow> = query(ACCOUNT).bind(id.uuid()).fetch_optional(self).await?;
        row.map(KeyedAccount::try_from).transpose()
    }

    /// Accounts with this blind index, at most 50.
    pub async fn accounts_by_index(&mut self, index: &AccountIndex) -> Result<Vec<AccountId>, StorageError> {
        let rows: Vec<(Uuid,)> =
            query(ACCOUNTS_BY_INDEX).bind(index.kind).bind(&index.digest).fetch_all(self).await?;
        Ok(rows.into_iter().map(|(id,)| AccountId::from_uuid(id)).collect())
    }

    /// The next data keys after `after`, in order, at most 500.
    pub async fn data_keys_after(
        &mut self,
        after: AccountId,
    ) -> Result<Vec<(AccountId, Vec<u8>)>, StorageError> {
        let rows: Vec<(Uuid, Vec<u8>)> = query(DATA_KEYS_AFTER).bind(after.uuid()).fetch_all(self).await?;
        Ok(rows.into_iter().map(|(id, wrapped)| (AccountId::from_uuid(id), wrapped)).collect())
    }
}

impl WriteTx<'_> {
    /// Keeps a new account with its data key and indexes.
    pub async fn insert_account(
        &mut self,
        account: &KeyedAccount,
        indexes: &[AccountIndex],
    ) -> Result<(), StorageError> {
        let KeyedAccount { account, data_key } = account;
        query(INSERT_ACCOUNT)
            .bind(account.id.uuid())
            .bind(account.status.as_str())
            .bind(&account.profile)
            .bind(account.locale.as_str())
            .bind(account.created_at.micros())
            .execute(self)
            .await?;
        query(INSERT_DATA_KEY).bind(account.id.uuid()).bind(data_key).execute(self).await?;
        self.insert_indexes(account.id, indexes).await
    }

    /// Replaces an account's sealed profile and its indexes.
    pub async fn update_profile(
        &mut self,
        id: AccountId,
        profile: &[u8],
        locale: Locale,
        indexes: &[AccountIndex],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        query(UPDATE_PROFILE)
            .bind(id.uuid())
            .bind(profile)
            .bind(locale.as_str())
            .bind(now.micros())
            .execute(self)
            .await?;
        query(DELETE_ACCOUNT_INDEX).bind(id.uuid()).execute(self).await?;
        self.insert_indexes(id, indexes).await
    }

    /// Makes other writers who hold this account wait until this write is over.
    pub async fn hold_account(&mut self, id: AccountId) -> Result<(), StorageError> {
        query(HOLD_ACCOUNT).bind(id.uuid()).execute(self).await?;
        Ok(())
    }

    /// Replaces the wrapping of a data key after the master key was rotated.
    pub async fn rewrap_data_key(&mut self, id: AccountId, wrapped: &[u8]) -> Result<(), StorageError> {
        query(REWRAP_DATA_KEY).bind(id.uuid()).bind(wrapped).execute(self).await?;
        Ok(())
    }

    async fn insert_indexes(&mut self, id: AccountId, indexes: &[AccountIndex]) -> Result<(), StorageError> {
        for index in indexes {
            query(INSERT_ACCOUNT_INDEX)
                .bind(id.uuid())
                .bind(index.kind)
                .bind(&index.digest)
                .execute(self)
                .await?;
        }
        Ok(())
    }
}
