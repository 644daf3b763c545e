//! `GET` and `POST /userinfo` (OIDC Core §5.3).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::form::{UNREADABLE, authorization, body_params};
use super::sender::{TellNonce, presented_proof};
use crate::domain::audit::Origin;
use crate::http::App;
use crate::http::client_certificate::ClientCertificate;
use crate::http::error::{bearer_error, failed, no_token};
use crate::protocol::{BearerError, BearerErrorCode, Endpoint, PresentedAccessToken, TokenScheme};
use crate::services::tokens::ResourceCall;
use crate::services::userinfo::{Userinfo, UserinfoAnswer};

/// Tells a system about the person whose access token it holds.
pub async fn userinfo(
    State(app): State<Arc<App>>,
    origin: Result<Origin, StatusCode>,
    certificate: Result<ClientCertificate, StatusCode>,
    method: Method,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = body.map_err(|refused| refused.status());
    let (origin, ClientCertificate(certificate), body) = match (origin, certificate, body) {
        (Ok(origin), Ok(certificate), Ok(body)) => (origin, certificate, body),
        (Err(status), ..) | (_, Err(status), _) | (.., Err(status)) => return unreadable(status),
    };
    let token = match presented(&headers, &body) {
        Ok(Some(token)) => token,
        Ok(None) => return no_token(),
        Err(error) => return bearer_error(TokenScheme::Bearer, error),
    };
    let proof = match token.scheme() {
        TokenScheme::Bearer => Ok(None),
        TokenScheme::DPoP => presented_proof(&headers),
    };
    let proof = match proof {
        Ok(proof) => proof,
        Err(fault) => return bearer_error(token.scheme(), fault.into()),
    };
    let call = ResourceCall {
        method: method.as_str(),
        endpoint: Endpoint::Userinfo,
        token: &token,
        proof,
        certificate: certificate.as_deref(),
    };
    match app.provider.userinfo(&call, &origin).await {
        Ok(Userinfo::Told(answer, key)) => {
            let response = ([(CACHE_CONTROL, "no-store")], told(answer)).into_response();
            TellNonce::to(key.as_ref()).on(&app, response)
        }
        Ok(Userinfo::Refused(error)) => {
            let tell = match error.code {
                BearerErrorCode::UseDpopNonce => TellNonce::Yes,
                _ => TellNonce::No,
            };
            tell.on(&app, bearer_error(token.scheme(), error))
        }
        Err(failure) => failed(failure),
    }
}

/// OIDC Core §5.3.2: the media type says which form it has.
fn told(answer: UserinfoAnswer) -> Response {
    match answer {
        UserinfoAnswer::Plain(userinfo) => Json(userinfo).into_response(),
        UserinfoAnswer::Jwt(jwt) => ([(CONTENT_TYPE, "application/jwt")], jwt).into_response(),
    }
}

fn unreadable(status: StatusCode) -> Response {
    match status {
        StatusCode::BAD_REQUEST => {
            let error = BearerError::new(BearerErrorCode::InvalidRequest, UNREADABLE);
            bearer_error(TokenScheme::Bearer, error)
        }
        other => other.into_response(),
    }
}

fn presented(headers: &HeaderMap, body: &[u8]) -> Result<Option<PresentedAccessToken>, BearerError> {
    let invalid = |text: String| BearerError::new(BearerErrorCode::InvalidRequest, text);
    let header = authorization(headers).map_err(|error| invalid(error.to_string()))?;
    // RFC 6750 §2.2: a body counts only where it is a form.
    let params = body_params(headers, body).ok().filter(|_| !body.is_empty());
    PresentedAccessToken::parse(header, params.as_ref())
}
