//! `khue audit verify`.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::instance::{Here, database};
use crate::cli::output::{note, print};
use crate::cli::refusal::{Outcome, Refusal};
use crate::crypto::transparency::VerifierKey;
use crate::services::audit::PersonProof;
use crate::services::audit::verify::{Report, verify_bundle, verify_live};

/// Prove that nothing in the audit log was changed, dropped, reordered or added
///
/// Ends with 1 where something was, and names each entry. A bundle or a person's proof is checked with nothing but the
/// file and the public key.
#[derive(Debug, Args)]
pub struct Verify {
    /// The log's public key (or a file that holds it), as you were given it; else the instance's own
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Check this exported log instead of the instance's
    #[arg(long, value_name = "FILE", conflicts_with = "proof")]
    bundle: Option<PathBuf>,
    /// Check this proof of one entry, as a person downloads it
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// A checkpoint that was kept elsewhere: the log must still contain what it signed
    #[arg(long, value_name = "FILE", conflicts_with = "proof")]
    known: Vec<PathBuf>,
}

impl Verify {
    pub async fn run(&self, here: &Here) -> Outcome<Exit> {
        let key = match &self.key {
            Some(given) => read_key(given)?,
            None => here.open().await?.audit.verifier().clone(),
        };
        if let Some(file) = &self.proof {
            return prove(file, &key);
        }
        let known = self.known.iter().map(|file| read(file)).collect::<Outcome<Vec<_>>>()?;
        let report = match &self.bundle {
            Some(file) => {
                let opened = File::open(file).map_err(|error| Refusal::file(file, &error))?;
                verify_bundle(BufReader::new(opened), &key, &known)
                    .map_err(|error| Refusal::file(file, &error))?
            }
            None => verify_live(&database(&here.config()?).await?, &key, &known).await?,
        };
        tell(&report)
    }
}

fn tell(report: &Report) -> Outcome<Exit> {
    for finding in &report.findings {
        print(finding.to_string())?;
    }
    let Report { size, checkpoints, pending, .. } = report;
    if report.is_clean() {
        print(format!(
            "The log is as it was signed. Entries: {size}, checkpoints: {checkpoints}, waiting for the next: {pending}."
        ))?;
        return Ok(Exit::Done);
    }
    note(format!("error: the log of {size} entries is not as it was signed"));
    Ok(Exit::Failed)
}

fn prove(file: &Path, key: &VerifierKey) -> Outcome<Exit> {
    let proof = PersonProof::parse(&read(file)?).map_err(|error| {
        Refusal::wrong(format!("{}: {error}", file.display()), "name a proof as it was downloaded")
    })?;
    match proof.verify(key) {
        Ok(checkpoint) => {
            print(format!(
                "The entry is in the log of {}, among {} entries.",
                checkpoint.origin, checkpoint.size
            ))?;
            Ok(Exit::Done)
        }
        Err(error) => {
            print(error.to_string())?;
            Ok(Exit::Failed)
        }
    }
}

fn read_key(given: &str) -> Outcome<VerifierKey> {
    let file = Path::new(given);
    let text = if file.is_file() { read(file)? } else { given.to_owned() };
    VerifierKey::parse(text.trim()).map_err(|error| {
        Refusal::wrong(
            format!("--key: {error}"),
            "write what `khue audit key` prints, or name a file that holds it",
        )
    })
}

fn read(file: &Path) -> Outcome<String> {
    fs::read_to_string(file).map_err(|error| Refusal::file(file, &error))
}
