//! `khue migrate`.

use clap::Args;

use super::instance::{Here, database};
use super::output::print;
use super::refusal::Outcome;

/// Bring the database's schema to the version that this program needs
///
/// Safe to run again. `khue serve` does it by itself; run this first where several servers start at once.
#[derive(Debug, Args)]
pub struct Migrate {}

impl Migrate {
    pub async fn run(&self, here: &Here) -> Outcome {
        database(&here.config()?).await?.migrate().await?;
        print("The schema is up to date.")
    }
}
