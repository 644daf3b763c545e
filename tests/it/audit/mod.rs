//! The audit log on both engines: integration, proofs, and every way of tampering with it.

mod agreed;
mod export;
mod integration;
mod kept_log;
mod proofs;
pub mod requests;
mod served;
mod tampering;
