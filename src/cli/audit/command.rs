//! What can be asked of the audit log.

use clap::{Args, Subcommand};

use super::agreed::Agreed;
use super::export::Export;
use super::find::Find;
use super::verify::Verify;
use crate::cli::exit::Exit;
use crate::cli::instance::Here;
use crate::cli::output::print;
use crate::cli::refusal::Outcome;

/// Prove the audit log, export it, find in it, hold what others say against it, show the key that it is verified with
#[derive(Debug, Args)]
pub struct Audit {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    Verify(Verify),
    Export(Export),
    Find(Find),
    Agreed(Agreed),
    /// Print the public key that checkpoints are verified with: what auditors are given, once, by a safe way
    Key,
}

impl Audit {
    pub async fn run(&self, here: &Here) -> Outcome<Exit> {
        match &self.command {
            AuditCommand::Verify(verify) => verify.run(here).await,
            AuditCommand::Export(export) => export.run(here).await.map(|()| Exit::Done),
            AuditCommand::Find(find) => find.run(here).await,
            AuditCommand::Agreed(agreed) => agreed.run(here).await,
            AuditCommand::Key => {
                print(here.open().await?.audit.verifier().to_string())?;
                Ok(Exit::Done)
            }
        }
    }
}
