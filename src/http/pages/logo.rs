//! The logos of systems: served by us, so that pages load nothing from elsewhere.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::http::App;
use crate::http::error::PageError;
use crate::http::named::Named;
use crate::http::render::guard;
use crate::protocol::ClientId;
use crate::view::Trouble;

pub(super) async fn logo(
    State(app): State<Arc<App>>,
    Named(client): Named<String>,
) -> Result<Response, PageError> {
    let client = ClientId::parse(&client).ok().and_then(|id| app.provider.known_client(&id));
    let client = client.ok_or(Trouble::NotFound)?;
    let logo = client.registration.logo.as_ref().ok_or(Trouble::NotFound)?;
    let mut response = logo.bytes().into_response();
    let headers = response.headers_mut();
    if let Ok(media_type) = HeaderValue::from_str(logo.media_type()) {
        headers.insert(CONTENT_TYPE, media_type);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    // Whoever opens the picture by itself opens nothing but a picture.
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    guard(&app, headers);
    Ok(response)
}
