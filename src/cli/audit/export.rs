//! `khue audit export`.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;

use clap::Args;

use crate::cli::instance::Here;
use crate::cli::output::print;
use crate::cli::refusal::{Outcome, Refusal};
use crate::services::audit::bundle::export;

/// Write the whole log into one file, which `khue audit verify --bundle` checks anywhere
///
/// What is personal in it stays sealed. The export is itself an entry of the log.
#[derive(Debug, Args)]
pub struct Export {
    /// A file that is not there yet
    file: PathBuf,
}

impl Export {
    pub async fn run(&self, here: &Here) -> Outcome {
        let instance = here.open().await?;
        instance.audit.integrate().await?;
        let wrong = |error| Refusal::file(&self.file, &error);
        let mut out = BufWriter::new(File::create_new(&self.file).map_err(wrong)?);
        let provider = &instance.provider;
        let key = instance.audit.verifier();
        let exported = export(provider.db(), key, provider.now(), provider.entropy(), &mut out).await;
        let durable = |size| out.get_ref().sync_all().map(|()| size).map_err(wrong);
        match exported.map_err(Refusal::from).and_then(durable) {
            Ok(size) => print(format!("{size} entries were exported.")),
            Err(refusal) => {
                // Half an export must not be taken for one; if it cannot go, the error is told all the same.
                let _ = fs::remove_file(&self.file);
                Err(refusal)
            }
        }
    }
}
