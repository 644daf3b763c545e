//! `khue client list`.

use clap::Args;

use crate::cli::instance::Here;
use crate::cli::output::{note, print, table};
use crate::cli::refusal::Outcome;
use crate::domain::client::{Client, Registration};

/// List every registered system
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub async fn run(&self, here: &Here) -> Outcome {
        let clients = here.open().await?.provider.list_clients().await?;
        if clients.is_empty() {
            note("No system is registered yet: `khue client add` or `khue client apply` registers one.");
        }
        let rows: Vec<_> = clients.iter().map(row).collect();
        print(table(["CLIENT ID", "STATUS", "PROFILE", "AUTHENTICATION", "NAME"], &rows))
    }
}

fn row(client: &Client) -> [String; 5] {
    let registration = &client.registration;
    [
        registration.client_id.to_string(),
        client.status.as_str().to_owned(),
        profile(registration),
        registration.token_endpoint_auth_method.as_str().to_owned(),
        format!("{} · {}", registration.client_name.vi, registration.client_name.en),
    ]
}

/// The profile, and behind it what of it is let off; `khue client show` tells the risks.
fn profile(registration: &Registration) -> String {
    let exceptions: Vec<&str> = registration.exceptions().iter().map(|exception| exception.name()).collect();
    match exceptions.is_empty() {
        true => registration.profile.to_string(),
        false => format!("{}: {}", registration.profile, exceptions.join(", ")),
    }
}
