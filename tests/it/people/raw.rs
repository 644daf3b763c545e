//! Requests with every header in the test's hand.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::kit::{Browser, TestApp};

/// What came back.
pub struct Raw {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// The cookies that `browser` would send.
pub fn cookies(browser: &Browser) -> String {
    let pair = |name: &str| browser.cookie(name).map(|value| format!("{name}={value}"));
    ["__Host-khue_browser", "__Host-khue_session"].into_iter().filter_map(pair).collect::<Vec<_>>().join("; ")
}

/// GET with these headers.
pub async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Raw {
    send(app, Request::get(path), headers, Body::empty()).await
}

/// A form with these headers.
pub async fn post(app: &TestApp, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Raw {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    send(app, request, headers, body.into()).await
}

async fn send(
    app: &TestApp,
    mut request: axum::http::request::Builder,
    headers: &[(&str, &str)],
    body: Body,
) -> Raw {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer: SocketAddr = "192.0.2.7:40123".parse().unwrap();
    let request = request.extension(ConnectInfo(peer)).body(body).unwrap();
    let (head, body) = app.router().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Raw { status: head.status, headers: head.headers, body: String::from_utf8_lossy(&body).into_owned() }
}
