//! Which endpoint is where.

use std::sync::Arc;

use axum::Router;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{Method, StatusCode};
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower_http::cors::{Any, CorsLayer};

use super::sender::{DPOP, DPOP_NONCE};
use super::{
    authorize, device, discovery, introspect, jwks, logout, par, register, revoke, session_check, token,
    userinfo,
};
use crate::http::error::other_method;
use crate::http::{App, body_limit};
use crate::protocol::Endpoint;

/// What stands still for everybody to read: no body comes with the request, and nothing is waited for.
pub fn published() -> Router<Arc<App>> {
    Router::new()
        .route(Endpoint::OpenidConfiguration.as_str(), get(discovery::metadata))
        .route(Endpoint::AuthorizationServerMetadata.as_str(), get(discovery::metadata))
        .route(Endpoint::Webfinger.as_str(), get(discovery::webfinger))
        .route(Endpoint::Jwks.as_str(), get(jwks::jwks))
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED)
        .layer(for_browsers())
}

/// Every endpoint that programs call.
pub fn called() -> Router<Arc<App>> {
    // Applications that run in a browser call these from their own origin. No cookie counts here, so any origin may.
    let open = Router::new()
        .route(Endpoint::PushedAuthorization.as_str(), post(par::push))
        .route(Endpoint::DeviceAuthorization.as_str(), post(device::begin))
        .route(Endpoint::Token.as_str(), post(token::token))
        .route(Endpoint::Revoke.as_str(), post(revoke::revoke))
        .route(Endpoint::Userinfo.as_str(), get(userinfo::userinfo).post(userinfo::userinfo))
        // Set before the layer: what is set after it answers preflights without it.
        .method_not_allowed_fallback(other_method)
        .layer(ServiceBuilder::new().layer(for_browsers()).layer(from_fn(body_limit::told_as_json)));
    // Only who can keep a secret may ask, and no page of a browser can.
    let closed = Router::new()
        .route(Endpoint::Introspect.as_str(), post(introspect::introspect))
        .method_not_allowed_fallback(other_method)
        .layer(from_fn(body_limit::told_as_json));
    open.merge(closed).merge(register::routes().layer(from_fn(body_limit::told_as_json)))
}

/// Every endpoint to which browsers bring people.
pub fn shown() -> Router<Arc<App>> {
    authorize::routes()
        .merge(device::pages())
        .merge(logout::routes())
        .route(Endpoint::SessionCheck.as_str(), get(session_check::frame))
        .layer(from_fn(body_limit::told_on_a_page))
}

/// What stands at the root of the host though the issuer has a path: RFC 8414 §3.1 puts the path behind the well-known
/// part, and WebFinger knows hosts only.
pub fn published_at_host(issuer_path: &str) -> Router<Arc<App>> {
    let inserted = format!("{}{issuer_path}", Endpoint::AuthorizationServerMetadata.as_str());
    Router::new()
        .route(&inserted, get(discovery::metadata))
        .route(Endpoint::Webfinger.as_str(), get(discovery::webfinger))
        .layer(for_browsers())
}

fn for_browsers() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, DPOP])
        .expose_headers([WWW_AUTHENTICATE, DPOP_NONCE])
}
