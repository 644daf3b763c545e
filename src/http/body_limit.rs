//! Bodies that are too large: told at once where their length is announced, and in the form that the caller reads.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::{PageError, too_large};
use super::oauth::LARGEST_BODY;
use crate::telemetry::Cause;
use crate::view::Trouble;

/// For endpoints that programs call.
pub async fn told_as_json(request: Request, next: Next) -> Response {
    if announces_too_much(&request) {
        return too_large();
    }
    let response = next.run(request).await;
    // Nothing behind this refuses a length by itself but the reader of bodies, which answers in plain text.
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { response }
}

/// For endpoints that people see.
pub async fn told_on_a_page(request: Request, next: Next) -> Response {
    let page = || PageError::from(Trouble::TooLarge).into_response();
    if announces_too_much(&request) {
        return page();
    }
    let response = next.run(request).await;
    // Our own refusals know why, and are drawn as they are.
    let is_ours = response.extensions().get::<Cause>().is_some();
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE && !is_ours { page() } else { response }
}

fn announces_too_much(request: &Request) -> bool {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    announced.is_some_and(|text| text.parse().is_ok_and(|length: u64| length > LARGEST_BODY as u64))
}
