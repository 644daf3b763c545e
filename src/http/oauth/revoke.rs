//! `POST /revoke` (RFC 7009).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderMap};
use axum::response::{IntoResponse, Response};

use super::client_call::{ClientCall, Refused, required};
use crate::domain::audit::Origin;
use crate::http::App;
use crate::protocol::{TokenError, TokenErrorCode};
use crate::services::tokens::Revocation;

/// Ends a token of the client that asks.
pub async fn revoke(
    State(app): State<Arc<App>>,
    origin: Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = match ClientCall::understand(&app, &headers, &body, &origin).await {
        Ok(call) => call,
        Err(response) => return response,
    };
    match answer(&app, &call, &origin).await {
        Ok(()) => (StatusCode::OK, [(CACHE_CONTROL, "no-store")]).into_response(),
        Err(refused) => call.refuse(refused),
    }
}

async fn answer(app: &App, call: &ClientCall, origin: &Origin) -> Result<(), Refused> {
    let token = required(&call.params, "token")?;
    // The form of a token says what it is: the hint is read for its form alone (RFC 7009 §2.1).
    call.params.get("token_type_hint").map_err(TokenError::from)?;
    match app.provider.revoke(&call.client, token, origin).await? {
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
