//! The things the house is about, and the rules of their lives. Pure: no I/O, no async, no SQL, no HTTP.

pub mod access;
pub mod account;
pub mod audit;
pub mod client;
pub mod consent;
pub mod interaction;
pub mod invented;
pub mod logout_delivery;
pub mod passkey;
pub mod presence;
pub mod profile;
pub mod session;
pub mod signing_key;
pub mod token_family;
