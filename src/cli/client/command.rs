//! What can be asked of the register.

use clap::{Args, Subcommand};

use super::add::Add;
use super::apply::Apply;
use super::initial_token::InitialToken;
use super::list::List;
use super::secret::RotateSecret;
use super::show::Show;
use super::switch::{Disable, Enable};
use crate::app::Instance;
use crate::cli::exit::Exit;
use crate::cli::instance::Here;
use crate::cli::refusal::{Outcome, Refusal};
use crate::domain::client::Client;
use crate::protocol::ClientId;

/// Register relying systems, change them, look at them
#[derive(Debug, Args)]
pub struct ClientCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Box<Add>),
    List(List),
    Show(Show),
    RotateSecret(RotateSecret),
    Disable(Disable),
    Enable(Enable),
    Apply(Apply),
    InitialToken(InitialToken),
}

impl ClientCommand {
    pub async fn run(&self, here: &Here) -> Outcome<Exit> {
        match &self.command {
            Command::Add(add) => add.run(here).await,
            Command::List(list) => list.run(here).await.map(|()| Exit::Done),
            Command::Show(show) => show.run(here).await.map(|()| Exit::Done),
            Command::RotateSecret(rotate) => rotate.run(here).await.map(|()| Exit::Done),
            Command::Disable(disable) => disable.run(here).await.map(|()| Exit::Done),
            Command::Enable(enable) => enable.run(here).await.map(|()| Exit::Done),
            Command::InitialToken(token) => token.run(here).await.map(|()| Exit::Done),
            Command::Apply(apply) => apply.run(here).await,
        }
    }
}

/// The system called `id`, or why there is none.
pub async fn find(instance: &Instance, id: &ClientId) -> Outcome<Client> {
    let mut clients = instance.provider.list_clients().await?.into_iter();
    clients.find(|client| client.registration.client_id == *id).ok_or_else(|| unknown(id))
}

/// Nobody is called `id`.
pub fn unknown(id: &ClientId) -> Refusal {
    Refusal::failed(format!("no system is registered as {id}"), "`khue client list` shows those that are")
}
