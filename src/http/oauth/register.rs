//! `POST /register` (RFC 7591, OIDC Registration §3) and `GET`, `PUT`, `DELETE /register/{id}` (RFC 7592).

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use serde_json::{Map, Value};

use super::form::authorization;
use crate::domain::audit::Origin;
use crate::http::App;
use crate::http::error::{because, failed, only_bearer};
use crate::http::named::Named;
use crate::protocol::{
    BearerError, BearerErrorCode, ClientRegistrationError, Endpoint, MembersError, PresentedAccessToken,
    RegistrationErrorCode, TokenScheme, UniqueMembers,
};
use crate::services::Failure;
use crate::services::guard::{Guarded, Tries};
use crate::services::registration::Registering;

/// The registration endpoint and what lies below it.
pub fn routes() -> Router<Arc<App>> {
    let endpoint = Endpoint::Register.as_str();
    Router::new()
        .route(endpoint, routing::post(register))
        .route(&format!("{endpoint}/{{client}}"), routing::get(show).put(replace).delete(end))
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED)
}

async fn register(State(app): State<Arc<App>>, origin: Origin, headers: HeaderMap, body: Bytes) -> Response {
    let token = match presented(&headers) {
        Ok(token) => token,
        Err(error) => return only_bearer(Some(error)),
    };
    match app.provider.count_try(Guarded::Registration, &origin.place).await {
        Ok(Tries::Few) => {}
        Ok(Tries::TooMany(wait)) => {
            let code = RegistrationErrorCode::SlowDown;
            let error = ClientRegistrationError::new(code, "Too many registrations; see Retry-After.");
            let mut response = refused(error);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs()));
            return response;
        }
        Err(failure) => return failed(failure),
    }
    let sent = match members(&headers, &body) {
        Ok(sent) => sent,
        Err(error) => return refused(error),
    };
    answer(app.provider.register_client(token.as_ref(), &sent, &origin).await, StatusCode::CREATED)
}

async fn show(State(app): State<Arc<App>>, Named(client): Named<String>, headers: HeaderMap) -> Response {
    match presented(&headers) {
        Ok(token) => answer(app.provider.own_registration(&client, token.as_ref()).await, StatusCode::OK),
        Err(error) => only_bearer(Some(error)),
    }
}

async fn replace(
    State(app): State<Arc<App>>,
    Named(client): Named<String>,
    origin: Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = match presented(&headers) {
        Ok(token) => token,
        Err(error) => return only_bearer(Some(error)),
    };
    match members(&headers, &body) {
        Ok(sent) => {
            let replaced = app.provider.replace_registration(&client, token.as_ref(), &sent, &origin).await;
            answer(replaced, StatusCode::OK)
        }
        Err(error) => refused(error),
    }
}

async fn end(
    State(app): State<Arc<App>>,
    Named(client): Named<String>,
    origin: Origin,
    headers: HeaderMap,
) -> Response {
    match presented(&headers) {
        Ok(token) => {
            answer(app.provider.end_registration(&client, token.as_ref(), &origin).await, StatusCode::OK)
        }
        Err(error) => only_bearer(Some(error)),
    }
}

/// RFC 7591 §3 and RFC 7592 §2: tokens come in the header.
fn presented(headers: &HeaderMap) -> Result<Option<PresentedAccessToken>, BearerError> {
    let header = authorization(headers)
        .map_err(|error| BearerError::new(BearerErrorCode::InvalidRequest, error.to_string()))?;
    let token = PresentedAccessToken::parse(header, None)?;
    Ok(token.filter(|token| token.scheme() == TokenScheme::Bearer))
}

/// RFC 7591 §3.1: the members of one JSON object, each once: of two, whoever looked at them before us may have meant the other.
fn members(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, ClientRegistrationError> {
    let wrong = |what: Cow<'static, str>| {
        ClientRegistrationError::new(RegistrationErrorCode::InvalidClientMetadata, what)
    };
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(wrong("The body must be application/json.".into()));
    }
    let read = UniqueMembers::read(body).map(|members| members.0);
    read.map_err(|error| match error {
        MembersError::Form => wrong("The body is not one JSON object.".into()),
        MembersError::Twice(name) if is_plain(&name) => wrong(format!("{name} comes twice.").into()),
        MembersError::Twice(_) => wrong("A member comes twice.".into()),
    })
}

/// Whether a name can stand in a description: as those of members do, with the tag of a language.
fn is_plain(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-#.".contains(&byte))
}

fn answer(outcome: Result<Registering, Failure>, done: StatusCode) -> Response {
    let mut response = match outcome {
        Ok(Registering::Stands(members)) => (done, Json(members)).into_response(),
        Ok(Registering::Ended) => StatusCode::NO_CONTENT.into_response(),
        Ok(Registering::Wrong(error)) => return refused(error),
        Ok(Registering::Refused(error)) => return only_bearer(error),
        Ok(Registering::Off) => return StatusCode::NOT_FOUND.into_response(),
        Err(failure) => return failed(failure),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn refused(error: ClientRegistrationError) -> Response {
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = (status, Json(&error)).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    because(response, error)
}
