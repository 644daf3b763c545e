//! What can be asked, and who answers.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::exit::Exit;
use super::instance::Here;
use super::refusal::Outcome;
use super::{audit, client, config, demo, keys, logout, migrate, serve};

/// Khuê: one sign-in for every system of the education sector.
///
/// Begin with `khue demo`. Without options, every command acts on the instance in the current folder: khue.toml, else
/// khue-data/khue.toml, where a demo was started here.
#[derive(Debug, Parser)]
#[command(name = "khue", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub struct CommandLine {
    /// Act on the instance that this configuration file describes
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    Config(config::Config),
    Keys(keys::Keys),
    Client(client::ClientCommand),
    Logout(logout::Logout),
    Audit(audit::Audit),
}

impl CommandLine {
    /// Does what was asked.
    pub async fn execute(self) -> Outcome<Exit> {
        let here = Here::new(self.config);
        match self.command {
            Command::Demo(demo) => demo.run(&here).await.map(|()| Exit::Done),
            Command::Serve(serve) => serve.run(&here).await.map(|()| Exit::Done),
            Command::Migrate(migrate) => migrate.run(&here).await.map(|()| Exit::Done),
            Command::Config(config) => config.run(&here).map(|()| Exit::Done),
            Command::Keys(keys) => keys.run(&here).await.map(|()| Exit::Done),
            Command::Client(client) => client.run(&here).await,
            Command::Logout(logout) => logout.run(&here).await.map(|()| Exit::Done),
            Command::Audit(audit) => audit.run(&here).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }
}
