//! An instance at work: its listener, its jobs, its end.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use super::listening;
use super::refusal::{Outcome, Refusal};
use super::stop::Stop;
use crate::app::{Instance, Surroundings};
use crate::http;
use crate::jobs;
use crate::telemetry::Metrics;

/// How long what happened last may take to be integrated into the audit log.
const LAST_INTEGRATION: Duration = Duration::from_secs(5);

/// Takes `address`, or says who may have it.
pub fn listen(address: SocketAddr, setting: &str) -> Outcome<TcpListener> {
    listening::take(address).map_err(|error| {
        Refusal::failed(
            format!("{address} cannot be listened on: {error}"),
            format!("stop what uses it, or set another {setting}"),
        )
    })
}

/// Where `listener` listens: with port 0 asked for, the system chose one.
pub fn bound(listener: &TcpListener, asked: SocketAddr) -> SocketAddr {
    listener.local_addr().unwrap_or(asked)
}

/// Where an instance listens.
pub struct Listeners {
    /// For everybody.
    pub first: TcpListener,
    /// For clients with certificates alone.
    pub for_certificates: Option<TcpListener>,
}

/// Serves `instance` on `listeners` until it is to stop, and lets what is under way finish.
pub async fn run(
    instance: &Instance,
    surroundings: &Surroundings,
    listeners: Listeners,
    stop: Stop,
) -> Outcome {
    let [first, for_certificates] = instance.listening().map_err(|error| {
        Refusal::failed(
            format!("TLS cannot be spoken: {error}"),
            "check tls.certificate_file and tls.key_file",
        )
    })?;
    let mut jobs = jobs::start(instance);
    let health = instance.health().clone();
    let also_stopped = stop.clone();
    let stopped = async move {
        stop.asked().await;
        tracing::info!("stopping: requests under way are finished");
        health.stop();
    };
    let grace = instance.config().server.shutdown_grace;
    let router = instance.router(surroundings);
    let second = async {
        if let Some(listener) = listeners.for_certificates {
            http::serve(listener, for_certificates, router.clone(), also_stopped.asked(), grace).await;
        }
    };
    tokio::join!(http::serve(listeners.first, first, router.clone(), stopped, grace), second);
    jobs.shutdown().await;
    // What was answered last is provable before the lights go out; if it is not, the next start sees to it.
    match tokio::time::timeout(LAST_INTEGRATION, instance.audit.integrate()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::error!(%error, "the last entries of the audit log wait for the next start")
        }
        Err(_) => tracing::warn!("the last entries of the audit log wait for the next start"),
    }
    Ok(())
}

/// Serves metrics on a listener of their own, for as long as the process lives.
pub async fn serve_metrics(address: SocketAddr, stop: Stop) -> Outcome {
    let listener = listen(address, "telemetry.metrics_listen")?;
    let metrics = Metrics::install().map_err(|error| {
        Refusal::failed(format!("metrics cannot be counted: {error}"), "leave telemetry.metrics_listen out")
    })?;
    tracing::info!(listen = %bound(&listener, address), "serving metrics");
    let router = metrics.routes();
    tokio::spawn(http::serve(listener, http::Listening::Plain, router, stop.asked(), Duration::ZERO));
    tokio::spawn(metrics.keep_up());
    Ok(())
}
