//! `GET` and `POST /userinfo` (OIDC Core §5.3).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderMap};
use axum::response::{IntoResponse, Response};

use super::form::{authorization, body_params};
use crate::domain::audit::Origin;
use crate::http::App;
use crate::http::error::{bearer_error, failed};
use crate::protocol::{BearerError, BearerErrorCode, PresentedAccessToken};
use crate::services::userinfo::Userinfo;

/// Tells a system about the person whose access token it holds.
pub async fn userinfo(
    State(app): State<Arc<App>>,
    origin: Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = match presented(&headers, &body) {
        Ok(Some(token)) => token,
        Ok(None) => return bearer_error(None),
        Err(error) => return bearer_error(Some(error)),
    };
    match app.provider.userinfo(&token, &origin).await {
        Ok(Userinfo::Told(response)) => ([(CACHE_CONTROL, "no-store")], Json(response)).into_response(),
        Ok(Userinfo::Refused(error)) => bearer_error(Some(error)),
        Err(failure) => failed(failure),
    }
}

fn presented(headers: &HeaderMap, body: &[u8]) -> Result<Option<PresentedAccessToken>, BearerError> {
    let invalid = |text: String| BearerError::new(BearerErrorCode::InvalidRequest, text);
    let header = authorization(headers).map_err(|error| invalid(error.to_string()))?;
    // RFC 6750 §2.2: a body counts only where it is a form.
    let params = body_params(headers, body).ok().filter(|_| !body.is_empty());
    PresentedAccessToken::parse(header, params.as_ref())
}
