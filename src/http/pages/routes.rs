//! The table of pages.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use super::{account, assets, create, help, home, logo, not_me, sandbox, sign_in};
use crate::http::error::PageError;
use crate::http::{App, body_limit};
use crate::view::Trouble;

/// Every page that is not a step of the protocol.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(home::home))
        .route("/help", get(help::help))
        .route("/assets/{hash}/{name}", get(assets::asset))
        .route("/systems/{client}/logo", get(logo::logo))
        .route("/sign-in", get(sign_in::open).post(sign_in::sign_in))
        .route("/sandbox/sign-in", post(sandbox::sign_in))
        .route("/create", get(create::open).post(create::begin))
        .route("/create/passkey", post(create::finish))
        .route("/not-me", post(not_me::not_me))
        .merge(account::routes())
        .layer(from_fn(body_limit::told_on_a_page))
}

/// For what stands in no table.
pub async fn not_found() -> PageError {
    Trouble::NotFound.into()
}

/// For what stands in a table, but not for this way of asking.
pub async fn method_not_allowed() -> PageError {
    Trouble::MethodNotAllowed.into()
}
