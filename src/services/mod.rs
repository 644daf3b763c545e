//! Use cases: each owns its transaction and answers what happened. They know nothing of HTTP.

pub mod accounts;
pub mod audit;
pub mod authorization;
pub mod browser;
mod ceremony;
pub mod client_changes;
pub mod clients;
mod encryption;
mod failure;
pub mod guard;
pub mod instance;
pub mod logout;
pub mod logout_delivery;
mod logout_outbox;
mod passkeys;
mod personal;
mod policy;
mod provider;
mod recording;
pub mod registration;
pub mod resources;
pub mod sandbox;
pub mod sessions;
pub mod sign_in;
pub mod signing_keys;
pub mod tokens;
pub mod unfit;
pub mod userinfo;
mod verified;

pub use ceremony::Ceremony;
use encryption::Encrypter;
pub use failure::Failure;
pub use policy::{MutualTls, Policy};
pub use provider::{Parts, Provider};
