//! The whole route table, and what lies around every route.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use super::error::render_troubles;
use super::oauth::{self, LARGEST_BODY};
use super::{App, audit, deadline, pages};
use crate::telemetry::{Health, Observer, observe};

/// Every route of the instance.
pub fn router(app: Arc<App>, health: Health, observer: Observer, request_timeout: Duration) -> Router {
    let path = app.base_path.as_str();
    let at_host = if path.is_empty() { Router::new() } else { oauth::published_at_host(path) };
    let published = under(path, oauth::published()).merge(at_host);
    // Programs wait for no page to be prepared.
    let called = under(path, oauth::called().merge(audit::routes()))
        .layer(from_fn_with_state(request_timeout, deadline::told_as_json));
    let shown = under(path, oauth::shown().merge(pages::routes()))
        .fallback(pages::not_found)
        .method_not_allowed_fallback(pages::method_not_allowed)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(Arc::clone(&app), render_troubles))
                .layer(from_fn_with_state(request_timeout, deadline::told_on_a_page)),
        );
    published.merge(called).merge(shown).with_state(app).merge(health.routes()).layer(
        // As one: each wrapping by itself is copied for each request, with all that it wraps.
        ServiceBuilder::new()
            .layer(from_fn_with_state(observer, observe))
            .map_response(never_guessed)
            .layer(CatchPanicLayer::new())
            .layer(DefaultBodyLimit::max(LARGEST_BODY)),
    )
}

/// `routes` under the path of the issuer.
fn under(path: &str, routes: Router<Arc<App>>) -> Router<Arc<App>> {
    if path.is_empty() { routes } else { Router::new().nest(path, routes) }
}

/// No browser takes what we send for something else than we say it is, whoever sent it.
fn never_guessed<B>(mut response: Response<B>) -> Response<B> {
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
