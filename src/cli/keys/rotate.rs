//! `khue keys rotate`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::cli::instance::Here;
use crate::cli::moment::moment;
use crate::cli::output::print;
use crate::cli::refusal::Outcome;
use crate::protocol::SigningAlgorithm;
use crate::services::signing_keys::{Rotation, Urgency};

/// Let the next signing key take over
///
/// It is announced first, so that every system has seen it before it signs (keys.announce), and takes over by itself.
/// Running servers follow within seconds; nobody is signed out.
#[derive(Debug, Args)]
pub struct Rotate {
    /// Only the key of this algorithm
    #[arg(long, value_parser = PossibleValuesParser::new(SigningAlgorithm::ALL.iter().map(|one| one.as_str())))]
    algorithm: Option<String>,
    /// Do not wait for the announcement: for a key that others may have
    #[arg(long)]
    now: bool,
}

impl Rotate {
    pub async fn run(&self, here: &Here) -> Outcome {
        let instance = here.open().await?;
        let urgency = if self.now { Urgency::Immediate } else { Urgency::Orderly };
        let chosen = self.algorithm.as_deref().and_then(SigningAlgorithm::parse);
        for algorithm in
            SigningAlgorithm::ALL.iter().filter(|one| chosen.is_none_or(|chosen| chosen == **one))
        {
            print(match instance.provider.rotate_signing_key(*algorithm, urgency).await? {
                Rotation::Activated => format!("{algorithm}: the next key signs from now on."),
                Rotation::Announced { takes_over } => {
                    format!(
                        "{algorithm}: the next key is announced and takes over on {}.",
                        moment(takes_over)
                    )
                }
            })?;
        }
        Ok(())
    }
}
