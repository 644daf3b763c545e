//! `POST /introspect` (RFC 7662, RFC 9701).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use axum::response::{IntoResponse, Response};

use super::client_call::{ClientCall, Refused};
use crate::http::App;
use crate::protocol::token_request::required;
use crate::protocol::{TokenError, TokenErrorCode};

/// The media type of a signed answer (RFC 9701 §4).
const SIGNED: &str = "application/token-introspection+jwt";

/// Tells an authenticated client what a token is good for.
pub async fn introspect(State(app): State<Arc<App>>, call: ClientCall) -> Response {
    match answer(&app, &call).await {
        Ok(response) => ([(CACHE_CONTROL, "no-store")], response).into_response(),
        Err(refused) => call.refuse(refused),
    }
}

async fn answer(app: &App, call: &ClientCall) -> Result<Response, Refused> {
    // RFC 7662 §4: whoever could ask without proof could try tokens out.
    if !call.client.registration.is_confidential() {
        let description = "A client asks about tokens only where it authenticates.";
        return Err(TokenError::new(TokenErrorCode::InvalidClient, description).into());
    }
    let token = required(&call.params, "token")?;
    // The form of a token says what it is: the hint is read for its form alone (RFC 7662 §2.1).
    call.params.get("token_type_hint").map_err(TokenError::from)?;
    let introspection = app.provider.introspect(&call.client, token).await?;
    if !wants_signed(&call.headers) {
        return Ok(Json(introspection).into_response());
    }
    let signed = app.provider.signed_introspection(&call.client, &introspection).await?;
    Ok(([(CONTENT_TYPE, SIGNED)], signed).into_response())
}

/// RFC 9110 §12.5.1: a media type with a weight of zero is not wanted.
fn wants_signed(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(SIGNED));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        is_it && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_answer_is_given_to_whom_asks_for_it__rfc9701_4() {
        let wants = |accept: &'static str| {
            wants_signed(&HeaderMap::from_iter([(ACCEPT, axum::http::HeaderValue::from_static(accept))]))
        };
        for accept in [SIGNED, "application/json;q=0.5, Application/Token-Introspection+JWT;q=0.9"] {
            assert!(wants(accept), "{accept}");
        }
        for accept in ["", "*/*", "application/json", "application/token-introspection+jwt;q=0"] {
            assert!(!wants(accept), "{accept}");
        }
    }
}
