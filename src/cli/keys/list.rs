//! `khue keys list`.

use clap::Args;

use crate::cli::instance::Here;
use crate::cli::moment::moment;
use crate::cli::output::{print, table};
use crate::cli::refusal::Outcome;
use crate::domain::signing_key::{RotationPolicy, SigningKeyState, StoredSigningKey};
use crate::protocol::KeyAlgorithm;

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
        let rows: Vec<_> = keys.iter().map(|key| row(key, &keys, &policy)).collect();
        print(table(["ALGORITHM", "STATE", "KEY ID", "MADE", "WHAT COMES"], &rows))
    }
}

fn row(key: &StoredSigningKey, keys: &[StoredSigningKey], policy: &RotationPolicy) -> [String; 5] {
    let takes_over = |next: &StoredSigningKey| next.created_at + policy.announced_for;
    let next =
        keys.iter().find(|next| next.algorithm == key.algorithm && next.state == SigningKeyState::Next);
    let does = match KeyAlgorithm::parse(&key.algorithm) {
        Some(KeyAlgorithm::Decryption(_)) => "is published",
        _ => "signs",
    };
    let comes = match key.state {
        SigningKeyState::Next => format!("{does} from {}", moment(takes_over(key))),
        SigningKeyState::Active => {
            let until = next.map(takes_over).or(key.activated_at.map(|at| at + policy.active_for));
            until.map(|until| format!("{does} until {}", moment(until))).unwrap_or_default()
        }
        SigningKeyState::Retiring => {
            let until = key.retiring_at.map(|at| at + policy.retiring_for);
            until.map(|until| format!("withdrawn on {}", moment(until))).unwrap_or_default()
        }
        SigningKeyState::Retired => String::new(),
    };
    [key.algorithm.clone(), key.state.as_str().to_owned(), key.kid.clone(), moment(key.created_at), comes]
}
