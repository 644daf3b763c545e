//! A new account. It begins with its passkey: until the passkey is made, nothing is stored.

use super::profile_input::{ProfileInput, WrongField};
use crate::base::Timestamp;
use crate::base::ids::AccountId;
use crate::crypto::data_key::DataKey;
use crate::crypto::passkey::{Attested, NewPasskey, RegistrationState};
use crate::crypto::token::PlainToken;
use crate::domain::account::{Account, AccountStatus};
use crate::domain::audit::{Actor, Event, Origin};
use crate::domain::passkey::Passkey;
use crate::domain::profile::Profile;
use crate::domain::session::Session;
use crate::protocol::{ClientId, Locale};
use crate::services::ceremony::{Ceremony, CeremonyLost, Step, UnderWay};
use crate::services::sessions::{Authentication, Means};
use crate::services::{Failure, Policy, Provider};
use crate::storage::{AccountIndex, KeyedAccount, WriteTx};

/// What came of the first step.
#[derive(Debug)]
pub enum BegunAccount {
    /// The passkey is next.
    Passkey {
        /// Its ceremony, which carries what was written.
        ceremony: Ceremony,
        /// The name as it will stand.
        name: String,
    },
    /// These fields cannot be taken.
    Wrong(Vec<WrongField>),
}

/// A new passkey for a new account, and everything around it.
#[derive(Clone, Copy, Debug)]
pub struct CreateAttempt<'a> {
    /// The ceremony, as the page carried it.
    pub sealed: &'a str,
    /// `PublicKeyCredential.toJSON()`.
    pub credential: &'a str,
    /// What the passkey is called.
    pub label: &'a str,
    /// The browser.
    pub holder: &'a [u8],
    /// Its live session, which ends.
    pub current: Option<&'a Session>,
    /// The system that the person is on the way to.
    pub client: Option<&'a ClientId>,
    /// The language she reads.
    pub locale: Locale,
    /// Where she acts from.
    pub origin: &'a Origin,
}

/// What came of the second step.
#[derive(Debug)]
pub enum AccountCreation {
    /// The account exists and its person is signed in.
    Created(Created),
    /// The passkey cannot be taken. A fresh ceremony for the same person.
    Refused {
        /// To try again.
        ceremony: Ceremony,
        /// The name as it will stand.
        name: String,
    },
    /// That very passkey is somebody's already.
    AlreadyRegistered {
        /// To try again.
        ceremony: Ceremony,
        /// The name as it will stand.
        name: String,
    },
    /// The page lay open too long, or was used already.
    CeremonyExpired,
    /// The page belongs to another browser.
    OtherBrowser,
}

/// A person with a new account.
#[derive(Debug)]
pub struct Created {
    /// The session cookie.
    pub token: PlainToken,
    /// Her session.
    pub session: Session,
    /// Her name.
    pub name: String,
}

struct NewAccount {
    owner: KeyedAccount,
    key: DataKey,
    indexes: Vec<AccountIndex>,
    passkey: Passkey,
    credential_digest: Vec<u8>,
}

/// Why the transaction is undone.
enum NotCreated {
    AlreadyRegistered,
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for NotCreated {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Provider {
    /// Takes what a person writes of herself, and asks her device for a passkey.
    pub fn begin_account(&self, holder: &[u8], input: &ProfileInput<'_>) -> Result<BegunAccount, Failure> {
        let now = self.now();
        let profile = match input.read(now) {
            Ok(profile) => profile,
            Err(wrong) => return Ok(BegunAccount::Wrong(wrong)),
        };
        let name = profile.name.as_str().to_owned();
        let ceremony = self.ask_for_first_passkey(holder, profile, now)?;
        Ok(BegunAccount::Passkey { ceremony, name })
    }

    fn ask_for_first_passkey(
        &self,
        holder: &[u8],
        profile: Profile,
        now: Timestamp,
    ) -> Result<Ceremony, Failure> {
        let account = AccountId::generate(now, self.entropy());
        let started = self
            .passkeys
            .start_registration(account, listed_as(&profile), profile.name.as_str(), &[])
            .map_err(Failure::Passkeys)?;
        let step = Step::NewAccount { state: started.state, profile };
        self.seal_ceremony(holder, started.options, step, Policy::CEREMONY_LIFETIME)
    }

    /// Creates the account, its passkey and its first session together, or nothing.
    pub async fn finish_account(&self, attempt: &CreateAttempt<'_>) -> Result<AccountCreation, Failure> {
        let (id, state, profile) = match self.open_ceremony(attempt.holder, attempt.sealed) {
            Ok(UnderWay { id, step: Step::NewAccount { state, profile }, .. }) => (id, state, profile),
            Ok(_) | Err(CeremonyLost::Foreign) => return Ok(AccountCreation::OtherBrowser),
            Err(CeremonyLost::Expired) => return Ok(AccountCreation::CeremonyExpired),
        };
        let name = profile.name.as_str().to_owned();
        let attested = Attested::parse(attempt.credential);
        let Ok(new) = attested.and_then(|attested| self.passkeys.finish_registration(&attested, &state))
        else {
            let ceremony = self.ask_for_first_passkey(attempt.holder, profile, self.now())?;
            return Ok(AccountCreation::Refused { ceremony, name });
        };
        if !self.use_ceremony(id).await? {
            return Ok(AccountCreation::CeremonyExpired);
        }
        let account = self.new_account(attempt, &state, &profile, &new)?;
        match self.db.write(async |tx| self.create_in(tx, attempt, &account).await).await {
            Ok((token, session)) => {
                self.forget_replaced(session.account_id, attempt.current);
                Ok(AccountCreation::Created(Created { token, session, name }))
            }
            Err(NotCreated::AlreadyRegistered) => {
                let ceremony = self.ask_for_first_passkey(attempt.holder, profile, self.now())?;
                Ok(AccountCreation::AlreadyRegistered { ceremony, name })
            }
            Err(NotCreated::Failed(failure)) => Err(failure),
        }
    }

    fn new_account(
        &self,
        attempt: &CreateAttempt<'_>,
        state: &RegistrationState,
        profile: &Profile,
        new: &NewPasskey,
    ) -> Result<NewAccount, Failure> {
        let (id, now) = (state.account(), self.now());
        let key = DataKey::generate(self.entropy());
        let account = Account {
            id,
            status: AccountStatus::Active,
            profile: self.seal_profile(id, &key, profile)?,
            locale: attempt.locale,
            created_at: now,
            updated_at: now,
        };
        let data_key = key.wrap(id, &self.master, self.entropy());
        Ok(NewAccount {
            owner: KeyedAccount { account, data_key },
            indexes: self.indexes(profile),
            passkey: self.to_stored(id, &key, new, attempt.label)?,
            credential_digest: self.credential_digest(&new.credential_id),
            key,
        })
    }

    async fn create_in(
        &self,
        tx: &mut WriteTx<'_>,
        attempt: &CreateAttempt<'_>,
        new: &NewAccount,
    ) -> Result<(PlainToken, Session), NotCreated> {
        let (account, passkey) = (new.owner.account.id, &new.passkey);
        tx.insert_account(&new.owner, &new.indexes).await?;
        if !tx.insert_passkey(passkey, &new.credential_digest).await? {
            return Err(NotCreated::AlreadyRegistered);
        }
        let created = self.event(Actor::Person(account), Event::AccountCreated { account });
        tx.record(&self.personal_entry(&created.from_origin(attempt.origin), &new.key));
        let authentication = Authentication {
            account,
            key: &new.key,
            passkey: passkey.id,
            means: Means::of_passkey(passkey.synced),
            client: attempt.client,
            origin: attempt.origin,
        };
        let (token, session) = self.authenticate_in(tx, &authentication, attempt.current).await?;
        self.record_added_passkey(tx, &new.key, passkey, &session, attempt.label, attempt.origin);
        Ok((token, session))
    }
}

/// What the person's device lists the passkey under: what tells two accounts of one name apart, where there is any.
pub(super) fn listed_as(profile: &Profile) -> &str {
    let email = profile.email.as_ref().map(|email| email.as_str());
    let phone = profile.phone_number.as_ref().map(|number| number.as_str());
    email.or(phone).unwrap_or(profile.name.as_str())
}
