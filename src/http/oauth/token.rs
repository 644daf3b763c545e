//! `POST /token` (RFC 6749 §3.2).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderMap};
use axum::response::{IntoResponse, Response};

use super::form::{authorization, body_params};
use crate::domain::audit::{Origin, Place};
use crate::http::App;
use crate::http::error::{failed, slow_down, token_error};
use crate::protocol::token_request::{CodeGrant, RefreshGrant};
use crate::protocol::{GrantRequest, PresentedCredentials, TokenError, TokenErrorCode, TokenResponse};
use crate::services::Failure;
use crate::services::authorization::PresentedCode;
use crate::services::guard::{Guarded, Tries};
use crate::services::tokens::{AuthenticatedClient, Redemption, RefreshRefused, Refreshed};

/// Gives tokens for a grant.
pub async fn token(State(app): State<Arc<App>>, origin: Origin, headers: HeaderMap, body: Bytes) -> Response {
    let basic_was_used = headers.contains_key(axum::http::header::AUTHORIZATION);
    let (client, grant) = match understand(&app, &headers, &body) {
        Ok(understood) => understood,
        Err(error) if error.code == TokenErrorCode::InvalidClient => {
            return refuse_client(&app, error, &origin.place, basic_was_used).await;
        }
        Err(error) => return token_error(error, basic_was_used),
    };
    let outcome = match grant {
        GrantRequest::AuthorizationCode(grant) => redeem(&app, &client, &grant, &origin).await,
        GrantRequest::RefreshToken(grant) => refresh(&app, &client, &grant, &origin).await,
    };
    match outcome {
        Ok(Ok(response)) => ([(CACHE_CONTROL, "no-store")], Json(response)).into_response(),
        Ok(Err(error)) => token_error(error, basic_was_used),
        Err(failure) => failed(failure),
    }
}

/// Whoever fails to authenticate again and again is told to wait.
async fn refuse_client(app: &App, error: TokenError, place: &Place, basic_was_used: bool) -> Response {
    // Refused it is in any case: a store that cannot count changes nothing about that.
    match app.provider.count_try(Guarded::ClientAuthentication, place).await {
        Ok(Tries::TooMany(wait)) => slow_down(wait),
        Ok(Tries::Few) | Err(_) => token_error(error, basic_was_used),
    }
}

/// Client authentication comes first: who is nobody learns nothing about grants.
fn understand(
    app: &App,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(AuthenticatedClient, GrantRequest), TokenError> {
    let invalid = |text: String| TokenError::new(TokenErrorCode::InvalidRequest, text);
    let params = body_params(headers, body).map_err(|error| invalid(error.to_string()))?;
    let header = authorization(headers).map_err(|error| invalid(error.to_string()))?;
    let presented = PresentedCredentials::parse(header, &params)?;
    let client = app.provider.authenticate_client(&presented)?;
    Ok((client, GrantRequest::parse(&params)?))
}

async fn redeem(
    app: &App,
    client: &AuthenticatedClient,
    grant: &CodeGrant,
    origin: &Origin,
) -> Result<Result<TokenResponse, TokenError>, Failure> {
    let invalid = |text: String| Ok(Err(TokenError::new(TokenErrorCode::InvalidGrant, text)));
    let presented = PresentedCode {
        code: grant.code.expose(),
        redirect_uri: &grant.redirect_uri,
        verifier: grant.code_verifier.as_ref(),
    };
    match app.provider.redeem_code(client, presented, origin).await? {
        Redemption::Redeemed(response) => Ok(Ok(*response)),
        Redemption::Refused(refused) => invalid(refused.to_string()),
        Redemption::Reused => invalid(
            "The code had been used before; for safety everything it gave has been revoked.".to_owned(),
        ),
        Redemption::NoLongerAuthorized => invalid(
            "The session in which the code was given has ended; the person has to sign in again.".to_owned(),
        ),
    }
}

async fn refresh(
    app: &App,
    client: &AuthenticatedClient,
    grant: &RefreshGrant,
    origin: &Origin,
) -> Result<Result<TokenResponse, TokenError>, Failure> {
    match app.provider.refresh(client, grant, origin).await? {
        Refreshed::Refreshed(response) => Ok(Ok(*response)),
        Refreshed::Refused(refused) => Ok(Err(TokenError::new(refresh_code(refused), refused.to_string()))),
    }
}

const fn refresh_code(refused: RefreshRefused) -> TokenErrorCode {
    match refused {
        RefreshRefused::WiderScope => TokenErrorCode::InvalidScope,
        RefreshRefused::Foreign
        | RefreshRefused::Expired
        | RefreshRefused::NoLongerAuthorized
        | RefreshRefused::Reused => TokenErrorCode::InvalidGrant,
    }
}
