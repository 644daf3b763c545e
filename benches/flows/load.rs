//! The closed loop: so many workers, each beginning its next flow when the last has ended.

use std::sync::Arc;
use std::time::Duration;

use khue::telemetry::Stopwatch;

use crate::arguments::{Arguments, Mode};
use crate::fault::Fault;
use crate::instance::Instance;
use crate::process::{self, Memory};
use crate::server::Server;
use crate::worker::Worker;

/// Ran before anything is counted.
const WARM_UP: Duration = Duration::from_secs(2);

/// What came out of one measurement.
pub struct Load {
    /// Flows that ended well.
    pub done: u64,
    /// Flows that did not, and the first reason.
    pub failed: u64,
    /// The first reason why one failed.
    pub first_fault: Option<String>,
    /// How long was measured.
    pub span: Duration,
    /// Processor time of the server.
    pub server_cpu: Duration,
    /// Processor time of the driver.
    pub driver_cpu: Duration,
    /// Memory of the server at the end.
    pub memory: Memory,
    /// How long each took, in order.
    latencies: Vec<Duration>,
}

impl Load {
    /// How long it took at most for this share (0 to 1) of them.
    pub fn percentile(&self, share: f64) -> Duration {
        let place = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(place.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

#[derive(Default)]
struct Tally {
    latencies: Vec<Duration>,
    failed: u64,
    first_fault: Option<String>,
}

/// Drives `mode` with `concurrency` workers.
pub async fn run(
    instance: &Arc<Instance>,
    server: &Server,
    mode: Mode,
    concurrency: usize,
    arguments: &Arguments,
) -> Result<Load, Fault> {
    let mut workers = Vec::new();
    for number in 0..concurrency {
        workers.push(Worker::prepare(Arc::clone(instance), mode, number as u64).await?);
    }
    let (workers, _) = drive(workers, WARM_UP).await?;
    let (server_before, driver_before) = (server.cpu()?, process::cpu(std::process::id())?);
    let watch = Stopwatch::start();
    let (_, tallies) = drive(workers, Duration::from_secs(arguments.seconds)).await?;
    let span = watch.elapsed();
    let mut load = Load {
        done: 0,
        failed: tallies.iter().map(|tally| tally.failed).sum(),
        first_fault: tallies.iter().find_map(|tally| tally.first_fault.clone()),
        span,
        server_cpu: server.cpu()?.saturating_sub(server_before),
        driver_cpu: process::cpu(std::process::id())?.saturating_sub(driver_before),
        memory: server.memory()?,
        latencies: tallies.into_iter().flat_map(|tally| tally.latencies).collect(),
    };
    load.latencies.sort_unstable();
    load.done = load.latencies.len() as u64;
    Ok(load)
}

async fn drive(workers: Vec<Worker>, span: Duration) -> Result<(Vec<Worker>, Vec<Tally>), Fault> {
    let watch = Stopwatch::start();
    let driven: Vec<_> = workers.into_iter().map(|worker| tokio::spawn(go_on(worker, watch, span))).collect();
    let mut workers = Vec::new();
    let mut tallies = Vec::new();
    for driven in driven {
        let (worker, tally) = driven.await?;
        workers.extend(worker);
        tallies.push(tally);
    }
    Ok((workers, tallies))
}

/// Goes on until `span` is over. A worker that failed goes no further: its connection may be in any state.
async fn go_on(mut worker: Worker, watch: Stopwatch, span: Duration) -> (Option<Worker>, Tally) {
    let mut tally = Tally::default();
    while watch.elapsed() < span {
        let one = Stopwatch::start();
        match worker.step().await {
            Ok(()) => tally.latencies.push(one.elapsed()),
            Err(fault) => {
                tally.failed += 1;
                tally.first_fault = Some(fault.to_string());
                return (None, tally);
            }
        }
    }
    (Some(worker), tally)
}
