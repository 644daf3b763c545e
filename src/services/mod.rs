//! Use cases: each owns its transaction and answers what happened. They know nothing of HTTP.

pub mod audit;
pub mod authorization;
pub mod clients;
mod failure;
pub mod instance;
mod personal;
mod policy;
mod provider;
mod recording;
pub mod signing_keys;
pub mod tokens;
pub mod userinfo;

pub use failure::Failure;
pub use policy::Policy;
pub use provider::{Parts, Provider};
