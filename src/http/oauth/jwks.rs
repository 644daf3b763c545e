//! `GET /jwks` (RFC 7517 §5).

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::http::App;
use crate::telemetry::Routine;

/// The public keys: `next`, `active` and `retiring`. Cacheable for less time than a key is announced before it signs.
pub async fn jwks(State(app): State<Arc<App>>) -> Response {
    let headers = [(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, "public, max-age=3600")];
    (Extension(Routine), headers, app.provider.keys().published_json()).into_response()
}
