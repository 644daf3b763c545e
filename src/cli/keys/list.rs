//! `khue keys list`.

use clap::Args;

use crate::cli::instance::Here;
use crate::cli::moment::moment;
use crate::cli::output::{print, table};
use crate::cli::refusal::Outcome;
use crate::domain::signing_key::{RotationPolicy, SigningKeyState, StoredSigningKey};

/// List the signing keys: what signs now, what comes next, what is on its way out
#[derive(Debug, Args)]
pub struct List {
    /// Also those that are withdrawn
    #[arg(long)]
    all: bool,
}

impl List {
    pub async fn run(&self, here: &Here) -> Outcome {
        let instance = here.open().await?;
        let policy = instance.provider.policy().rotation;
        let mut keys = instance.provider.list_signing_keys().await?;
        keys.retain(|key| self.all || key.state != SigningKeyState::Retired);
        keys.sort_by(|one, other| (&one.algorithm, one.state).cmp(&(&other.algorithm, other.state)));
        let rows: Vec<_> = keys.iter().map(|key| row(key, &policy)).collect();
        print(table(["ALGORITHM", "STATE", "KEY ID", "MADE", "WHAT COMES"], &rows))
    }
}

fn row(key: &StoredSigningKey, policy: &RotationPolicy) -> [String; 5] {
    let comes = match key.state {
        SigningKeyState::Next => format!("signs from {}", moment(key.created_at + policy.announced_for)),
        SigningKeyState::Active => key
            .activated_at
            .map(|at| format!("signs until {}", moment(at + policy.active_for)))
            .unwrap_or_default(),
        SigningKeyState::Retiring => key
            .retiring_at
            .map(|at| format!("withdrawn on {}", moment(at + policy.retiring_for)))
            .unwrap_or_default(),
        SigningKeyState::Retired => String::new(),
    };
    [key.algorithm.clone(), key.state.as_str().to_owned(), key.kid.clone(), moment(key.created_at), comes]
}
