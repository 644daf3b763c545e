//! Another passkey for an account.

use std::time::Duration;

use super::create::listed_as;
use crate::base::text;
use crate::crypto::data_key::DataKey;
use crate::crypto::passkey::{Attested, RegistrationState};
use crate::domain::audit::{Actor, Event, Origin};
use crate::domain::passkey::Passkey;
use crate::domain::session::Session;
use crate::services::ceremony::{Ceremony, CeremonyLost, Step, UnderWay};
use crate::services::{Failure, Provider};
use crate::storage::WriteTx;

/// How fresh a sign-in must be before passkeys are changed: who finds a device unlocked must not stay.
const FRESH: Duration = Duration::from_secs(5 * 60);
/// The most characters of a passkey's name.
pub(super) const LABEL_LIMIT: usize = 100;

/// What came of asking to add a passkey.
#[derive(Debug)]
pub enum BegunPasskey {
    /// The device may make it.
    Ceremony(Ceremony),
    /// The person signs in once more first.
    SignInFirst,
}

/// A new passkey, and everything around it.
#[derive(Clone, Copy, Debug)]
pub struct NewPasskeyAttempt<'a> {
    /// The ceremony, as the page carried it.
    pub sealed: &'a str,
    /// `PublicKeyCredential.toJSON()`.
    pub credential: &'a str,
    /// What the person calls it.
    pub label: &'a str,
    /// What it is called where she calls it nothing that can be shown.
    pub fallback_label: &'a str,
    /// The browser.
    pub holder: &'a [u8],
    /// Where she acts from.
    pub origin: &'a Origin,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyAddition {
    /// It signs her in from now on.
    Added,
    /// It cannot be taken.
    Refused,
    /// That very passkey is somebody's already.
    AlreadyRegistered,
    /// The page lay open too long, or was used already.
    CeremonyExpired,
    /// The page belongs to another browser or another session.
    OtherBrowser,
}

impl Provider {
    /// Whether whoever is signed in has proved so recently enough to change her passkeys.
    pub fn is_fresh(&self, session: &Session) -> bool {
        self.now().since(session.authenticated_at) < FRESH
    }

    /// Asks the device for another passkey.
    pub async fn begin_passkey(&self, session: &Session, holder: &[u8]) -> Result<BegunPasskey, Failure> {
        if !self.is_fresh(session) {
            return Ok(BegunPasskey::SignInFirst);
        }
        let (owner, key) = self.keyed_owner(session.account_id).await?;
        let profile = self.open_profile(&owner, &key)?;
        let registered = self.db.read().await?.passkeys(session.account_id).await?;
        let known = registered.iter().map(|passkey| self.open_credential(passkey, &key));
        let known: Vec<Vec<u8>> = known
            .map(|credential| Ok(credential?.credential_id().to_vec()))
            .collect::<Result<_, Failure>>()?;
        let started = self
            .passkeys
            .start_registration(session.account_id, listed_as(&profile), profile.name.as_str(), &known)
            .map_err(Failure::Passkeys)?;
        let step = Step::AnotherPasskey { state: started.state, session: session.id };
        // The sign-in was fresh when the page was asked for; the page lives as long again, not longer.
        Ok(BegunPasskey::Ceremony(self.seal_ceremony(holder, started.options, step, FRESH)?))
    }

    /// Keeps the passkey that the device made.
    pub async fn finish_passkey(
        &self,
        session: &Session,
        attempt: &NewPasskeyAttempt<'_>,
    ) -> Result<PasskeyAddition, Failure> {
        let (id, state) = match self.open_ceremony(attempt.holder, attempt.sealed) {
            Ok(UnderWay { id, step: Step::AnotherPasskey { state, session: of }, .. })
                if of == session.id =>
            {
                (id, state)
            }
            Ok(_) | Err(CeremonyLost::Foreign) => return Ok(PasskeyAddition::OtherBrowser),
            Err(CeremonyLost::Expired) => return Ok(PasskeyAddition::CeremonyExpired),
        };
        let (_, key) = self.keyed_owner(session.account_id).await?;
        // A passkey that was just made is not thrown away for its name.
        let label =
            text::clean(attempt.label, LABEL_LIMIT).unwrap_or_else(|_| attempt.fallback_label.to_owned());
        let Some((passkey, digest)) = self.verified(session, attempt, &state, &key, &label)? else {
            return Ok(PasskeyAddition::Refused);
        };
        if !self.use_ceremony(id).await? {
            return Ok(PasskeyAddition::CeremonyExpired);
        }
        self.db
            .write(async |tx| {
                if !tx.insert_passkey(&passkey, &digest).await? {
                    return Ok(PasskeyAddition::AlreadyRegistered);
                }
                self.record_added_passkey(tx, &key, &passkey, session, &label, attempt.origin);
                Ok(PasskeyAddition::Added)
            })
            .await
    }

    fn verified(
        &self,
        session: &Session,
        attempt: &NewPasskeyAttempt<'_>,
        state: &RegistrationState,
        key: &DataKey,
        label: &str,
    ) -> Result<Option<(Passkey, Vec<u8>)>, Failure> {
        let attested = Attested::parse(attempt.credential);
        let Ok(new) = attested.and_then(|attested| self.passkeys.finish_registration(&attested, state))
        else {
            return Ok(None);
        };
        let digest = self.credential_digest(&new.credential_id);
        Ok(Some((self.to_stored(session.account_id, key, &new, label)?, digest)))
    }

    pub(super) fn record_added_passkey(
        &self,
        tx: &mut WriteTx<'_>,
        key: &DataKey,
        passkey: &Passkey,
        session: &Session,
        label: &str,
        origin: &Origin,
    ) {
        let account = passkey.account_id;
        let event = Event::PasskeyAdded {
            account,
            session: Some(session.id),
            passkey: passkey.id,
            synced: passkey.synced,
        };
        let event = self.event(Actor::Person(account), event);
        let event = event.from_origin(origin).labelled(label.to_owned());
        tx.record(&self.personal_entry(&event, key));
    }
}
