//! `/account`: the person's own place.

mod form_problems;
mod log;
mod log_entry;
mod overview;
mod passkeys;
mod profile;
mod proof;
mod remove_passkey;
mod routes;
mod sessions;
mod systems;

pub(super) use form_problems::problems;
pub(super) use passkeys::suggested_label;
pub(super) use routes::routes;
