//! The `khue` command itself, run as an operator runs it.

mod audit;
mod binary;
mod clients;
mod configuration;
mod demo;
mod keys;
mod serve;
mod workloads;

pub use binary::Khue;
use binary::{Ran, Running};
