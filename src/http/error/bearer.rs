//! Refusals of an access token (RFC 6750 §3).

use axum::Json;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::because;
use crate::protocol::{BearerError, bearer_challenge};

/// The answer that refuses a request, or asks for a token where none was sent.
pub fn bearer_error(error: Option<BearerError>) -> Response {
    let status = error.as_ref().map_or(401, |error| error.code.status());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED);
    let challenge = HeaderValue::from_str(&bearer_challenge("khue", error.as_ref())).ok();
    let mut response = match &error {
        Some(error) => (status, Json(error)).into_response(),
        None => status.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(challenge.map(|challenge| (WWW_AUTHENTICATE, challenge)));
    match error {
        Some(error) => because(response, error),
        None => response,
    }
}
