//! A call that a client makes by itself: who it is, and what it sent.

use axum::http::header::{AUTHORIZATION, HeaderMap};
use axum::response::Response;

use super::form::{authorization, body_params};
use crate::domain::audit::{Origin, Place};
use crate::http::App;
use crate::http::error::{failed, slow_down, token_error};
use crate::protocol::{PresentedCredentials, RawParams, TokenError, TokenErrorCode};
use crate::services::Failure;
use crate::services::guard::{Guarded, Tries};
use crate::services::tokens::{AuthenticatedClient, NotAuthenticated};

/// A form that a client posted, and the client, authenticated.
pub struct ClientCall {
    /// Who calls.
    pub client: AuthenticatedClient,
    /// What it sent.
    pub params: RawParams,
    basic_was_used: bool,
}

/// Why a call has no answer but an error.
pub enum Refused {
    /// The client did something wrong.
    Wrong(TokenError),
    /// The house did not work.
    Failed(Failure),
}

impl From<NotAuthenticated> for Refused {
    fn from(reason: NotAuthenticated) -> Self {
        match reason {
            NotAuthenticated::Refused(error) => Self::Wrong(error),
            NotAuthenticated::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Self {
        Self::Wrong(error)
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl ClientCall {
    /// Client authentication comes first: who is nobody learns nothing more.
    pub async fn understand(
        app: &App,
        headers: &HeaderMap,
        body: &[u8],
        origin: &Origin,
    ) -> Result<Self, Response> {
        let basic_was_used = headers.contains_key(AUTHORIZATION);
        match Self::authenticate(app, headers, body).await {
            Ok((client, params)) => Ok(Self { client, params, basic_was_used }),
            Err(Refused::Wrong(error)) if error.code == TokenErrorCode::InvalidClient => {
                Err(refuse_client(app, error, &origin.place, basic_was_used).await)
            }
            Err(refused) => Err(refused.into_response(basic_was_used)),
        }
    }

    async fn authenticate(
        app: &App,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(AuthenticatedClient, RawParams), Refused> {
        let invalid = |text: String| TokenError::new(TokenErrorCode::InvalidRequest, text);
        let params = body_params(headers, body).map_err(|error| invalid(error.to_string()))?;
        let header = authorization(headers).map_err(|error| invalid(error.to_string()))?;
        let presented = PresentedCredentials::parse(header, &params)?;
        Ok((app.provider.authenticate_client(&presented).await?, params))
    }

    /// The answer to a call that went wrong after its client was known.
    pub fn refuse(&self, refused: impl Into<Refused>) -> Response {
        refused.into().into_response(self.basic_was_used)
    }
}

impl Refused {
    fn into_response(self, basic_was_used: bool) -> Response {
        match self {
            Self::Wrong(error) => token_error(error, basic_was_used),
            Self::Failed(failure) => failed(failure),
        }
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

/// The value of a parameter without which a call says nothing.
pub fn required<'a>(params: &'a RawParams, name: &'static str) -> Result<&'a str, TokenError> {
    let missing =
        || TokenError::new(TokenErrorCode::InvalidRequest, format!("The parameter {name} is missing."));
    params.get(name)?.ok_or_else(missing)
}
