//! `GET` and `POST /authorize` (RFC 6749 §3.1, OIDC Core §3.1.2), and the pages between question and answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{ALLOW, HeaderMap};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::by_get::again_by_get;
use super::form::body_params;
use super::{consent, device, select_account};
use crate::domain::interaction::SignInReason;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::Posted;
use crate::http::pages::{create, onward, sign_in};
use crate::http::render::{Sheet, redirect, see_other};
use crate::http::visitor::{Arrival, Visitor};
use crate::protocol::{ClaimName, Endpoint, RawParams};
use crate::services::authorization::{
    Answered, ConsentAnswer, Interaction, LARGEST_REQUEST, NextStep, Received, Reply,
};
use crate::view::Trouble;
use crate::view::pages::FormPostPage;

/// The authorization endpoint and where its pages lead.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(Endpoint::Authorize.as_str(), get(by_query).post(by_form).head(no_head::<true>))
        .route("/continue", get(go_on).head(no_head::<false>))
        .route("/consent", post(answer_consent))
        .route("/select-account", post(select_account::chosen))
}

/// Where GET was meant the router would answer HEAD too. Here GET gives codes; whoever only looks shall not.
async fn no_head<const OR_POST: bool>() -> Response {
    let methods = if OR_POST { "GET, POST" } else { "GET" };
    ([(ALLOW, methods)], PageError::from(Trouble::MethodNotAllowed)).into_response()
}

async fn by_query(
    State(app): State<Arc<App>>,
    arrival: Arrival,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let params = RawParams::parse(query.unwrap_or_default().as_bytes(), LARGEST_REQUEST)
        .map_err(PageError::of_system)?;
    receive(&app, arrival, &params).await
}

/// OIDC Core §3.1.2.1: both methods. A page of another site may post here: it says nothing that a link could not.
async fn by_form(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, PageError> {
    let params = body_params(&headers, &body).map_err(PageError::of_system)?;
    again_by_get(&app, Endpoint::Authorize, &params)
}

async fn receive(app: &App, arrival: Arrival, params: &RawParams) -> Result<Response, PageError> {
    match app.provider.receive(params, &arrival.nobody.origin.place).await? {
        Received::Begun(interaction) => begin(app, arrival, &interaction).await,
        Received::Refused(reply) => carry(app, &arrival.visitor(app).await?, reply).await,
        Received::NoReply(wrong) => Err(PageError::from(wrong)),
    }
}

/// The address of a pushed request is good for a minute, one with a request object as long as that. Who has pages to read goes on at one that is good for longer,
/// so that reloading never strands her.
async fn begin(app: &App, arrival: Arrival, interaction: &Interaction) -> Result<Response, PageError> {
    if interaction.has_passing_address() && !interaction.request.prompt.is_silent() {
        let visitor = arrival.visitor(app).await?;
        let sealed = app.provider.seal_interaction(&visitor.holder, interaction);
        return Ok(see_other(app, &visitor, &onward(&sealed)));
    }
    show_step(app, arrival, interaction).await
}

/// `GET /continue`: after each page, the same question again.
async fn go_on(
    State(app): State<Arc<App>>,
    arrival: Arrival,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let params = RawParams::parse(query.unwrap_or_default().as_bytes(), 2 * LARGEST_REQUEST)
        .map_err(|error| PageError::new(Trouble::BadInput).because(error))?;
    let sealed =
        params.get("interaction").map_err(|error| PageError::new(Trouble::BadInput).because(error))?;
    let interaction = resume(&app, &arrival.nobody, sealed.unwrap_or_default())?;
    show_step(&app, arrival, &interaction).await
}

/// Takes up a request that travelled in a page, or says on a page why that cannot be.
pub(super) fn resume(app: &App, visitor: &Visitor, sealed: &str) -> Result<Interaction, PageError> {
    let opened = app.provider.open_interaction(&visitor.holder, sealed);
    opened.map_err(|error| PageError::of_interaction(error, visitor.locale()))
}

async fn show_step(app: &App, arrival: Arrival, interaction: &Interaction) -> Result<Response, PageError> {
    let (mut visitor, consent) =
        arrival.visitor_before(app, &interaction.client().registration.client_id).await?;
    visitor.prefer(interaction.request.ui_locale);
    let session = visitor.session.as_ref();
    match app.provider.next_step(interaction, session, consent.as_ref(), &visitor.origin).await? {
        NextStep::Answer(reply) => {
            visitor.show_state(app);
            carry(app, &visitor, reply).await
        }
        NextStep::NoReply(wrong) => Err(PageError::from(wrong)),
        NextStep::SignIn(SignInReason::NewAccount) => create::show_for(app, &visitor, interaction).await,
        NextStep::SignIn(reason) => sign_in::show_for(app, &visitor, interaction, reason).await,
        NextStep::SelectAccount => select_account::show(app, &visitor, interaction).await,
        NextStep::ConfirmDevice => device::show_confirmation(app, &visitor, interaction).await,
        NextStep::OnDevice(outcome) => device::show_outcome(app, &visitor, interaction, outcome).await,
        NextStep::Consent(page) => consent::show(app, &visitor, interaction, &page).await,
    }
}

/// `POST /consent`.
async fn answer_consent(State(app): State<Arc<App>>, posted: Posted) -> Result<Response, PageError> {
    let sealed = posted.field("interaction")?.to_owned();
    let visitor = &posted.visitor;
    let interaction = resume(&app, visitor, &sealed)?;
    let forth = onward(&sealed);
    // Whoever was signed out meanwhile is asked to sign in, and then again.
    let Some(session) = &visitor.session else { return Ok(see_other(&app, visitor, &forth)) };
    let answer = match posted.field("decision")? {
        "allow" | "continue" => {
            let ticked: BTreeSet<ClaimName> = posted.every("claim").filter_map(ClaimName::parse).collect();
            ConsentAnswer::Given { ticked, locale: visitor.locale() }
        }
        "decline" => ConsentAnswer::Declined,
        _ => return Err(PageError::new(Trouble::BadInput)),
    };
    match app.provider.answer_consent(&interaction, session, answer, &visitor.origin).await? {
        Answered::Remembered => Ok(see_other(&app, visitor, &forth)),
        Answered::Declined(reply) => carry(&app, visitor, reply).await,
        Answered::OnDevice(outcome) => device::show_outcome(&app, visitor, &interaction, outcome).await,
    }
}

/// Lets the browser carry an answer to the system.
async fn carry(app: &App, visitor: &Visitor, reply: Reply) -> Result<Response, PageError> {
    match reply {
        Reply::Redirect { location } => Ok(redirect(app, visitor, &location)),
        Reply::FormPost { action, csp_source, fields } => {
            let sheet = Sheet::of(app, visitor).await?.leading_to(csp_source);
            Ok(sheet.show(&FormPostPage { action, fields }))
        }
    }
}
