//! How long one request may take. Past it, whoever asked is told as when a store is down: 503, and when to ask again.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::{PageError, failed};
use crate::protocol::Endpoint;
use crate::services::Failure;

/// Where programs ask and no person looks on.
const FOR_PROGRAMS: [Endpoint; 4] =
    [Endpoint::Token, Endpoint::Userinfo, Endpoint::Introspect, Endpoint::Revoke];

/// Answers within `span`. Lay it under what draws pages, for it may ask for one.
pub async fn within(State(span): State<Duration>, request: Request, next: Next) -> Response {
    let is_for_programs = request
        .extensions()
        .get::<MatchedPath>()
        .is_some_and(|route| FOR_PROGRAMS.iter().any(|one| route.as_str().ends_with(one.as_str())));
    match tokio::time::timeout(span, next.run(request)).await {
        Ok(response) => response,
        Err(_) if is_for_programs => failed(Failure::TooLate),
        Err(_) => PageError::from(Failure::TooLate).into_response(),
    }
}
