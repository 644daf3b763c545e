//! `khue audit find`.

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::instance::{Here, database};
use crate::cli::output::{note, print};
use crate::cli::refusal::Outcome;

/// Print the entries that one request left, each a JSON document on a line of its own
///
/// What is personal in them stays sealed. Ends with 1 where the request left none: most only read, and most mistakes
/// happen before anything is done.
#[derive(Debug, Args)]
pub struct Find {
    /// What stands at the foot of a page, and in X-Request-Id
    #[arg(allow_hyphen_values = true)]
    reference: String,
}

impl Find {
    pub async fn run(&self, here: &Here) -> Outcome<Exit> {
        let database = database(&here.config()?).await?;
        let entries =
            database.read().await?.audit_entries_of_request(&self.reference.trim().to_lowercase()).await?;
        for stored in &entries {
            print(stored.entry.to_json())?;
        }
        if entries.is_empty() {
            note(format!("No entry has the reference {}.", self.reference));
            return Ok(Exit::Failed);
        }
        Ok(Exit::Done)
    }
}
