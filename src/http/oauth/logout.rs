//! `GET` and `POST /logout` (RP-Initiated Logout 1.0).

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::by_get::again_by_get;
use super::form::body_params;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::Posted;
use crate::http::render::{Sheet, redirect, return_link};
use crate::http::visitor::Visitor;
use crate::protocol::params::BODY_LIMIT;
use crate::protocol::{Endpoint, LogoutRequest, RawParams};
use crate::services::logout::{Logout, LogoutFrame, WayBack};
use crate::view::Trouble;
use crate::view::pages::{SignOutPage, SignedOutOfSystemPage, SignedOutPage};

/// The end-session endpoint, and where its page leads.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(Endpoint::Logout.as_str(), get(by_query).post(by_form))
        .route("/logout/confirm", axum::routing::post(confirmed))
}

async fn by_query(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let params =
        RawParams::parse(query.unwrap_or_default().as_bytes(), BODY_LIMIT).map_err(PageError::of_system)?;
    receive(&app, visitor, &params).await
}

/// RP-Initiated Logout §2: both methods.
async fn by_form(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, PageError> {
    let params = body_params(&headers, &body).map_err(PageError::of_system)?;
    again_by_get(&app, Endpoint::Logout, &params)
}

async fn receive(app: &App, mut visitor: Visitor, params: &RawParams) -> Result<Response, PageError> {
    let request = LogoutRequest::parse(params).map_err(PageError::of_system)?;
    visitor.prefer(request.ui_locale);
    let logout = app.provider.logout(&request, visitor.session.as_ref()).map_err(PageError::of_system)?;
    match logout {
        Logout::NobodySignedIn(way_back) => part(app, &visitor, &way_back, Vec::new()).await,
        Logout::Certain(way_back) => sign_out(app, visitor, &way_back).await,
        Logout::Ask(way_back) => {
            // RP-Initiated Logout §2: whoever was sent here without proof decides herself.
            let sheet = Sheet::of(app, &visitor).await?;
            let sheet = match &way_back.client {
                Some(client) => sheet.towards(client),
                None => sheet,
            };
            let sheet = match &way_back.csp_source {
                Some(source) => sheet.leading_to(source.clone()),
                None => sheet,
            };
            let logout_request = Some(app.provider.seal_logout(&visitor.holder, params));
            Ok(sheet.show(&SignOutPage { logout_request }))
        }
    }
}

/// What she chose to sign out of.
enum From {
    Everything,
    /// The system that sent her.
    System,
}

impl From {
    fn chosen(posted: &Posted) -> Result<Self, PageError> {
        match posted.field("from")? {
            "" | "everything" => Ok(Self::Everything),
            "system" => Ok(Self::System),
            _ => Err(PageError::new(Trouble::BadInput)),
        }
    }
}

/// `POST /logout/confirm`: she said yes.
async fn confirmed(State(app): State<Arc<App>>, posted: Posted) -> Result<Response, PageError> {
    let sealed = posted.field("logout_request")?.to_owned();
    let from = From::chosen(&posted)?;
    let visitor = posted.visitor;
    let request = match sealed.as_str() {
        "" => LogoutRequest::default(),
        sealed => app
            .provider
            .open_logout(&visitor.holder, sealed)
            .ok_or_else(|| PageError::new(Trouble::OtherBrowser))?,
    };
    let logout = app.provider.logout(&request, visitor.session.as_ref()).map_err(PageError::of_system)?;
    match logout {
        Logout::NobodySignedIn(way_back) => part(&app, &visitor, &way_back, Vec::new()).await,
        Logout::Certain(way_back) | Logout::Ask(way_back) => match from {
            From::Everything => sign_out(&app, visitor, &way_back).await,
            From::System => sign_out_of_system(&app, &visitor, &way_back).await,
        },
    }
}

/// She stays signed in here and everywhere else.
async fn sign_out_of_system(app: &App, visitor: &Visitor, way_back: &WayBack) -> Result<Response, PageError> {
    let (Some(session), Some(client)) = (&visitor.session, &way_back.client) else {
        return Err(PageError::new(Trouble::BadInput));
    };
    let frame = app.provider.sign_out_of(session, client, &visitor.origin).await?;
    if let (None, Some(location)) = (&frame, &way_back.location) {
        return Ok(redirect(app, visitor, location));
    }
    let return_to = return_link(client, visitor.locale());
    let sheet = Sheet::of(app, visitor).await?.towards(client);
    let (sheet, frames) = framing(sheet, frame.into_iter().collect());
    Ok(sheet.show(&SignedOutOfSystemPage { return_to, frames, onward: way_back.location.clone() }))
}

async fn sign_out(app: &App, mut visitor: Visitor, way_back: &WayBack) -> Result<Response, PageError> {
    if let Some(session) = visitor.session.take() {
        let client = way_back.client.as_deref();
        let frames = app.provider.sign_out(&session, client, &visitor.origin).await?;
        visitor.forget_session(app);
        return part(app, &visitor, way_back, frames).await;
    }
    visitor.forget_session(app);
    part(app, &visitor, way_back, Vec::new()).await
}

/// To the system's registered address, or to a page that says that it is done; by way of that page where systems are to
/// be framed in it (Front-Channel Logout §2).
async fn part(
    app: &App,
    visitor: &Visitor,
    way_back: &WayBack,
    frames: Vec<LogoutFrame>,
) -> Result<Response, PageError> {
    if let (true, Some(location)) = (frames.is_empty(), &way_back.location) {
        return Ok(redirect(app, visitor, location));
    }
    let return_to = way_back.client.as_ref().and_then(|client| return_link(client, visitor.locale()));
    let (sheet, frames) = framing(Sheet::of(app, visitor).await?, frames);
    Ok(sheet.show(&SignedOutPage { return_to, frames, onward: way_back.location.clone() }))
}

/// The sheet may frame these systems, and no other.
fn framing(sheet: Sheet<'_>, frames: Vec<LogoutFrame>) -> (Sheet<'_>, Vec<String>) {
    let mut addresses = Vec::with_capacity(frames.len());
    let mut sheet = sheet;
    for frame in frames {
        sheet = sheet.framing(frame.csp_source);
        addresses.push(frame.address);
    }
    (sheet, addresses)
}
