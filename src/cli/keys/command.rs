//! What can be asked of the keys.

use clap::{Args, Subcommand};

use super::list::List;
use super::master::{CreateMaster, RotateMaster};
use super::rotate::Rotate;
use super::withdraw::Withdraw;
use crate::cli::instance::Here;
use crate::cli::refusal::Outcome;

/// Look at the signing keys and change them, make and change the master key
#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    List(List),
    Rotate(Rotate),
    Withdraw(Withdraw),
    CreateMaster(CreateMaster),
    RotateMaster(RotateMaster),
}

impl Keys {
    pub async fn run(&self, here: &Here) -> Outcome {
        match &self.command {
            KeysCommand::List(list) => list.run(here).await,
            KeysCommand::Rotate(rotate) => rotate.run(here).await,
            KeysCommand::Withdraw(withdraw) => withdraw.run(here).await,
            KeysCommand::CreateMaster(create) => create.run(here),
            KeysCommand::RotateMaster(rotate) => rotate.run(here).await,
        }
    }
}
