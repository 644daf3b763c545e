//! The protocol's endpoints, at the paths of [`Endpoint`](crate::protocol::Endpoint).

mod authorize;
mod by_get;
mod client_call;
mod consent;
mod device;
mod discovery;
mod discovery_document;
mod form;
mod introspect;
mod jwks;
mod logout;
mod par;
mod register;
mod revoke;
mod routes;
mod select_account;
mod sender;
mod session_check;
mod token;
mod userinfo;

pub use discovery_document::DiscoveryDocument;
pub use form::LARGEST_BODY;
pub use routes::{called, published, published_at_host, shown};
