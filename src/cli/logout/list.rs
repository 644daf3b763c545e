//! `khue logout list`.

use clap::Args;

use crate::cli::instance::Here;
use crate::cli::moment::moment;
use crate::cli::output::{note, print, table};
use crate::cli::refusal::Outcome;
use crate::domain::logout_delivery::LogoutDelivery;

/// How many are shown.
const MOST: u16 = 500;

/// List every logout token that a system has not heard yet, with what went wrong
#[derive(Debug, Args)]
pub struct List {}

impl List {
    pub async fn run(&self, here: &Here) -> Outcome {
        let waiting = here.open().await?.provider.waiting_logouts(MOST).await?;
        if waiting.is_empty() {
            note("Every system that wants to hear of sign-outs has heard of all of them.");
        }
        if waiting.len() == usize::from(MOST) {
            note(format!("There may be more: only the first {MOST} are shown."));
        }
        let rows: Vec<_> = waiting.iter().map(row).collect();
        print(table(["CLIENT ID", "SINCE", "TRIES", "NEXT TRY", "LAST PROBLEM", "DELIVERY"], &rows))
    }
}

fn row(delivery: &LogoutDelivery) -> [String; 6] {
    [
        delivery.client.to_string(),
        moment(delivery.created_at),
        delivery.tries.to_string(),
        moment(delivery.due_at),
        delivery.last_problem.clone().unwrap_or_default(),
        delivery.id.to_string(),
    ]
}
