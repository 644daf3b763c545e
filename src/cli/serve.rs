//! `khue serve`.

use clap::Args;

use super::instance::{Here, surroundings};
use super::refusal::{Outcome, Refusal};
use super::running::{Listeners, bound, listen, run, serve_metrics};
use super::stop::Stop;
use crate::app::Instance;
use crate::config::{Config, Purpose};
use crate::telemetry::start_logging;

/// Serve people and systems until SIGTERM or Ctrl-C
///
/// Refuses to start on what is not fit for production; `khue config check` says what that is.
#[derive(Debug, Args)]
pub struct Serve {}

impl Serve {
    pub async fn run(&self, here: &Here) -> Outcome {
        let config = Config::load(&here.sources(Purpose::Serve))?;
        start_log(&config)?;
        let stop = Stop::listen();
        if let Some(address) = config.telemetry.metrics_listen {
            serve_metrics(address, stop.clone()).await?;
        }
        let surroundings = surroundings();
        let listener = listen(config.server.listen, "server.listen")?;
        let for_certificates = match config.mutual_tls.listen {
            Some(address) => Some(listen(address, "mutual_tls.listen")?),
            None => None,
        };
        if let (Some(listener), Some(asked)) = (&for_certificates, config.mutual_tls.listen) {
            tracing::info!(listen = %bound(listener, asked), "listening for clients with certificates");
        }
        let (issuer, address) = (config.server.issuer.to_string(), bound(&listener, config.server.listen));
        let instance = Instance::open(config, &surroundings).await?;
        tracing::info!(issuer, listen = %address, version = env!("CARGO_PKG_VERSION"), "serving");
        run(&instance, &surroundings, Listeners { first: listener, for_certificates }, stop).await?;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Logs as `config` says from here on.
pub fn start_log(config: &Config) -> Outcome {
    start_logging(config.telemetry.log_format, config.telemetry.log_level).map_err(|error| {
        Refusal::failed(format!("logging cannot be started: {error}"), "report this: it should not happen")
    })
}
