//! Khuê: an electronic identity and single sign-on provider.
//!
//! Imports run downward only; `tests/it/architecture.rs` holds the rule:
//! `http -> {services, view}` · `services -> {storage, shortlived, outbound, crypto, domain}` · `storage -> domain` ·
//! `domain -> protocol -> base` · `crypto -> {protocol, base}` · `view -> {domain, protocol, base}` · `config -> {protocol, base}`.
//! `app`, `cli` and `jobs` sit on top. `domain` and `protocol` hold no `async fn`, no SQL, no HTTP.

#![cfg_attr(
    test,
    expect(non_snake_case, reason = "a test's name ends in the section it quotes: __rfc6749_4_1_2")
)]

pub mod app;
pub mod base;
pub mod cli;
pub mod config;
pub mod crypto;
pub mod demo;
pub mod domain;
pub mod http;
pub mod jobs;
pub mod outbound;
pub mod protocol;
pub mod services;
pub mod shortlived;
pub mod storage;
pub mod telemetry;
pub mod view;
