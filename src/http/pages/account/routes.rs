//! The table of the person's own pages.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::{log, overview, passkeys, profile, proof, remove_passkey, sessions, systems};
use crate::http::App;

pub(in crate::http::pages) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/account", get(overview::overview))
        .route("/account/profile", get(profile::open).post(profile::save))
        .route("/account/passkeys", get(passkeys::open).post(passkeys::add))
        .route("/account/passkeys/rename", post(passkeys::rename))
        .route("/account/passkeys/remove", get(remove_passkey::ask).post(remove_passkey::remove))
        .route("/account/sessions", get(sessions::open))
        .route("/account/sessions/end", post(sessions::end))
        .route("/account/sessions/end-others", post(sessions::end_others))
        .route("/account/systems", get(systems::open))
        .route("/account/systems/withdraw", get(systems::ask).post(systems::withdraw))
        .route("/account/log", get(log::open))
        .route("/account/log/proof", get(proof::download))
}
