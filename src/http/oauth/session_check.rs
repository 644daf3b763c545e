//! `GET /session/check`: what systems frame to learn whether the person is still the one they know
//! (Session Management 1.0 §3.3).

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse, Response};

use crate::http::App;
use crate::http::cookies::Cookie;
use crate::http::render::guard;
use crate::view::assets::Assets;

/// One script of ours and nothing else; the one page of ours that others may frame. It shows nothing, takes no form, and
/// answers whoever knows a `session_state` of hers with a word.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// The frame. The same for everybody: who is asked about is found by the script, in the browser.
pub async fn frame(State(app): State<Arc<App>>) -> Response {
    let script = format!("{}{}", app.base_path, Assets::get().path("session_check.js"));
    let cookie = Cookie::State.name(&app);
    let html = format!(
        "<!doctype html><html lang=\"en\" data-cookie=\"{cookie}\"><head><meta charset=\"utf-8\"><title>Session</title>\
         <script src=\"{script}\"></script></head></html>"
    );
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    guard(&app, headers);
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
