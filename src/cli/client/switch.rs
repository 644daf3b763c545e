//! `khue client disable` and `khue client enable`.

use clap::Args;

use super::command::unknown;
use crate::cli::instance::Here;
use crate::cli::output::print;
use crate::cli::refusal::Outcome;
use crate::domain::client::ClientStatus;
use crate::protocol::ClientId;
use crate::services::clients::Switched;

/// Refuse every request of a system from now on; what is registered of it stays
#[derive(Debug, Args)]
pub struct Disable {
    /// Its client_id
    #[arg(value_parser = ClientId::parse)]
    id: ClientId,
}

/// Take a disabled system back into use
#[derive(Debug, Args)]
pub struct Enable {
    /// Its client_id
    #[arg(value_parser = ClientId::parse)]
    id: ClientId,
}

impl Disable {
    pub async fn run(&self, here: &Here) -> Outcome {
        switch(here, &self.id, ClientStatus::Disabled).await
    }
}

impl Enable {
    pub async fn run(&self, here: &Here) -> Outcome {
        switch(here, &self.id, ClientStatus::Active).await
    }
}

async fn switch(here: &Here, id: &ClientId, status: ClientStatus) -> Outcome {
    let word = status.as_str();
    match here.open().await?.provider.switch_client(id, status).await? {
        Switched::Done => print(format!("{id} is {word} now. Running servers follow within seconds.")),
        Switched::Unchanged => print(format!("{id} is {word} already.")),
        Switched::Unknown => Err(unknown(id)),
    }
}
