//! `khue keys withdraw`.

use clap::Args;

use crate::cli::instance::Here;
use crate::cli::output::print;
use crate::cli::refusal::{Outcome, Refusal};
use crate::services::signing_keys::Withdrawal;

/// Take a key that signs no more out of the JWKS at once: for one that others have
///
/// Nothing that it signed verifies any more, theirs and ours: tokens of the last minutes are refused. First let another
/// key take over: khue keys rotate --now
#[derive(Debug, Args)]
pub struct Withdraw {
    /// Its key id, as `khue keys list` shows it
    #[arg(value_name = "KEY_ID", allow_hyphen_values = true)]
    kid: String,
}

impl Withdraw {
    pub async fn run(&self, here: &Here) -> Outcome {
        let kid = &self.kid;
        match here.open().await?.provider.withdraw_signing_key(kid).await? {
            Withdrawal::Done => print(format!("{kid} is withdrawn. Running servers follow within seconds.")),
            Withdrawal::Unchanged => print(format!("{kid} is withdrawn already.")),
            Withdrawal::Needed => Err(Refusal::failed(
                format!("{kid} signs, or is to sign next"),
                "let another key take over first: khue keys rotate --now",
            )),
            Withdrawal::Unknown => Err(Refusal::failed(
                format!("there is no key {kid}"),
                "`khue keys list` shows those that there are",
            )),
        }
    }
}
