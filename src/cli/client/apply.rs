//! `khue client apply`.

use std::collections::HashSet;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::client_file;
use super::plan::{entry, namesakes};
use super::taken::refuse_unfit;
use crate::app::Instance;
use crate::cli::exit::Exit;
use crate::cli::instance::Here;
use crate::cli::output::{note, print};
use crate::cli::refusal::{Outcome, Refusal};
use crate::services::client_changes::{ChangedClient, DesiredClient};

/// Bring the register to what a file says, after showing what would change
///
/// All of it or, where anything fails, none. Systems that the file does not name stay as they are.
#[derive(Debug, Args)]
pub struct Apply {
    /// A file with a [[client]] table for each system
    file: PathBuf,
    /// Do it without asking
    #[arg(long, short)]
    yes: bool,
    /// Show what would change, and stop
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

impl Apply {
    pub async fn run(&self, here: &Here) -> Outcome<Exit> {
        let desired = client_file::read(&self.file)?;
        let instance = here.open().await?;
        refuse_unfit(&instance, &desired).await?;
        let plan = instance.provider.plan_clients(&desired).await?;
        for change in &plan {
            print(entry(change))?;
        }
        tell_of_others(&instance, &desired, &self.file).await?;
        tell_namesakes(&instance, &desired).await?;
        let changes = plan.iter().filter(|change| !change.is_nothing()).count();
        if changes == 0 {
            print("Nothing to change.")?;
            return Ok(Exit::Done);
        }
        if self.dry_run {
            return Ok(Exit::Done);
        }
        if !self.yes && !agreed()? {
            note("Nothing was changed.");
            return Ok(Exit::Failed);
        }
        let changed = instance.provider.apply_clients(&desired).await?;
        tell_secrets(&changed)?;
        print(format!(
            "{changes} of {} systems changed. Running servers follow within seconds.",
            plan.len()
        ))?;
        Ok(Exit::Done)
    }
}

/// Prints the secrets that were made: there is no second time.
pub fn tell_secrets(changed: &[ChangedClient]) -> Outcome {
    for ChangedClient { change, secret } in changed {
        if let Some(secret) = secret {
            print(format!("secret of {} (shown this once): {}", change.client, secret.expose()))?;
        }
    }
    Ok(())
}

/// Points at systems that people could take for another.
pub async fn tell_namesakes(instance: &Instance, desired: &[DesiredClient]) -> Outcome {
    for word in namesakes(desired, &instance.provider.list_clients().await?) {
        note(word);
    }
    Ok(())
}

async fn tell_of_others(instance: &Instance, desired: &[DesiredClient], file: &Path) -> Outcome {
    let named: HashSet<_> = desired.iter().map(|one| &one.registration.client_id).collect();
    let clients = instance.provider.list_clients().await?;
    let others: Vec<&str> = clients
        .iter()
        .map(|client| &client.registration.client_id)
        .filter(|id| !named.contains(id))
        .map(|id| id.as_str())
        .collect();
    if !others.is_empty() {
        note(format!("Not in {}, left as they are: {}", file.display(), others.join(", ")));
    }
    Ok(())
}

fn agreed() -> Outcome<bool> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return Err(Refusal::wrong(
            "the register would change, and nobody is here to agree",
            "add --yes to do it, or --dry-run to look only",
        ));
    }
    let wrong = |error| Refusal::file(Path::new("terminal"), &error);
    let mut err = io::stderr().lock();
    write!(err, "Make these changes? [y/N] ").and_then(|()| err.flush()).map_err(wrong)?;
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer).map_err(wrong)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
