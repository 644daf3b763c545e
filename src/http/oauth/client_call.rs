//! A call that a client makes by itself: who it is, and what it sent.

use std::sync::Arc;

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, HeaderMap};
use axum::response::{IntoResponse, Response};

use super::form::{UNREADABLE, authorization, body_params};
use crate::domain::audit::{Origin, Place};
use crate::http::App;
use crate::http::client_certificate::ClientCertificate;
use crate::http::error::{failed, slow_down, token_error};
use crate::protocol::{PresentedCredentials, RawParams, ShownCertificate, TokenError, TokenErrorCode};
use crate::services::Failure;
use crate::services::guard::{Guarded, Tries};
use crate::services::tokens::{AuthenticatedClient, NotAuthenticated};

/// A form that a client posted, and the client, authenticated.
pub struct ClientCall {
    /// Who calls.
    pub client: AuthenticatedClient,
    /// What it sent.
    pub params: RawParams,
    /// Where it calls from.
    pub origin: Origin,
    /// The certificate that it showed.
    pub certificate: Option<Arc<ShownCertificate>>,
    /// What it said besides.
    pub headers: HeaderMap,
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

impl FromRequest<Arc<App>> for ClientCall {
    type Rejection = Response;

    /// Client authentication comes first: who is nobody learns nothing more.
    async fn from_request(mut request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let origin = request.extract_parts_with_state::<Origin, _>(app).await;
        let origin = origin.map_err(unreadable)?;
        let certificate = request.extract_parts_with_state::<ClientCertificate, _>(app).await;
        let certificate = certificate.map_err(unreadable)?.0;
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, app).await.map_err(|refused| unreadable(refused.status()))?;
        let basic_was_used = headers.contains_key(AUTHORIZATION);
        match Self::authenticate(app, &headers, &body, certificate.as_deref()).await {
            Ok((client, params)) => Ok(Self { client, params, origin, certificate, headers, basic_was_used }),
            Err(Refused::Wrong(error)) if error.code == TokenErrorCode::InvalidClient => {
                Err(refuse_client(app, error, &origin.place, basic_was_used).await)
            }
            Err(refused) => Err(refused.into_response(basic_was_used)),
        }
    }
}

impl ClientCall {
    async fn authenticate(
        app: &App,
        headers: &HeaderMap,
        body: &[u8],
        certificate: Option<&ShownCertificate>,
    ) -> Result<(AuthenticatedClient, RawParams), Refused> {
        let invalid = |text: String| TokenError::new(TokenErrorCode::InvalidRequest, text);
        let params = body_params(headers, body).map_err(|error| invalid(error.to_string()))?;
        let header = authorization(headers).map_err(|error| invalid(error.to_string()))?;
        let presented = PresentedCredentials::parse(header, &params)?;
        Ok((app.provider.authenticate_client(&presented, certificate).await?, params))
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

/// The answer where a part of the call cannot be read, before its client is known.
fn unreadable(status: StatusCode) -> Response {
    match status {
        StatusCode::BAD_REQUEST => {
            token_error(TokenError::new(TokenErrorCode::InvalidRequest, UNREADABLE), false)
        }
        other => other.into_response(),
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
