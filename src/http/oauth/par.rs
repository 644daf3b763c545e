//! `POST /par` (RFC 9126).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use super::client_call::ClientCall;
use super::sender::{TellNonce, shown_key};
use crate::http::App;
use crate::http::error::slow_down;
use crate::protocol::{AuthorizationError, Endpoint};
use crate::services::guard::{Guarded, Tries};

/// Keeps a request until its browser comes.
pub async fn push(State(app): State<Arc<App>>, call: ClientCall) -> Response {
    // Anybody can push in the name of a client without a secret: the store is not theirs to fill.
    if !call.client.registration.is_confidential() {
        match app.provider.count_try(Guarded::PublicPush, &call.origin.place).await {
            Ok(Tries::Few) => {}
            Ok(Tries::TooMany(wait)) => return slow_down(wait),
            Err(failure) => return call.refuse(failure),
        }
    }
    // RFC 9449 §10.1: what is pushed with a proof is bound to its key.
    let key = match shown_key(&app, &call, Endpoint::PushedAuthorization).await {
        Ok(key) => key,
        Err(refused) => return TellNonce::after(&refused).on(&app, call.refuse(refused)),
    };
    let response = match app.provider.push(&call.client, &call.params, key.as_ref(), &call.origin.place).await
    {
        Ok(Ok(pushed)) => (StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(pushed)).into_response(),
        Ok(Err(error)) => refused(&error),
        Err(failure) => call.refuse(failure),
    };
    TellNonce::to(key.as_ref()).on(&app, response)
}

/// RFC 9126 §2.3: the errors of the authorization endpoint, in the form of the token endpoint.
fn refused(error: &AuthorizationError) -> Response {
    (StatusCode::BAD_REQUEST, [(CACHE_CONTROL, "no-store")], Json(error)).into_response()
}
