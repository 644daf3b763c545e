//! `POST /not-me`: another person sits before the browser.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::Carried;
use crate::domain::session::SessionEnd;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::Posted;
use crate::http::render::see_other;

pub(super) async fn not_me(State(app): State<Arc<App>>, mut posted: Posted) -> Result<Response, PageError> {
    let sealed = posted.field("interaction")?.to_owned();
    let carried = Carried::open(&app, &mut posted.visitor, &sealed)?;
    if let Some(session) = posted.visitor.session.take() {
        app.provider.end_session(&session, SessionEnd::SignedOut, &posted.visitor.origin).await?;
    }
    posted.visitor.forget_session(&app);
    let next = carried.map_or_else(|| "/sign-in".to_owned(), |carried| carried.towards().path());
    Ok(see_other(&app, &posted.visitor, &next))
}
