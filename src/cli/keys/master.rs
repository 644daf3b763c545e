//! `khue keys create-master` and `khue keys rotate-master`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::base::SystemEntropy;
use crate::cli::instance::Here;
use crate::cli::output::{note, print};
use crate::cli::refusal::{Outcome, Refusal};
use crate::crypto::master_key_file::MasterKeyFileError;
use crate::crypto::{MasterKeyKind, MasterKeys};

/// Make the master key of an instance, in a file that only its owner reads
///
/// Keep a copy where the database's backups are not: without it nothing opens, ever.
#[derive(Debug, Args)]
pub struct CreateMaster {
    /// Where to put it; where nothing is said, where keys.master_key_file says
    file: Option<PathBuf>,
    /// For trying out: production refuses it, and a sandbox takes no other
    #[arg(long)]
    development: bool,
}

impl CreateMaster {
    pub fn run(&self, here: &Here) -> Outcome {
        let configured = here.config()?.keys.master_key_file;
        let file = self.file.as_ref().unwrap_or(&configured);
        let kind = if self.development { MasterKeyKind::Development } else { MasterKeyKind::Production };
        MasterKeys::generate(kind, &SystemEntropy::new())
            .create_file(file)
            .map_err(|error| not_made(file, error))?;
        print(file.display().to_string())?;
        if *file != configured {
            note("Name it in keys.master_key_file.");
        }
        note("Keep a copy apart from the database and its backups: without it nothing opens.");
        Ok(())
    }
}

fn not_made(file: &Path, error: MasterKeyFileError) -> Refusal {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.exists() => Refusal::failed(
            error.to_string(),
            format!("make its folder first: mkdir -p -m 700 {}", folder.display()),
        ),
        _ => error.into(),
    }
}

/// Change the master key, in three steps, while the servers run
///
/// A server knows the versions that were in the file when it started. So the new version is first made known
/// everywhere, then put to use, and only then is everything wrapped anew. Every step is safe to run again.
#[derive(Debug, Args)]
pub struct RotateMaster {
    #[command(subcommand)]
    step: Step,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Step {
    /// Step 1: add a version to the key file, which waits; then restart every server with that file
    Add,
    /// Step 2: let the new version wrap from now on; then restart every server with that file
    Switch,
    /// Step 3: wrap everything anew by the version in use; afterwards the old ones may leave the file
    Rewrap,
}

impl RotateMaster {
    pub async fn run(&self, here: &Here) -> Outcome {
        match self.step {
            Step::Add => add(here),
            Step::Switch => switch(here),
            Step::Rewrap => rewrap(here).await,
        }
    }
}

fn add(here: &Here) -> Outcome {
    let file = here.config()?.keys.master_key_file;
    let mut keys = MasterKeys::read_file(&file)?;
    if let Some(waiting) = keys.waiting_version() {
        print(format!("Version {waiting} is in {} already, waiting.", file.display()))?;
    } else {
        let kind = if keys.is_development() { MasterKeyKind::Development } else { MasterKeyKind::Production };
        let version = keys.announce_version(kind, &SystemEntropy::new());
        keys.replace_file(&file)?;
        print(format!("Version {version} was added to {}, waiting.", file.display()))?;
    }
    note("Copy the file to every server and restart each, then run: khue keys rotate-master switch");
    Ok(())
}

fn switch(here: &Here) -> Outcome {
    let file = here.config()?.keys.master_key_file;
    let mut keys = MasterKeys::read_file(&file)?;
    if keys.switch() {
        keys.replace_file(&file)?;
        print(format!("Version {} wraps from now on.", keys.current_version()))?;
    } else if keys.versions().count() > 1 {
        print(format!("Version {} is in use already.", keys.current_version()))?;
    } else {
        return Err(Refusal::failed(
            "there is no version that waits",
            "begin with: khue keys rotate-master add",
        ));
    }
    note("Copy the file to every server and restart each, then run: khue keys rotate-master rewrap");
    Ok(())
}

async fn rewrap(here: &Here) -> Outcome {
    let instance = here.open().await?;
    let file = instance.config().keys.master_key_file.clone();
    let keys = MasterKeys::read_file(&file)?;
    if let Some(waiting) = keys.waiting_version() {
        return Err(Refusal::failed(
            format!(
                "version {waiting} waits: wrapping anew by version {} would be for nothing",
                keys.current_version()
            ),
            "once every server was restarted, run: khue keys rotate-master switch",
        ));
    }
    let count = instance.provider.rewrap_everything().await?;
    let current = keys.current_version();
    print(format!("{count} keys were wrapped anew by version {current}."))?;
    let old: Vec<String> =
        keys.versions().filter(|version| *version != current).map(|version| version.to_string()).collect();
    match (count, old.is_empty()) {
        (_, true) => {}
        (0, false) => note(format!(
            "Nothing here needs version {} any more. Take its line out of {}; keep it for as long as there are \
             backups from before.",
            old.join(", "),
            file.display()
        )),
        (_, false) => note(
            "Run this again once every server runs with the new file: it must find nothing before an old version \
             may leave the file.",
        ),
    }
    Ok(())
}
