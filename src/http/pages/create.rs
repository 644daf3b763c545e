//! `/create`: a new account, in two steps.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::account::{problems, suggested_label};
use super::{Carried, Towards};
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::Posted;
use crate::http::query::Asked;
use crate::http::render::{Sheet, see_other};
use crate::http::visitor::Visitor;
use crate::services::Ceremony;
use crate::services::accounts::{AccountCreation, BegunAccount, CreateAttempt, ProfileInput};
use crate::services::authorization::Interaction;
use crate::services::guard::{Guarded, Tries};
use crate::view::pages::{CreatePage, CreatePasskeyPage, CreateValues};
use crate::view::{Done, PasskeyTrouble, Trouble};

pub(super) async fn open(
    State(app): State<Arc<App>>,
    mut visitor: Visitor,
    query: Asked,
) -> Result<Response, PageError> {
    let carried = Carried::open(&app, &mut visitor, query.get("interaction")?.unwrap_or_default())?;
    let towards = carried.as_ref().map(Carried::towards);
    if towards.is_none() && visitor.session.is_some() {
        return Ok(see_other(&app, &visitor, "/account"));
    }
    show(&app, &visitor, towards).await
}

/// The page of the first step, as a step of `interaction`.
pub async fn show_for(
    app: &App,
    visitor: &Visitor,
    interaction: &Interaction,
) -> Result<Response, PageError> {
    let sealed = app.provider.seal_interaction(&visitor.holder, interaction);
    show(app, visitor, Some(Towards { interaction, sealed: &sealed })).await
}

async fn show(app: &App, visitor: &Visitor, towards: Option<Towards<'_>>) -> Result<Response, PageError> {
    let interaction = towards.map(|towards| towards.sealed.to_owned());
    Ok(sheet(app, visitor, towards).await?.show(&CreatePage { interaction, ..CreatePage::default() }))
}

async fn sheet<'a>(
    app: &'a App,
    visitor: &'a Visitor,
    towards: Option<Towards<'_>>,
) -> Result<Sheet<'a>, PageError> {
    let sheet = Sheet::of(app, visitor).await?;
    Ok(match towards {
        Some(towards) => towards.on(sheet).at(&towards.path().replacen("/continue", "/create", 1)),
        None => sheet.at("/create"),
    })
}

pub(super) async fn begin(State(app): State<Arc<App>>, mut posted: Posted) -> Result<Response, PageError> {
    let sealed = posted.field("interaction")?.to_owned();
    let carried = Carried::open(&app, &mut posted.visitor, &sealed)?;
    let towards = carried.as_ref().map(Carried::towards);
    if let Tries::TooMany(wait) =
        app.provider.count_try(Guarded::NewAccount, &posted.visitor.origin.place).await?
    {
        return Err(PageError::new(Trouble::TooManyRequests).retrying_after(wait));
    }
    let (name, email, phone) = (posted.field("name")?, posted.field("email")?, posted.field("phone")?);
    let input = ProfileInput { name, email, phone_number: phone, ..ProfileInput::default() };
    match app.provider.begin_account(&posted.visitor.holder, &input)? {
        BegunAccount::Passkey { ceremony, name } => {
            ask_for_passkey(&app, &posted.visitor, towards, ceremony, name, None).await
        }
        BegunAccount::Wrong(wrong) => {
            let page = CreatePage {
                interaction: towards.map(|towards| towards.sealed.to_owned()),
                values: CreateValues {
                    name: name.to_owned(),
                    email: email.to_owned(),
                    phone: phone.to_owned(),
                },
                problems: problems(&wrong),
            };
            let sheet = sheet(&app, &posted.visitor, towards).await?;
            Ok(sheet.status(StatusCode::BAD_REQUEST).show(&page))
        }
    }
}

async fn ask_for_passkey(
    app: &App,
    visitor: &Visitor,
    towards: Option<Towards<'_>>,
    ceremony: Ceremony,
    name: String,
    trouble: Option<PasskeyTrouble>,
) -> Result<Response, PageError> {
    let mut sheet = sheet(app, visitor, towards).await?;
    if trouble.is_some() {
        sheet = sheet.status(StatusCode::BAD_REQUEST);
    }
    Ok(sheet.show(&CreatePasskeyPage {
        interaction: towards.map(|towards| towards.sealed.to_owned()),
        ceremony: ceremony.sealed,
        options_json: ceremony.options_json,
        name,
        trouble,
    }))
}

pub(super) async fn finish(State(app): State<Arc<App>>, mut posted: Posted) -> Result<Response, PageError> {
    let sealed = posted.field("interaction")?.to_owned();
    let carried = Carried::open(&app, &mut posted.visitor, &sealed)?;
    let towards = carried.as_ref().map(Carried::towards);
    let credential = posted.field("credential")?;
    let label = suggested_label(&posted.visitor);
    let attempt = CreateAttempt {
        sealed: posted.field("ceremony")?,
        credential,
        label: &label,
        holder: &posted.visitor.holder,
        current: posted.visitor.session.as_ref(),
        client: towards.map(Towards::client_id),
        locale: posted.visitor.locale(),
        origin: &posted.visitor.origin,
    };
    let (ceremony, name, trouble) = match app.provider.finish_account(&attempt).await? {
        AccountCreation::Created(created) => {
            posted.visitor.keep_session(&app, created.token.expose());
            let next = towards.map_or_else(after_creation, |towards| towards.path());
            return Ok(see_other(&app, &posted.visitor, &next));
        }
        AccountCreation::Refused { ceremony, name } if credential.is_empty() => {
            (ceremony, name, PasskeyTrouble::NotSent)
        }
        AccountCreation::Refused { ceremony, name } => (ceremony, name, PasskeyTrouble::Refused),
        AccountCreation::AlreadyRegistered { ceremony, name } => {
            (ceremony, name, PasskeyTrouble::AlreadyAdded)
        }
        AccountCreation::CeremonyExpired => {
            let link = towards.and_then(|towards| towards.way_back(posted.visitor.locale()));
            return Err(PageError::new(Trouble::Expired).returning_to(link));
        }
        AccountCreation::OtherBrowser => return Err(Trouble::OtherBrowser.into()),
    };
    ask_for_passkey(&app, &posted.visitor, towards, ceremony, name, Some(trouble)).await
}

fn after_creation() -> String {
    format!("/account?{}={}", Done::PARAMETER, Done::AccountCreated.code())
}
