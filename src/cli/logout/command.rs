//! What can be asked about sign-outs.

use clap::{Args, Subcommand};

use super::list::List;
use crate::cli::instance::Here;
use crate::cli::refusal::Outcome;

/// Look at which systems are still to be told of a sign-out
#[derive(Debug, Args)]
pub struct Logout {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
}

impl Logout {
    pub async fn run(&self, here: &Here) -> Outcome {
        match &self.command {
            Command::List(list) => list.run(here).await,
        }
    }
}
