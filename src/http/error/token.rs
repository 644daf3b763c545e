//! Errors in the JSON of RFC 6749 §5.2.

use std::time::Duration;

use axum::Json;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::because;
use crate::protocol::{TokenError, TokenErrorCode};
use crate::services::Failure;

/// How long a client should wait while a store is down, in seconds.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");

/// The answer that tells `error`. Where Basic was used, RFC 6749 §5.2 wants a challenge with it.
pub fn token_error(error: TokenError, basic_was_used: bool) -> Response {
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(&error)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if error.code == TokenErrorCode::InvalidClient && basic_was_used {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"khue\", charset=\"UTF-8\""));
    }
    because(response, error)
}

/// The answer to a body over the limit, at the token and the userinfo endpoint alike.
pub fn too_large() -> Response {
    let error = TokenError::new(TokenErrorCode::InvalidRequest, "The body is over 64 KiB.");
    let mut response = token_error(error, false);
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response
}

/// The answer to a method that a program's endpoint does not have. Which it has is in `Allow`.
pub async fn other_method() -> Response {
    let text = "This endpoint is not called by this method; see Allow.";
    let mut response = token_error(TokenError::new(TokenErrorCode::InvalidRequest, text), false);
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

/// The answer to too many tries.
pub fn slow_down(wait: Duration) -> Response {
    let error = TokenError::new(TokenErrorCode::SlowDown, "Too many failed tries; see Retry-After.");
    let mut response = token_error(error, false);
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    response
}

/// The answer where the house itself did not work. Nothing is claimed of what was done: where the reply to a commit is lost
/// nobody knows.
pub fn failed(failure: Failure) -> Response {
    let error = match failure.is_passing() {
        true if matches!(failure, Failure::NoClientKey { .. }) => TokenError::new(
            TokenErrorCode::TemporarilyUnavailable,
            "The answer has to be encrypted to a public key of this client, and none that fits can be had; see its jwks \
             or jwks_uri. Nothing was done.",
        ),
        true => {
            TokenError::new(TokenErrorCode::TemporarilyUnavailable, "Try again in a moment; see Retry-After.")
        }
        false => TokenError::new(TokenErrorCode::ServerError, "The provider could not answer."),
    };
    let mut response = token_error(error, false);
    if failure.is_passing() {
        response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    because(response, failure)
}
