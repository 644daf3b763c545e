//! `/account/passkeys`: the keys that open the account.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::ids::CredentialId;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::PostedByMember;
use crate::http::pages::sign_in::BEFORE_PASSKEYS;
use crate::http::query::Asked;
use crate::http::render::{Sheet, see_other};
use crate::http::visitor::{Member, Visitor};
use crate::services::accounts::{BegunPasskey, NewPasskeyAttempt, OwnPasskey, PasskeyAddition, Renaming};
use crate::view::pages::{PasskeyKind, PasskeyView, PasskeysPage};
use crate::view::texts::Texts;
use crate::view::{Done, Field, PasskeyTrouble, Problems, Trouble};

/// What is to be said at the top of the page.
#[derive(Default)]
struct Said {
    done: Option<Done>,
    problems: Problems,
    trouble: Option<PasskeyTrouble>,
}

pub(super) async fn open(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    show(&app, &member, Said { done: query.done()?, ..Said::default() }).await
}

async fn show(app: &App, member: &Member, said: Said) -> Result<Response, PageError> {
    let Member { visitor, session } = member;
    let BegunPasskey::Ceremony(ceremony) = app.provider.begin_passkey(session, &visitor.holder).await? else {
        return Ok(see_other(app, visitor, BEFORE_PASSKEYS));
    };
    let mut sheet = Sheet::of(app, visitor).await?.at("/account/passkeys").after(said.done);
    if said.trouble.is_some() || !said.problems.is_empty() {
        sheet = sheet.status(StatusCode::BAD_REQUEST);
    }
    let passkeys = app.provider.own_passkeys(session).await?;
    Ok(sheet.show(&PasskeysPage {
        passkeys: passkeys.into_iter().map(passkey_view).collect(),
        ceremony: ceremony.sealed,
        options_json: ceremony.options_json,
        suggested_label: suggested_label(visitor),
        problems: said.problems,
        trouble: said.trouble,
    }))
}

pub(super) async fn add(State(app): State<Arc<App>>, posted: PostedByMember) -> Result<Response, PageError> {
    let Member { visitor, session } = &posted.member;
    let credential = posted.field("credential")?;
    let attempt = NewPasskeyAttempt {
        sealed: posted.field("ceremony")?,
        credential,
        label: posted.field("label")?,
        fallback_label: &suggested_label(visitor),
        holder: &visitor.holder,
        origin: &visitor.origin,
    };
    let trouble = match app.provider.finish_passkey(session, &attempt).await? {
        PasskeyAddition::Added => return Ok(done(&app, visitor, Done::PasskeyAdded)),
        PasskeyAddition::Refused if credential.is_empty() => PasskeyTrouble::NotSent,
        PasskeyAddition::Refused => PasskeyTrouble::Refused,
        PasskeyAddition::AlreadyRegistered => PasskeyTrouble::AlreadyAdded,
        PasskeyAddition::CeremonyExpired => PasskeyTrouble::TooLate,
        PasskeyAddition::OtherBrowser => return Err(Trouble::OtherBrowser.into()),
    };
    show(&app, &posted.member, Said { trouble: Some(trouble), ..Said::default() }).await
}

pub(super) async fn rename(
    State(app): State<Arc<App>>,
    posted: PostedByMember,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &posted.member;
    let id = CredentialId::parse(posted.field("id")?).ok_or(Trouble::Gone)?;
    match app.provider.rename_passkey(session, id, posted.field("label")?).await? {
        Renaming::Renamed => Ok(done(&app, visitor, Done::PasskeyRenamed)),
        Renaming::Wrong(wrong) => {
            let mut problems = Problems::none();
            problems.add(Field::Label, wrong);
            show(&app, &posted.member, Said { problems, ..Said::default() }).await
        }
        Renaming::Gone => Err(Trouble::Gone.into()),
    }
}

/// Back to the list, which says what was done.
pub(super) fn done(app: &App, visitor: &Visitor, done: Done) -> Response {
    see_other(app, visitor, &format!("/account/passkeys?{}={}", Done::PARAMETER, done.code()))
}

pub(super) fn passkey_view(passkey: OwnPasskey) -> PasskeyView {
    PasskeyView {
        id: passkey.id.to_string(),
        label: passkey.label,
        kind: if passkey.synced { PasskeyKind::Synced } else { PasskeyKind::DeviceBound },
        created: passkey.created_at,
        last_used: passkey.last_used_at,
    }
}

/// The name of the device in front of us.
pub(in crate::http::pages) fn suggested_label(visitor: &Visitor) -> String {
    visitor.device().unwrap_or_else(|| Texts::of_locale(visitor.locale()).of("device-unknown").into_owned())
}
