//! What this provider can do (OIDC Discovery §4, RFC 8414 §3), and that it is one (OIDC Discovery §2).

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

use crate::http::App;
use crate::protocol::RawParams;
use crate::protocol::webfinger::ResourceDescriptor;
use crate::telemetry::Routine;

/// The longest WebFinger query that is looked at, in bytes.
const LARGEST_QUERY: usize = 4 * 1024;

/// The metadata document, the same for both standards.
pub async fn metadata(State(app): State<Arc<App>>) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=3600")];
    (Extension(Routine), headers, app.discovery.bytes(&app.provider.details_types())).into_response()
}

/// Issuer discovery.
pub async fn webfinger(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let issuer = &app.provider.policy().issuer;
    let Ok(params) = RawParams::parse(query.unwrap_or_default().as_bytes(), LARGEST_QUERY) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match ResourceDescriptor::answer(&params, issuer) {
        Ok(descriptor) => ([(CONTENT_TYPE, "application/jrd+json")], Json(descriptor)).into_response(),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            (status, error.to_string()).into_response()
        }
    }
}
