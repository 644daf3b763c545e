//! The edge: routes, extractors, middleware, error renderers, thin handlers.

mod app_state;
pub mod audit;
mod bearing;
mod body_limit;
mod client_certificate;
mod cookies;
mod deadline;
pub mod error;
pub mod form_token;
mod named;
pub mod oauth;
mod origin;
pub mod pages;
pub mod query;
pub mod render;
mod router;
pub mod server;
pub mod visitor;

pub use app_state::App;
pub use client_certificate::{CertificateSource, ConnectionCertificate};
pub use router::router;
pub use server::{Listening, serve};
