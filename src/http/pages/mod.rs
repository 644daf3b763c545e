//! What people see: one file per page or pair of pages.

pub mod account;
pub mod assets;
pub mod create;
pub mod help;
pub mod home;
pub mod logo;
pub mod not_me;
mod routes;
mod sandbox;
pub mod sign_in;
pub mod towards;

pub use routes::{method_not_allowed, not_found, routes};
pub use towards::{Carried, Towards, onward};
