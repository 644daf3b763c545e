//! Signing in with a passkey. Nobody is asked for a name: the passkey says who comes.

use serde::{Deserialize, Serialize};

use super::ceremony::{Ceremony, CeremonyLost, Step, UnderWay};
use super::sessions::{Authentication, Means};
use super::{Failure, Policy, Provider};
use crate::crypto::data_key::DataKey;
use crate::crypto::passkey::PasskeyError;
use crate::crypto::passkey::{Assertion, AuthenticationState, Verified};
use crate::crypto::token::PlainToken;
use crate::domain::account::AccountStatus;
use crate::domain::audit::{Actor, Event, Origin, SignInFailure};
use crate::domain::passkey::Passkey;
use crate::domain::session::Session;
use crate::protocol::ClientId;
use crate::storage::KeyedAccount;

/// What a person signs in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInPurpose {
    /// To come in.
    Enter,
    /// To prove once more that it is she, before she changes her passkeys.
    ChangePasskeys,
}

/// A passkey's answer, and everything around it.
#[derive(Clone, Copy, Debug)]
pub struct SignInAttempt<'a> {
    /// The ceremony, as the page carried it.
    pub sealed: &'a str,
    /// `PublicKeyCredential.toJSON()`.
    pub credential: &'a str,
    /// The browser.
    pub holder: &'a [u8],
    /// Its live session.
    pub current: Option<&'a Session>,
    /// The system that the person is on the way to.
    pub client: Option<&'a ClientId>,
    /// Where she acts from.
    pub origin: &'a Origin,
}

/// What came of it.
#[derive(Debug)]
pub enum SignIn {
    /// She is in.
    SignedIn(Box<SignedIn>),
    /// The passkey did not prove anybody, for this purpose. Unknown, removed, wrong and disabled look alike.
    Refused(SignInPurpose),
    /// The authenticator says itself that it did not check who holds it: accepted of no passkey, known or not.
    NotVerified(SignInPurpose),
    /// The page lay open too long, or was used already.
    CeremonyExpired,
    /// The page belongs to another browser.
    OtherBrowser,
}

/// A person who has just proved who she is.
#[derive(Debug)]
pub struct SignedIn {
    /// The new session cookie.
    pub token: PlainToken,
    /// Her session.
    pub session: Session,
    /// Her name.
    pub name: String,
    /// What she signed in for.
    pub purpose: SignInPurpose,
}

struct Proof {
    owner: KeyedAccount,
    key: DataKey,
    passkey: Passkey,
    verified: Verified,
}

struct Refusal {
    why: SignInFailure,
    /// Whose passkey it was, where it was anybody's.
    owner: Option<KeyedAccount>,
    /// What the answer says of itself, whosoever it is: that the person was not checked.
    unchecked: bool,
}

impl Provider {
    /// Asks for any passkey of ours.
    pub fn begin_sign_in(&self, holder: &[u8]) -> Result<Ceremony, Failure> {
        self.begin_sign_in_for(holder, SignInPurpose::Enter)
    }

    /// Asks for any passkey of ours, for `purpose`.
    pub fn begin_sign_in_for(&self, holder: &[u8], purpose: SignInPurpose) -> Result<Ceremony, Failure> {
        let started = self.passkeys.start_authentication().map_err(Failure::Passkeys)?;
        let step = Step::SignIn { state: started.state, purpose };
        self.seal_ceremony(holder, started.options, step, Policy::CEREMONY_LIFETIME)
    }

    /// Signs in whom the passkey proves. Success and refusal are both on record before this answers.
    pub async fn finish_sign_in(&self, attempt: &SignInAttempt<'_>) -> Result<SignIn, Failure> {
        let lost = |outcome| (Refusal::of_nobody(SignInFailure::CeremonyExpired), outcome);
        let (refusal, outcome) = match self.open_ceremony(attempt.holder, attempt.sealed) {
            Ok(UnderWay { id, step: Step::SignIn { state, purpose }, .. }) => {
                match self.prove(attempt, &state).await? {
                    Ok(proof) if self.use_ceremony(id).await? => {
                        match self.enter(attempt, &proof, purpose).await? {
                            Some(signed_in) => return Ok(SignIn::SignedIn(Box::new(signed_in))),
                            None => {
                                (proof.refused(SignInFailure::UnknownCredential), SignIn::Refused(purpose))
                            }
                        }
                    }
                    Ok(proof) => (proof.refused(SignInFailure::NotProved), SignIn::CeremonyExpired),
                    Err(refusal) if refusal.unchecked => (refusal, SignIn::NotVerified(purpose)),
                    Err(refusal) => (refusal, SignIn::Refused(purpose)),
                }
            }
            Ok(_) | Err(CeremonyLost::Foreign) => lost(SignIn::OtherBrowser),
            Err(CeremonyLost::Expired) => lost(SignIn::CeremonyExpired),
        };
        self.record_refusal(attempt, &refusal).await?;
        Ok(outcome)
    }

    async fn prove(
        &self,
        attempt: &SignInAttempt<'_>,
        state: &AuthenticationState,
    ) -> Result<Result<Proof, Refusal>, Failure> {
        let Ok(assertion) = Assertion::parse(attempt.credential) else {
            return Ok(Err(Refusal::of_nobody(SignInFailure::NotProved)));
        };
        let unchecked = !assertion.claims_verification();
        let mut tx = self.db.read().await?;
        let digest = self.credential_digest(assertion.credential_id());
        let Some(passkey) = tx.passkey_by_credential(&digest).await? else {
            // What a known passkey would have cost: time does not tell which ones exist.
            let _ = tx.account(assertion.user_handle()).await?;
            drop(tx);
            self.passkeys.verify_for_nobody(&assertion, state);
            let why = SignInFailure::UnknownCredential;
            return Ok(Err(Refusal { unchecked, ..Refusal::of_nobody(why) }));
        };
        let owner = tx.account(passkey.account_id).await?.ok_or(Failure::Unreadable { table: "passkey" })?;
        drop(tx);
        let key = self.data_key(owner.account.id, &owner.data_key)?;
        let stored = self.open_credential(&passkey, &key)?;
        let verified = self.passkeys.finish_authentication(&assertion, state, owner.account.id, &stored);
        Ok(match verified {
            Ok(_) if owner.account.status != AccountStatus::Active => {
                Err(Refusal { why: SignInFailure::AccountDisabled, owner: Some(owner), unchecked })
            }
            Ok(verified) => Ok(Proof { owner, key, passkey, verified }),
            Err(error) => Err(Refusal { why: reason(error), owner: Some(owner), unchecked }),
        })
    }

    /// `None` where the passkey was removed a moment ago.
    async fn enter(
        &self,
        attempt: &SignInAttempt<'_>,
        proof: &Proof,
        purpose: SignInPurpose,
    ) -> Result<Option<SignedIn>, Failure> {
        let Proof { owner, key, passkey, verified } = proof;
        let name = self.open_profile(owner, key)?.name.as_str().to_owned();
        let sealed = match &verified.updated {
            Some(updated) => self.seal_credential(passkey.id, key, updated)?,
            None => passkey.sealed.clone(),
        };
        let authentication = Authentication {
            account: owner.account.id,
            key,
            passkey: passkey.id,
            means: Means::of_passkey(verified.backup_eligible),
            client: attempt.client,
            origin: attempt.origin,
        };
        let entered = self
            .db
            .write(async |tx| {
                if !tx.passkey_used(passkey.id, &sealed, verified.backup_eligible, self.now()).await? {
                    return Ok(None);
                }
                let (token, session) = self.authenticate_in(tx, &authentication, attempt.current).await?;
                Ok::<_, Failure>(Some(SignedIn { token, session, name, purpose }))
            })
            .await?;
        self.forget_replaced(owner.account.id, attempt.current);
        Ok(entered)
    }

    async fn record_refusal(&self, attempt: &SignInAttempt<'_>, refusal: &Refusal) -> Result<(), Failure> {
        let account = refusal.owner.as_ref().map(|owner| owner.account.id);
        let failed = Event::SignInFailed { account, client: attempt.client.cloned(), why: refusal.why };
        let event = self.event(Actor::Anonymous, failed).from_origin(attempt.origin);
        let entry = match &refusal.owner {
            Some(owner) => self.personal_entry(&event, &self.data_key(owner.account.id, &owner.data_key)?),
            None => self.entry(&event),
        };
        self.db.record(&entry).await?;
        Ok(())
    }
}

impl Proof {
    fn refused(self, why: SignInFailure) -> Refusal {
        Refusal { why, owner: Some(self.owner), unchecked: false }
    }
}

impl Refusal {
    const fn of_nobody(why: SignInFailure) -> Self {
        Self { why, owner: None, unchecked: false }
    }
}

const fn reason(error: PasskeyError) -> SignInFailure {
    match error {
        PasskeyError::NotVerified | PasskeyError::NotPresent => SignInFailure::UserNotVerified,
        PasskeyError::CounterWentBack => SignInFailure::CounterWentBack,
        PasskeyError::ForeignOwner => SignInFailure::OtherOwner,
        _ => SignInFailure::NotProved,
    }
}
