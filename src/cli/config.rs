//! `khue config`.

use clap::{Args, Subcommand};

use super::instance::Here;
use super::output::print;
use super::refusal::Outcome;
use crate::config::{Purpose, check, reference};

/// Check the configuration, or explain every setting
#[derive(Debug, Args)]
pub struct Config {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum ConfigCommand {
    /// Say everything that would keep `khue serve` from starting, with line and remedy
    Check,
    /// Print every setting: what it does, its form, its default, its environment variable
    Reference,
}

impl Config {
    pub fn run(&self, here: &Here) -> Outcome {
        match self.command {
            ConfigCommand::Check => print(check(&here.sources(Purpose::Serve))?),
            ConfigCommand::Reference => print(reference().trim_end()),
        }
    }
}
