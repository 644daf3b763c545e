//! Style, scripts and pictures.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::http::App;
use crate::http::error::PageError;
use crate::http::named::Named;
use crate::http::render::guard;
use crate::view::Trouble;
use crate::view::assets::{Assets, CACHE_CONTROL as FOR_GOOD};

pub(super) async fn asset(
    State(app): State<Arc<App>>,
    Named((hash, name)): Named<(String, String)>,
) -> Result<Response, PageError> {
    let asset = Assets::get().find(&hash, &name).ok_or(Trouble::NotFound)?;
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_GOOD));
    guard(&app, headers);
    Ok(response)
}
