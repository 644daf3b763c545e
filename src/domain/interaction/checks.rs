//! The checks, in their order. Each names the step it asks for and the error that `prompt=none` turns it into.

use super::{ForDevice, Named, Offer, SignInReason, Situation, Step};
use crate::domain::session::REACHABLE;
use crate::protocol::AuthorizationErrorCode;
use crate::protocol::Prompt;

/// One condition that a request has to meet.
pub struct Check {
    /// What it is called, for tests and documentation.
    pub name: &'static str,
    /// The error where no page may be shown (OIDC Core §3.1.2.6).
    pub silent_error: AuthorizationErrorCode,
    /// The step that mends it; `None` where it is met.
    pub unmet: fn(&Situation<'_>) -> Option<Step>,
}

/// Every check, in the order in which a person would be asked.
pub const CHECKS: &[Check] = &[
    Check {
        name: "level_within_reach",
        silent_error: AuthorizationErrorCode::UnmetAuthenticationRequirements,
        unmet: level_within_reach,
    },
    Check {
        name: "somebody_signed_in",
        silent_error: AuthorizationErrorCode::LoginRequired,
        unmet: somebody_signed_in,
    },
    Check {
        name: "account_chosen",
        silent_error: AuthorizationErrorCode::AccountSelectionRequired,
        unmet: account_chosen,
    },
    Check {
        name: "sign_in_requested",
        silent_error: AuthorizationErrorCode::LoginRequired,
        unmet: sign_in_requested,
    },
    Check {
        name: "sign_in_recent_enough",
        silent_error: AuthorizationErrorCode::LoginRequired,
        unmet: sign_in_recent_enough,
    },
    Check { name: "person_meant", silent_error: AuthorizationErrorCode::LoginRequired, unmet: person_meant },
    Check {
        name: "device_confirmed",
        silent_error: AuthorizationErrorCode::InteractionRequired,
        unmet: device_confirmed,
    },
    Check {
        name: "sharing_agreed",
        silent_error: AuthorizationErrorCode::ConsentRequired,
        unmet: sharing_agreed,
    },
];

/// An essential `acr` that no way of signing in here can reach is an error, not a page
/// (OpenID Connect Core Error Code unmet_authentication_requirements 1.0).
fn level_within_reach(situation: &Situation<'_>) -> Option<Step> {
    let demand = situation.request.acr.as_ref().filter(|acr| acr.is_essential())?;
    let reachable = REACHABLE.iter().any(|level| demand.is_met_by(*level));
    (!reachable).then_some(Step::Refuse(AuthorizationErrorCode::UnmetAuthenticationRequirements))
}

fn somebody_signed_in(situation: &Situation<'_>) -> Option<Step> {
    let reason = match situation.request.prompt.contains(Prompt::Create) {
        true => SignInReason::NewAccount,
        false => SignInReason::NobodySignedIn,
    };
    situation.session.is_none().then_some(Step::SignIn(reason))
}

/// OIDC Core §3.1.2.1: `prompt=select_account` lets a person who is signed in say whether that is the account. To have
/// chosen it, or to have signed in for this very request, answers it.
fn account_chosen(situation: &Situation<'_>) -> Option<Step> {
    let session = situation.session?;
    let is_asked = situation.request.prompt.contains(Prompt::SelectAccount);
    let is_answered = situation.chosen == Some(session.id) || signed_in_since_the_request(situation);
    (is_asked && !is_answered).then_some(Step::SelectAccount)
}

/// OIDC Core §3.1.2.1: `prompt=login` asks even a person who is signed in; so does `create`
/// (Initiating User Registration 1.0 §4). A sign-in younger than the request answers them all.
fn sign_in_requested(situation: &Situation<'_>) -> Option<Step> {
    let prompt = &situation.request.prompt;
    let reason = if prompt.contains(Prompt::Create) {
        SignInReason::NewAccount
    } else if prompt.contains(Prompt::Login) {
        SignInReason::Requested
    } else {
        return None;
    };
    (!signed_in_since_the_request(situation)).then_some(Step::SignIn(reason))
}

/// OIDC Core §3.1.2.1, `max_age`. A sign-in younger than the request is always young enough, else `max_age=0` would never end.
fn sign_in_recent_enough(situation: &Situation<'_>) -> Option<Step> {
    let limit = situation.request.max_age?;
    let age = situation.now.since(situation.session?.authenticated_at);
    (age >= limit && !signed_in_since_the_request(situation)).then_some(Step::SignIn(SignInReason::TooOld))
}

fn person_meant(situation: &Situation<'_>) -> Option<Step> {
    match situation.named {
        Named::Nobody | Named::WhoIsSignedIn => None,
        // She has just signed in for this very request and is somebody else: asking again would never end.
        Named::SomebodyElse if signed_in_since_the_request(situation) => {
            Some(Step::Refuse(AuthorizationErrorCode::LoginRequired))
        }
        Named::SomebodyElse => Some(Step::SignIn(SignInReason::AnotherPerson)),
    }
}

/// RFC 8628 §5.4: a code may come from somebody who shows it on a device of his own. Whoever is signed in looks at hers.
fn device_confirmed(situation: &Situation<'_>) -> Option<Step> {
    let is_confirmed = match situation.device {
        ForDevice::No => true,
        ForDevice::Unconfirmed => false,
        ForDevice::ConfirmedBy(account) => {
            situation.session.is_some_and(|session| session.account_id == account)
        }
    };
    (!is_confirmed).then_some(Step::ConfirmDevice)
}

fn sharing_agreed(situation: &Situation<'_>) -> Option<Step> {
    let offer = Offer::of(situation);
    let asked_again = situation.request.prompt.contains(Prompt::Consent);
    let answered = situation.consent.is_some_and(|consent| {
        consent.covers(&offer.scopes, &offer.claim_names(), &offer.text_version)
            && offer
                .resources
                .iter()
                .all(|one| consent.terms.allow_access(&one.resource, &one.name, &one.scopes))
            && offer.details.iter().all(|one| consent.terms.details.contains(&one.digest()))
            && (!asked_again || consent.confirmed_at >= situation.received_at)
    });
    (!answered).then_some(Step::Consent(offer))
}

fn signed_in_since_the_request(situation: &Situation<'_>) -> bool {
    situation.session.is_some_and(|session| session.authenticated_at >= situation.received_at)
}
