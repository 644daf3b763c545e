//! `POST /revoke` (RFC 7009).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use super::client_call::{ClientCall, Refused};
use crate::http::App;
use crate::protocol::token_request::required;
use crate::protocol::{TokenError, TokenErrorCode};
use crate::services::tokens::Revocation;

/// Ends a token of the client that asks.
pub async fn revoke(State(app): State<Arc<App>>, call: ClientCall) -> Response {
    match answer(&app, &call).await {
        Ok(()) => (StatusCode::OK, [(CACHE_CONTROL, "no-store")]).into_response(),
        Err(refused) => call.refuse(refused),
    }
}

async fn answer(app: &App, call: &ClientCall) -> Result<(), Refused> {
    let token = required(&call.params, "token")?;
    // The form of a token says what it is: the hint is read for its form alone (RFC 7009 §2.1).
    call.params.get("token_type_hint").map_err(TokenError::from)?;
    match app.provider.revoke(&call.client, token, &call.origin).await? {
        Revocation::Done => Ok(()),
        Revocation::OtherClient => Err(TokenError::new(
            TokenErrorCode::UnauthorizedClient,
            "The token was issued to another client; a client revokes its own tokens only.",
        )
        .into()),
        Revocation::UnsupportedType => Err(TokenError::new(
            TokenErrorCode::UnsupportedTokenType,
            "ID tokens are not revoked; send an access token or a refresh token.",
        )
        .into()),
    }
}
