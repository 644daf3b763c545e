//! The rhythm of a job.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

/// Runs `job` again and again, `span` apart. What fails is logged and tried again at the next turn.
pub async fn every<F, Fut, E>(span: Duration, name: &'static str, job: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), E>>,
    E: Display,
{
    let mut turns = interval(span);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(error) = job().await {
            tracing::error!(job = name, %error, "a job failed; it is tried again");
        }
    }
}
