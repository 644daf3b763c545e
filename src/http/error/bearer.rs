//! Refusals of an access token (RFC 6750 §3, RFC 9449 §7.1).

use axum::Json;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::because;
use crate::protocol::{BearerError, TokenScheme, challenge};

const REALM: &str = "khue";

/// The answer that asks for a token where none was sent: either way will do.
pub fn no_token() -> Response {
    challenged(
        StatusCode::UNAUTHORIZED.into_response(),
        [challenge(TokenScheme::Bearer, REALM, None), challenge(TokenScheme::DPoP, REALM, None)],
    )
}

/// The answer that refuses a token which was presented by `scheme`.
pub fn bearer_error(scheme: TokenScheme, error: BearerError) -> Response {
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let response = (status, Json(&error)).into_response();
    let told = challenge(scheme, REALM, Some(&error));
    // RFC 9449 §7.2: whoever came with Bearer hears that there is the other way. Not the other way round: whoever has a
    // key shall not be led to go without.
    let other = match scheme {
        TokenScheme::Bearer => Some(challenge(TokenScheme::DPoP, REALM, None)),
        TokenScheme::DPoP => None,
    };
    because(challenged(response, std::iter::once(told).chain(other)), error)
}

/// The answer where tokens come by Bearer alone and are bound to no key; without an error, none was sent.
pub fn only_bearer(error: Option<BearerError>) -> Response {
    let told = challenge(TokenScheme::Bearer, REALM, error.as_ref());
    let Some(error) = error else { return challenged(StatusCode::UNAUTHORIZED.into_response(), [told]) };
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    because(challenged((status, Json(&error)).into_response(), [told]), error)
}

fn challenged(mut response: Response, challenges: impl IntoIterator<Item = String>) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for challenge in challenges.into_iter().filter_map(|text| HeaderValue::from_str(&text).ok()) {
        headers.append(WWW_AUTHENTICATE, challenge);
    }
    response
}
