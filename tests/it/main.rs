//! Integration tests: the real router on a fresh database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    non_snake_case,
    reason = "a test that cannot go on fails; its helpers are tests too"
)]

mod architecture;
mod audit;
mod authenticator;
mod backchannel;
mod cli;
mod crash;
mod demo;
mod docs;
mod edge;
mod kit;
mod leaks;
mod nodes;
mod parts;
mod passkeys;
mod people;
mod protocol;
mod shortlived;
mod storage;
mod stores;
mod telemetry;
