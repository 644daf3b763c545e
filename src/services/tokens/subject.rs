//! How a system knows a person and her session.

use crate::base::ids::{AccountId, SessionId};
use crate::domain::client::Client;
use crate::protocol::SubjectType;
use crate::services::{Failure, Provider};
use crate::storage::{KeyedAccount, StorageError};

impl Provider {
    /// The `sub` of `account` towards `client` (OIDC Core §8).
    pub(in crate::services) fn subject(&self, client: &Client, account: AccountId) -> String {
        let subjects = self.keyring.subjects();
        match client.registration.subject_type {
            SubjectType::Pairwise => subjects.pairwise(&client.registration.sector, account),
            SubjectType::Public => subjects.public(account),
        }
    }

    /// The `sid` of `session` towards `client`.
    pub(in crate::services) fn sid(&self, client: &Client, session: SessionId) -> String {
        self.keyring.subjects().session(client.registration.client_id.as_str(), session)
    }

    /// The account that a session or token names, with its key. That it is gone is an inconsistency: rows refer to it.
    pub(in crate::services) async fn owner(&self, account: AccountId) -> Result<KeyedAccount, Failure> {
        let owner = self.db.read().await?.account(account).await?;
        Ok(owner.ok_or(StorageError::Inconsistent { table: "account", what: "referred to and not there" })?)
    }
}
