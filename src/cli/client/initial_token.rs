//! `khue client initial-token`.

use std::time::Duration;

use clap::Args;

use crate::cli::instance::Here;
use crate::cli::moment::moment;
use crate::cli::output::{note, print};
use crate::cli::refusal::Outcome;
use crate::protocol::{Scope, ScopeSet};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Make a token with which developers register their systems themselves, printed this once
#[derive(Debug, Args)]
pub struct InitialToken {
    /// How many systems it registers
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    count: u32,
    /// How many days it is good
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=365))]
    days: u32,
    /// What such a system may ask for at most; each person is asked for each claim
    #[arg(long, default_value = "openid", value_parser = scopes, value_name = "SCOPES")]
    scope: ScopeSet,
}

impl InitialToken {
    pub async fn run(&self, here: &Here) -> Outcome {
        let instance = here.open().await?;
        let until = instance.provider.now() + DAY * self.days;
        let token = instance.provider.issue_initial_token(&self.scope, self.count, until).await?;
        print(token.expose())?;
        note(format!("This is shown once. It registers {} until {}.", self.count, moment(until)));
        Ok(())
    }
}

fn scopes(text: &str) -> Result<ScopeSet, String> {
    let unknown = text.split_ascii_whitespace().find(|word| Scope::parse(word).is_none());
    match unknown {
        Some(word) => Err(format!("{word} is not a scope of this provider")),
        None if !ScopeSet::parse(text).contains(Scope::Openid) => Err("openid is missing".to_owned()),
        None => Ok(ScopeSet::parse(text)),
    }
}
