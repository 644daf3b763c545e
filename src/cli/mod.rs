//! The command line: each command a file. Results go to standard output, everything else to standard error.

mod audit;
mod client;
mod command;
mod config;
mod demo;
mod exit;
mod instance;
mod keys;
mod listening;
mod logout;
mod migrate;
mod moment;
mod output;
mod refusal;
mod run;
mod running;
mod serve;
mod stop;

pub use run::run;
