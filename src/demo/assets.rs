//! Style and emblem of each system.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::IntoResponse;

use super::system::{Look, Shared};

/// `GET /style.css`.
pub(super) async fn style(State(system): State<Arc<Shared>>) -> impl IntoResponse {
    let sheet = match system.look {
        Look::Portal => include_str!("assets/portal.css"),
        Look::Office => include_str!("assets/office.css"),
    };
    (kept("text/css; charset=utf-8"), sheet)
}

/// `GET /emblem.svg`.
pub(super) async fn emblem(State(system): State<Arc<Shared>>) -> impl IntoResponse {
    let picture = match system.look {
        Look::Portal => include_str!("assets/portal.svg"),
        Look::Office => include_str!("assets/office.svg"),
    };
    (kept("image/svg+xml"), picture)
}

fn kept(kind: &'static str) -> [(axum::http::HeaderName, &'static str); 3] {
    [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300"), (X_CONTENT_TYPE_OPTIONS, "nosniff")]
}
