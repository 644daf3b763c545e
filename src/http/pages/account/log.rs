//! `/account/log`: nhật ký truy cập, everything that happened with the account.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::log_entry::log_entry;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::query::Asked;
use crate::http::render::Sheet;
use crate::http::visitor::Member;
use crate::services::audit::OwnLog;
use crate::view::Trouble;
use crate::view::pages::LogPage;

pub(super) async fn open(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &member;
    let OwnLog::Page(own) = app.provider.own_log(session.account_id, query.get("before")?).await? else {
        return Err(Trouble::Gone.into());
    };
    let entries = own.entries.iter().map(|entry| log_entry(&app, entry, visitor.locale())).collect();
    Ok(Sheet::of(&app, visitor).await?.show(&LogPage { entries, older: own.older }))
}
