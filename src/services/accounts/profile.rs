//! The profile: what a person says of herself, read and changed by her alone.

use super::profile_input::{ProfileInput, WrongField, differences};
use crate::base::Timestamp;
use crate::base::ids::AccountId;
use crate::domain::audit::{Actor, Event, Origin};
use crate::domain::profile::Profile;
use crate::domain::session::Session;
use crate::protocol::Locale;
use crate::services::{Failure, Provider};

/// A person, as she may see herself.
#[derive(Clone, Debug)]
pub struct Person {
    /// What she says of herself.
    pub profile: Profile,
    /// The language she reads.
    pub locale: Locale,
    /// When the profile last changed.
    pub updated_at: Timestamp,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChange {
    /// It is saved.
    Saved,
    /// It was so already.
    Unchanged,
    /// These fields cannot be taken.
    Wrong(Vec<WrongField>),
}

impl Provider {
    /// The person behind `account`.
    pub async fn person(&self, account: AccountId) -> Result<Person, Failure> {
        let (owner, key) = self.keyed_owner(account).await?;
        let profile = self.open_profile(&owner, &key)?;
        Ok(Person { profile, locale: owner.account.locale, updated_at: owner.account.updated_at })
    }

    /// Replaces the profile of whoever is signed in.
    pub async fn change_profile(
        &self,
        session: &Session,
        input: &ProfileInput<'_>,
        origin: &Origin,
    ) -> Result<ProfileChange, Failure> {
        let profile = match input.read(self.now()) {
            Ok(profile) => profile,
            Err(wrong) => return Ok(ProfileChange::Wrong(wrong)),
        };
        let (account, indexes) = (session.account_id, self.indexes(&profile));
        self.db
            .write(async |tx| {
                let owner = tx.account(account).await?.ok_or(Failure::Unreadable { table: "session" })?;
                let key = self.data_key(account, &owner.data_key)?;
                let fields = differences(&self.open_profile(&owner, &key)?, &profile);
                if fields.is_empty() {
                    return Ok(ProfileChange::Unchanged);
                }
                let sealed = self.seal_profile(account, &key, &profile)?;
                tx.update_profile(account, &sealed, owner.account.locale, &indexes, self.now()).await?;
                let event = Event::ProfileChanged { account, session: session.id, fields };
                let event = self.event(Actor::Person(account), event).from_origin(origin);
                tx.record(&self.personal_entry(&event, &key));
                Ok(ProfileChange::Saved)
            })
            .await
    }
}
