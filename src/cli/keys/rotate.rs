//! `khue keys rotate`.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::cli::instance::Here;
use crate::cli::moment::moment;
use crate::cli::output::print;
use crate::cli::refusal::Outcome;
use crate::protocol::KeyAlgorithm;
use crate::services::signing_keys::{Rotation, Urgency};

/// Let the next signing key take over
///
/// It is announced first, so that every system has seen it before it signs (keys.announce), and takes over by itself.
/// Running servers follow within seconds; nobody is signed out.
#[derive(Debug, Args)]
pub struct Rotate {
    /// Only the key of this algorithm
    #[arg(long, value_parser = PossibleValuesParser::new(KeyAlgorithm::all().map(KeyAlgorithm::as_str)))]
    algorithm: Option<String>,
    /// Do not wait for the announcement: for a key that others may have
    #[arg(long)]
    now: bool,
}

impl Rotate {
    pub async fn run(&self, here: &Here) -> Outcome {
        let instance = here.open().await?;
        let urgency = if self.now { Urgency::Immediate } else { Urgency::Orderly };
        let chosen = self.algorithm.as_deref().and_then(KeyAlgorithm::parse);
        for algorithm in KeyAlgorithm::all().filter(|one| chosen.is_none_or(|chosen| chosen == *one)) {
            print(match instance.provider.rotate_signing_key(algorithm, urgency).await? {
                Rotation::Activated => match algorithm {
                    KeyAlgorithm::Signing(_) => format!("{algorithm}: the next key signs from now on."),
                    KeyAlgorithm::Decryption(_) => {
                        format!("{algorithm}: the next key is published from now on.")
                    }
                },
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
