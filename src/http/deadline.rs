//! How long one request may take. Past it, whoever asked is told as when a store is down: 503, and when to ask again.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::error::{PageError, failed};
use crate::services::Failure;

/// For endpoints that programs call.
pub async fn told_as_json(State(span): State<Duration>, request: Request, next: Next) -> Response {
    timeout(span, next.run(request)).await.unwrap_or_else(|_| failed(Failure::TooLate))
}

/// For what people see. Lay it under what draws pages, for it may ask for one.
pub async fn told_on_a_page(State(span): State<Duration>, request: Request, next: Next) -> Response {
    let late = || PageError::from(Failure::TooLate).into_response();
    timeout(span, next.run(request)).await.unwrap_or_else(|_| late())
}
