//! `/sign-in`: the one field, the passkey, and what comes after.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Carried, Towards, sandbox};
use crate::domain::interaction::SignInReason as Reason;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::Posted;
use crate::http::query::Asked;
use crate::http::render::{Sheet, see_other};
use crate::http::visitor::Visitor;
use crate::protocol::LoginHint;
use crate::services::authorization::Interaction;
use crate::services::guard::{Guarded, Tries};
use crate::services::sign_in::{SignIn, SignInAttempt, SignInPurpose};
use crate::view::pages::{SignInPage, SignInReason};
use crate::view::{PasskeyTrouble, Trouble};

/// Why the page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// Nobody is signed in, or not the one who is meant.
    Needed,
    /// To be sure that it is still the one who is signed in.
    Confirm(SignInPurpose),
}

impl From<Reason> for Why {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::NobodySignedIn | Reason::NewAccount | Reason::AnotherPerson => Self::Needed,
            Reason::Requested | Reason::TooOld => Self::Confirm(SignInPurpose::Enter),
        }
    }
}

impl Why {
    const fn purpose(self) -> SignInPurpose {
        match self {
            Self::Needed => SignInPurpose::Enter,
            Self::Confirm(purpose) => purpose,
        }
    }
}

/// The address that asks to sign in once more before passkeys are changed.
pub(super) const BEFORE_PASSKEYS: &str = "/sign-in?for=passkeys";

pub(super) async fn open(
    State(app): State<Arc<App>>,
    mut visitor: Visitor,
    query: Asked,
) -> Result<Response, PageError> {
    let carried = Carried::open(&app, &mut visitor, query.get("interaction")?.unwrap_or_default())?;
    let towards = carried.as_ref().map(Carried::towards);
    let why = match (query.get("for")?, &visitor.session) {
        (Some("passkeys"), Some(_)) => Why::Confirm(SignInPurpose::ChangePasskeys),
        (_, Some(_)) if towards.is_none() => return Ok(see_other(&app, &visitor, "/account")),
        _ => Why::Needed,
    };
    show(&app, &visitor, towards, why, None).await
}

/// The page, as a step of `interaction`.
pub async fn show_for(
    app: &App,
    visitor: &Visitor,
    interaction: &Interaction,
    reason: Reason,
) -> Result<Response, PageError> {
    let sealed = app.provider.seal_interaction(&visitor.holder, interaction);
    show(app, visitor, Some(Towards { interaction, sealed: &sealed }), reason.into(), None).await
}

async fn show(
    app: &App,
    visitor: &Visitor,
    towards: Option<Towards<'_>>,
    why: Why,
    trouble: Option<PasskeyTrouble>,
) -> Result<Response, PageError> {
    let mut sheet = Sheet::of(app, visitor).await?;
    sheet = match towards {
        Some(towards) => towards.on(sheet).at(&towards.path()),
        None if why.purpose() == SignInPurpose::ChangePasskeys => sheet.at(BEFORE_PASSKEYS),
        None => sheet.at("/sign-in"),
    };
    if trouble.is_some() {
        sheet = sheet.status(StatusCode::BAD_REQUEST);
    }
    let ceremony = app.provider.begin_sign_in_for(&visitor.holder, why.purpose())?;
    let reason = match (why, sheet.name()) {
        (Why::Confirm(_), Some(name)) => SignInReason::Confirm { name: name.to_owned() },
        _ => SignInReason::Needed,
    };
    let hint = towards.and_then(|towards| towards.interaction.request.login_hint.as_ref());
    Ok(sheet.show(&SignInPage {
        reason,
        interaction: towards.map(|towards| towards.sealed.to_owned()),
        ceremony: ceremony.sealed,
        options_json: ceremony.options_json,
        login: hint.map(LoginHint::as_str).map(str::to_owned),
        trouble,
        people: sandbox::people(app, visitor),
    }))
}

pub(super) async fn sign_in(State(app): State<Arc<App>>, mut posted: Posted) -> Result<Response, PageError> {
    let sealed = posted.field("interaction")?.to_owned();
    let carried = Carried::open(&app, &mut posted.visitor, &sealed)?;
    let towards = carried.as_ref().map(Carried::towards);
    let credential = posted.field("credential")?;
    let why = why(&app, &posted.visitor, towards).await?;
    if credential.is_empty() {
        return show(&app, &posted.visitor, towards, why, Some(PasskeyTrouble::NotSent)).await;
    }
    let outcome = app
        .provider
        .finish_sign_in(&SignInAttempt {
            sealed: posted.field("ceremony")?,
            credential,
            holder: &posted.visitor.holder,
            current: posted.visitor.session.as_ref(),
            client: towards.map(Towards::client_id),
            origin: &posted.visitor.origin,
        })
        .await?;
    let (why, trouble) = match outcome {
        SignIn::SignedIn(signed_in) => {
            posted.visitor.keep_session(&app, signed_in.token.expose());
            let next = match (towards, signed_in.purpose) {
                (Some(towards), _) => towards.path(),
                (None, SignInPurpose::ChangePasskeys) => "/account/passkeys".to_owned(),
                (None, SignInPurpose::Enter) => "/account".to_owned(),
            };
            return Ok(see_other(&app, &posted.visitor, &next));
        }
        SignIn::Refused(purpose) => (still(why, purpose), PasskeyTrouble::Refused),
        SignIn::NotVerified(purpose) => (still(why, purpose), PasskeyTrouble::NotVerified),
        SignIn::CeremonyExpired => (why, PasskeyTrouble::TooLate),
        SignIn::OtherBrowser => return Err(Trouble::OtherBrowser.into()),
    };
    if let Tries::TooMany(wait) =
        app.provider.count_try(Guarded::SignIn, &posted.visitor.origin.place).await?
    {
        return Err(PageError::new(Trouble::TooManyRequests).retrying_after(wait));
    }
    show(&app, &posted.visitor, towards, why, Some(trouble)).await
}

/// Why the page stands there after a refusal: what a ceremony is for, it stays for.
fn still(why: Why, purpose: SignInPurpose) -> Why {
    match purpose {
        SignInPurpose::ChangePasskeys => Why::Confirm(purpose),
        SignInPurpose::Enter => why,
    }
}

/// Why the page stood there: found anew, so that the page need not say it.
async fn why(app: &App, visitor: &Visitor, towards: Option<Towards<'_>>) -> Result<Why, PageError> {
    let Some(towards) = towards else {
        return Ok(visitor.session.as_ref().map_or(Why::Needed, |_| Why::Confirm(SignInPurpose::Enter)));
    };
    let reason = app.provider.sign_in_reason(towards.interaction, visitor.session.as_ref()).await?;
    Ok(reason.map_or(Why::Needed, Why::from))
}
