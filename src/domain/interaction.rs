//! What an authorization request needs next.
//!
//! Pure: the same function decides after every page, so that no step can be skipped, repeated or taken out of order.

mod checks;
mod details;
mod grant;

pub use checks::{CHECKS, Check};
pub use details::OfferedDetail;
pub use grant::{Grant, Offer, OfferedClaim, OfferedResource};

use super::client::Client;
use super::consent::Consent;
use super::session::Session;
use crate::base::Timestamp;
use crate::base::ids::{AccountId, SessionId};
use crate::protocol::AuthorizationErrorCode;
use crate::protocol::AuthorizationRequest;

/// Everything the decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// What the system asked for.
    pub request: &'a AuthorizationRequest,
    /// When it asked. A sign-in or consent that is younger answers it.
    pub received_at: Timestamp,
    /// Who asked.
    pub client: &'a Client,
    /// The resources that it wants to call.
    pub resources: &'a [OfferedResource],
    /// What exactly it wants to do there.
    pub details: &'a [OfferedDetail],
    /// The browser's live session.
    pub session: Option<&'a Session>,
    /// The session whose account she chose for this request.
    pub chosen: Option<SessionId>,
    /// Whom the request names.
    pub named: Named,
    /// Whether a device waits for the answer.
    pub device: ForDevice,
    /// What the person remembered for this system.
    pub consent: Option<&'a Consent>,
    /// The present.
    pub now: Timestamp,
}

/// Whom an `id_token_hint` or a requested `sub` names (OIDC Core §3.1.2.1, §5.5.1). Subjects are told apart only by
/// comparing: none can be turned back into an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Nobody: whoever signs in will do.
    Nobody,
    /// Who is signed in.
    WhoIsSignedIn,
    /// Anybody else.
    SomebodyElse,
}

/// Whether the answer is for a device, whose code a person brought to us in her own browser (RFC 8628 §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForDevice {
    /// The browser that asks is the one that is answered.
    No,
    /// Nobody has yet said that the device before her shows this code.
    Unconfirmed,
    /// This person has.
    ConfirmedBy(AccountId),
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The person proves who she is.
    SignIn(SignInReason),
    /// The person says whether it is the account that is signed in, or another one.
    SelectAccount,
    /// The person is shown which device asks, and compares its code.
    ConfirmDevice,
    /// The person is shown what will be shared, and answers.
    Consent(Offer),
    /// Everything is answered.
    Issue(Grant),
    /// It cannot be done.
    Refuse(AuthorizationErrorCode),
}

/// Why a sign-in is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInReason {
    /// Nobody is signed in.
    NobodySignedIn,
    /// The system asked for a new account (`prompt=create`).
    NewAccount,
    /// The system asked for it (`prompt=login`).
    Requested,
    /// The last one is older than the system accepts (`max_age`).
    TooOld,
    /// Another person is signed in than the one the system means.
    AnotherPerson,
}

/// Decides what comes next: the first check that is not content says so.
pub fn next(situation: &Situation<'_>) -> Step {
    let unmet = CHECKS.iter().find_map(|check| (check.unmet)(situation).map(|step| (check, step)));
    match unmet {
        Some((check, _)) if situation.request.prompt.is_silent() => Step::Refuse(check.silent_error),
        Some((_, step)) => step,
        None => Step::Issue(Grant::of(situation)),
    }
}
