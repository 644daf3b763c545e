//! `khue client show`.

use std::fmt::Write;

use clap::Args;
use serde::Serialize;

use super::command::find;
use crate::base::Timestamp;
use crate::cli::instance::Here;
use crate::cli::moment::moment;
use crate::cli::output::print;
use crate::cli::refusal::{Outcome, Refusal};
use crate::domain::client::{Client, RegistrationDocument};
use crate::protocol::ClientId;

/// Show one system, in the form that `khue client apply` reads; its secrets are shown to nobody
#[derive(Debug, Args)]
pub struct Show {
    /// Its client_id
    #[arg(value_parser = ClientId::parse)]
    id: ClientId,
}

#[derive(Serialize)]
struct File {
    client: [Entry; 1],
}

#[derive(Serialize)]
struct Entry {
    status: &'static str,
    #[serde(flatten)]
    document: RegistrationDocument,
}

impl Show {
    pub async fn run(&self, here: &Here) -> Outcome {
        let instance = here.open().await?;
        let client = find(&instance, &self.id).await?;
        print(text(&client, instance.provider.now())?)
    }
}

fn text(client: &Client, now: Timestamp) -> Outcome<String> {
    let mut text = format!("# changed {}\n", moment(client.updated_at));
    // Writing to a string does not fail.
    for exception in client.registration.exceptions() {
        let _ = writeln!(text, "# exception: {}: {}", exception.name(), exception.risk());
    }
    for secret in client.secrets.iter().filter(|secret| secret.is_live(now)) {
        let until = secret
            .expires_at
            .map_or_else(|| "in use".to_owned(), |end| format!("good until {}", moment(end)));
        let _ = writeln!(text, "# client secret of {}: {until}", moment(secret.created_at));
    }
    let mut document = RegistrationDocument::from(client.registration.clone());
    if let Some(logo) = document.logo.take() {
        let _ = writeln!(text, "# logo: {}, {} bytes", logo.media_type(), logo.bytes().len());
    }
    let file = File { client: [Entry { status: client.status.as_str(), document }] };
    let body = toml::to_string(&file).map_err(|error| {
        Refusal::failed(format!("{}: {error}", client.registration.client_id), "report this")
    })?;
    text.push_str(body.trim_end());
    Ok(text)
}
