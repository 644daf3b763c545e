//! `/account/sessions`: where the person is signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::base::ids::SessionId;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::PostedByMember;
use crate::http::query::Asked;
use crate::http::render::{Sheet, see_other};
use crate::http::visitor::{Member, Visitor};
use crate::services::accounts::OwnSession;
use crate::view::agent::device_name;
use crate::view::pages::{SessionView, SessionsPage, WhichSession};
use crate::view::{Done, Trouble};

pub(super) async fn open(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &member;
    let own = app.provider.own_sessions(session).await?;
    let mut sessions: Vec<SessionView> = own.into_iter().map(|own| session_view(own, session.id)).collect();
    sessions.sort_by_key(|view| view.which == WhichSession::Other);
    Ok(Sheet::of(&app, visitor).await?.after(query.done()?).show(&SessionsPage { sessions }))
}

fn session_view(own: OwnSession, this: SessionId) -> SessionView {
    let device = own.place.as_ref().and_then(|place| place.device.as_deref());
    SessionView {
        id: own.id.to_string(),
        device: device.and_then(device_name),
        place: own.place.as_ref().map(|place| place.address.to_string()),
        started: own.started_at,
        last_seen: own.seen_at,
        which: if own.id == this { WhichSession::This } else { WhichSession::Other },
    }
}

pub(super) async fn end(
    State(app): State<Arc<App>>,
    mut posted: PostedByMember,
) -> Result<Response, PageError> {
    let id = SessionId::parse(posted.field("id")?).ok_or(Trouble::Gone)?;
    let Member { visitor, session } = &mut posted.member;
    if !app.provider.end_own_session(session, id, &visitor.origin).await? {
        return Err(Trouble::Gone.into());
    }
    if id == session.id {
        visitor.forget_session(&app);
        return Ok(see_other(&app, visitor, "/"));
    }
    Ok(done(&app, visitor, Done::SessionEnded))
}

pub(super) async fn end_others(
    State(app): State<Arc<App>>,
    posted: PostedByMember,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &posted.member;
    app.provider.end_other_sessions(session, &visitor.origin).await?;
    Ok(done(&app, visitor, Done::OtherSessionsEnded))
}

fn done(app: &App, visitor: &Visitor, done: Done) -> Response {
    see_other(app, visitor, &format!("/account/sessions?{}={}", Done::PARAMETER, done.code()))
}
