//! `/account/log/proof`: the proof of one entry, as a file that anybody can check with the log's public key.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::base::ids::AuditEventId;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::query::Asked;
use crate::http::render::guard;
use crate::http::visitor::Member;
use crate::services::audit::{AuditError, EntryProof};
use crate::view::Trouble;

/// An entry gets its place within a second.
const SOON: Duration = Duration::from_secs(2);

pub(super) async fn download(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    let id = query.get("entry")?.and_then(AuditEventId::parse).ok_or(Trouble::Gone)?;
    let proof = app.audit.entry_proof(member.session.account_id, id).await.map_err(damaged)?;
    let proof = match proof {
        EntryProof::Proof(proof) => proof,
        EntryProof::Waiting => return Err(PageError::new(Trouble::Unavailable).retrying_after(SOON)),
        EntryProof::Unknown => return Err(Trouble::Gone.into()),
    };
    let mut response = proof.to_json().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"khue-{id}.json\"")) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    guard(&app, headers);
    Ok(response)
}

fn damaged(error: AuditError) -> PageError {
    let trouble = match &error {
        AuditError::Storage(_) => Trouble::Unavailable,
        _ => Trouble::Internal,
    };
    PageError::new(trouble).because(error)
}
