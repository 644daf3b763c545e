//! The operator's side of an error travels to the log in the response's extensions.

use axum::response::Response;

use crate::telemetry::Cause;

/// `response`, with what the log shall say about it.
pub fn because(mut response: Response, error: impl std::error::Error + Send + Sync + 'static) -> Response {
    response.extensions_mut().insert(Cause::new(error));
    response
}
