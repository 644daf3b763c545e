//! `/account`: everything at a glance.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::profile::values;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::query::Asked;
use crate::http::render::Sheet;
use crate::http::visitor::Member;
use crate::view::pages::AccountPage;

pub(super) async fn overview(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &member;
    let person = app.provider.person(session.account_id).await?;
    let page = AccountPage {
        profile: values(&person.profile),
        passkeys: app.provider.own_passkeys(session).await?.len(),
        sessions: app.provider.own_sessions(session).await?.len(),
        systems: app.provider.connected_systems(session).await?.len(),
        last_sign_in: Some(session.authenticated_at),
    };
    Ok(Sheet::of(&app, visitor).await?.after(query.done()?).show(&page))
}
