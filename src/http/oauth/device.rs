//! `POST /device` (RFC 8628 §3.1), and the pages on which a person meets the device.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::authorize::resume;
use super::client_call::ClientCall;
use super::sender::{TellNonce, binding_key};
use crate::http::App;
use crate::http::error::{PageError, slow_down};
use crate::http::form_token::Posted;
use crate::http::pages::{Towards, onward};
use crate::http::query::Asked;
use crate::http::render::{Sheet, see_other};
use crate::http::visitor::Visitor;
use crate::protocol::{Endpoint, UserCode};
use crate::services::authorization::{Entered, Interaction, OnDevice};
use crate::services::guard::{Guarded, Tries};
use crate::view::pages::{DeviceCodePage, DeviceConfirmPage, DeviceDonePage, DeviceOutcome};
use crate::view::{QrCode, Trouble, UserCodeTrouble, device_name};

/// Where people bring the code that their device shows.
pub fn pages() -> Router<Arc<App>> {
    Router::new()
        .route(Endpoint::DeviceVerification.as_str(), get(open).post(enter))
        .route("/device/confirm", post(confirm))
}

/// Gives a device its codes.
pub async fn begin(State(app): State<Arc<App>>, call: ClientCall) -> Response {
    // Anybody can begin in the name of a client without a secret: the store is not theirs to fill.
    if !call.client.registration.is_confidential() {
        match app.provider.count_try(Guarded::PublicPush, &call.origin.place).await {
            Ok(Tries::Few) => {}
            Ok(Tries::TooMany(wait)) => return slow_down(wait),
            Err(failure) => return call.refuse(failure),
        }
    }
    let key = match binding_key(&app, &call, Endpoint::DeviceAuthorization).await {
        Ok(key) => key,
        Err(refused) => return TellNonce::after(&refused).on(&app, call.refuse(refused)),
    };
    let begun = app.provider.begin_device(&call.client, &call.params, key.as_ref(), &call.origin.place).await;
    let response = match begun {
        Ok(Ok(begun)) => ([(CACHE_CONTROL, "no-store")], Json(begun)).into_response(),
        Ok(Err(error)) => call.refuse(error),
        Err(failure) => call.refuse(failure),
    };
    TellNonce::to(key.as_ref()).on(&app, response)
}

/// `GET /device/verify`. RFC 8628 §3.3.1: a code that came with the address is shown and not yet used, so that a link alone
/// does nothing.
async fn open(State(app): State<Arc<App>>, visitor: Visitor, query: Asked) -> Result<Response, PageError> {
    let code = query.get("user_code")?.and_then(UserCode::parse);
    show_entry(&app, &visitor, code.as_ref().map(ToString::to_string), None).await
}

/// `POST /device/verify`.
async fn enter(State(app): State<Arc<App>>, posted: Posted) -> Result<Response, PageError> {
    let visitor = &posted.visitor;
    let typed = posted.field("user_code")?;
    let trouble = match app.provider.enter_user_code(&visitor.holder, &visitor.origin.place, typed).await? {
        Entered::Known(interaction) => {
            let sealed = app.provider.seal_interaction(&visitor.holder, &interaction);
            return Ok(see_other(&app, visitor, &onward(&sealed)));
        }
        Entered::NoCode => UserCodeTrouble::Malformed,
        Entered::Unknown => UserCodeTrouble::Unknown,
        Entered::Expired => UserCodeTrouble::Expired,
        Entered::Used => UserCodeTrouble::Used,
        Entered::TooMany(wait) => {
            return Err(PageError::new(Trouble::TooManyRequests).retrying_after(wait));
        }
    };
    show_entry(&app, visitor, None, Some(trouble)).await
}

async fn show_entry(
    app: &App,
    visitor: &Visitor,
    user_code: Option<String>,
    trouble: Option<UserCodeTrouble>,
) -> Result<Response, PageError> {
    let page = Endpoint::DeviceVerification;
    let query = user_code.as_ref().map(|code| format!("?user_code={code}")).unwrap_or_default();
    let mut sheet = Sheet::of(app, visitor).await?.at(&format!("{}{query}", page.as_str()));
    if trouble.is_some() {
        sheet = sheet.status(StatusCode::BAD_REQUEST);
    }
    let here = format!("{}{query}", app.provider.policy().issuer.endpoint(page));
    Ok(sheet.show(&DeviceCodePage { user_code, trouble, qr: QrCode::of(&here) }))
}

/// The step on which a person compares the code of the device before her with the one that she brought.
pub async fn show_confirmation(
    app: &App,
    visitor: &Visitor,
    interaction: &Interaction,
) -> Result<Response, PageError> {
    let device = interaction.destination.device().ok_or(Trouble::Internal)?;
    let sealed = app.provider.seal_interaction(&visitor.holder, interaction);
    let towards = Towards { interaction, sealed: &sealed };
    let sheet = towards.on(Sheet::of(app, visitor).await?).at(&towards.path());
    let page = DeviceConfirmPage {
        user_code: device.visit.user_code.clone(),
        device: device.visit.agent.as_deref().and_then(device_name),
        interaction: sealed.clone(),
    };
    Ok(sheet.show(&page))
}

/// `POST /device/confirm`.
async fn confirm(State(app): State<Arc<App>>, posted: Posted) -> Result<Response, PageError> {
    let visitor = &posted.visitor;
    let sealed = posted.field("interaction")?.to_owned();
    let interaction = resume(&app, visitor, &sealed)?;
    let (Some(device), Some(session)) = (interaction.destination.device(), &visitor.session) else {
        return Ok(see_other(&app, visitor, &onward(&sealed)));
    };
    match posted.field("decision")? {
        "same" => {
            let confirmed = app.provider.confirm_device(interaction, session.account_id);
            let sealed = app.provider.seal_interaction(&visitor.holder, &confirmed);
            Ok(see_other(&app, visitor, &onward(&sealed)))
        }
        "decline" => {
            let outcome = app.provider.decline_device(device, session, &visitor.origin).await?;
            show_outcome(&app, visitor, &interaction, outcome).await
        }
        _ => Err(PageError::new(Trouble::BadInput)),
    }
}

/// The end of the person's part.
pub async fn show_outcome(
    app: &App,
    visitor: &Visitor,
    interaction: &Interaction,
    outcome: OnDevice,
) -> Result<Response, PageError> {
    let sheet = Sheet::of(app, visitor).await?.towards(interaction.client());
    let (status, outcome) = match outcome {
        OnDevice::Approved => (StatusCode::OK, DeviceOutcome::Approved),
        OnDevice::Declined => (StatusCode::OK, DeviceOutcome::Declined),
        OnDevice::Refused(why) => (StatusCode::OK, why.into()),
        OnDevice::Expired => (StatusCode::BAD_REQUEST, DeviceOutcome::Expired),
        OnDevice::Used => (StatusCode::BAD_REQUEST, DeviceOutcome::Used),
    };
    let sealed = app.provider.seal_interaction(&visitor.holder, interaction);
    Ok(sheet.status(status).at(&onward(&sealed)).show(&DeviceDonePage { outcome }))
}
