//! `khue audit agreed`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::base::ids::AuditEventId;
use crate::cli::exit::Exit;
use crate::cli::instance::Here;
use crate::cli::output::{note, print};
use crate::cli::refusal::{Outcome, Refusal};
use crate::domain::audit::SaltedDetail;
use crate::protocol::AuthorizationDetail;
use crate::services::audit::Agreement;

/// Hold an agreement against the authorization_details that somebody says were agreed to
///
/// Where it is to exactly these, prints for each the salt and the words that open the digest in the entry: with them
/// anybody can compute it anew. Ends with 1 where it is not, and tells nothing more.
#[derive(Debug, Args)]
pub struct Agreed {
    /// The id of an entry of kind consent.given
    entry: String,
    /// A file with the JSON array authorization_details, as the system sent it
    file: PathBuf,
}

impl Agreed {
    pub async fn run(&self, here: &Here) -> Outcome<Exit> {
        let wrong = |what: String| Refusal::wrong(what, "see khue audit agreed --help");
        let id = AuditEventId::parse(self.entry.trim())
            .ok_or_else(|| wrong(format!("{} is no id of an entry", self.entry)))?;
        let text = fs::read_to_string(&self.file).map_err(|error| Refusal::file(&self.file, &error))?;
        let said = AuthorizationDetail::parse_all(text.trim())
            .map_err(|error| wrong(format!("{}: {error}", self.file.display())))?;
        match here.open().await?.provider.agreement(id, &said).await? {
            Agreement::Exactly(agreed) => {
                agreed.iter().try_for_each(|one| print(opened(one)))?;
                return Ok(Exit::Done);
            }
            Agreement::Otherwise => note("The entry is no agreement to exactly this."),
            Agreement::Erased => note("What the entry holds can be read no more."),
            Agreement::Unknown => note("No entry has this id."),
        }
        Ok(Exit::Failed)
    }
}

fn opened(one: &SaltedDetail) -> String {
    json!({ "digest": one.digest(), "opened": one }).to_string()
}
