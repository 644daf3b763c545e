//! The invented people of a sandbox: made when it first starts, and signed in without proof of anything.

use super::sessions::{Authentication, Means};
use super::{Failure, Provider};
use crate::base::entropy::random_bytes;
use crate::base::ids::AccountId;
use crate::crypto::data_key::DataKey;
use crate::crypto::passkey::Passkey as Credential;
use crate::crypto::token::PlainToken;
use crate::domain::account::{Account, AccountStatus};
use crate::domain::audit::{Actor, Event, Origin, SignInFailure};
use crate::domain::invented::{InventedPerson, PEOPLE};
use crate::domain::passkey::Passkey;
use crate::domain::session::Session;
use crate::protocol::{ClientId, Locale};
use crate::storage::KeyedAccount;
use crate::storage::StorageError;

/// What the passkey is called that no device holds.
const LABEL: &str = "Sandbox";

/// Who was chosen, and everything around it.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// What the form sent.
    pub person: &'a str,
    /// The browser's live session.
    pub current: Option<&'a Session>,
    /// The system that the person is on the way to.
    pub client: Option<&'a ClientId>,
    /// Where the choice was made.
    pub origin: &'a Origin,
}

/// What came of it.
#[derive(Debug)]
pub enum Chosen {
    /// The person is in, with this session cookie.
    SignedIn(PlainToken),
    /// There is nobody of that name.
    Unknown,
    /// The account is disabled.
    Refused,
    /// This is no sandbox: here people prove who they are.
    NoSandbox,
}

impl Provider {
    /// Makes those who do not exist yet.
    pub async fn invent_people(&self) -> Result<(), Failure> {
        for person in PEOPLE {
            self.invent(person).await?;
        }
        Ok(())
    }

    /// Signs in as one of the invented people. On record before this answers, as what it is.
    pub async fn sign_in_as(&self, choice: &Choice<'_>) -> Result<Chosen, Failure> {
        if !self.policy.sandbox {
            return Ok(Chosen::NoSandbox);
        }
        let Some(person) = InventedPerson::by_code(choice.person) else { return Ok(Chosen::Unknown) };
        let (owner, key) = self.keyed_owner(person.account()).await?;
        if owner.account.status != AccountStatus::Active {
            let (account, client) = (Some(person.account()), choice.client.cloned());
            let failed = Event::SignInFailed { account, client, why: SignInFailure::AccountDisabled };
            let event = self.event(Actor::Anonymous, failed).from_origin(choice.origin);
            let entry = self.personal_entry(&event, &key);
            self.db.record(&entry).await?;
            return Ok(Chosen::Refused);
        }
        let authentication = Authentication {
            account: person.account(),
            key: &key,
            passkey: person.passkey(),
            means: Means::Chosen,
            client: choice.client,
            origin: choice.origin,
        };
        let (token, _) =
            self.db.write(async |tx| self.authenticate_in(tx, &authentication, choice.current).await).await?;
        self.forget_replaced(person.account(), choice.current);
        Ok(Chosen::SignedIn(token))
    }

    async fn invent(&self, person: &InventedPerson) -> Result<(), Failure> {
        if self.exists(person.account()).await? {
            return Ok(());
        }
        match self.make_account_of(person).await {
            // Another node was first.
            Err(_) if self.exists(person.account()).await? => Ok(()),
            made => made,
        }
    }

    async fn exists(&self, account: AccountId) -> Result<bool, Failure> {
        Ok(self.db.read().await?.account(account).await?.is_some())
    }

    async fn make_account_of(&self, person: &InventedPerson) -> Result<(), Failure> {
        let (id, now) = (person.account(), self.now());
        let profile = person.profile(now).map_err(|_| Failure::Unreadable { table: "account" })?;
        let key = DataKey::generate(self.entropy());
        let account = Account {
            id,
            status: AccountStatus::Active,
            profile: self.seal_profile(id, &key, &profile)?,
            locale: Locale::Vi,
            created_at: now,
            updated_at: now,
        };
        let owner = KeyedAccount { account, data_key: key.wrap(id, &self.master, self.entropy()) };
        let passkey = self.passkey_of_nobody(person, &key)?;
        // Of other bytes than the passkey's own id: no answer of any device is ever looked up as this one.
        let digest = self.credential_digest(&random_bytes::<32>(self.entropy()));
        let created = self.event(Actor::Operator, Event::AccountCreated { account: id });
        let created = self.personal_entry(&created, &key);
        self.db
            .write(async |tx| {
                tx.insert_account(&owner, &self.indexes(&profile)).await?;
                tx.insert_passkey(&passkey, &digest).await?;
                tx.record(&created);
                Ok::<_, StorageError>(())
            })
            .await?;
        Ok(())
    }

    fn passkey_of_nobody(&self, person: &InventedPerson, key: &DataKey) -> Result<Passkey, Failure> {
        let credential =
            Credential::of_nobody(&random_bytes::<32>(self.entropy())).map_err(Failure::Passkeys)?;
        let id = person.passkey();
        Ok(Passkey {
            id,
            account_id: person.account(),
            sealed: self.seal_credential(id, key, &credential)?,
            label: self.seal_label(id, key, LABEL),
            synced: false,
            created_at: self.now(),
            last_used_at: None,
        })
    }
}
