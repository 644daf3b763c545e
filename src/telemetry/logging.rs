//! Log lines: JSON for collectors, plain for people.

use std::panic::{self, PanicHookInfo};

use tracing::level_filters::LevelFilter;
use tracing::subscriber::SetGlobalDefaultError;
use tracing::{Subscriber, error};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::{LogFormat, LogLevel};

/// Logs to standard error from here on, panics included. Once per process.
pub fn start_logging(format: LogFormat, level: LogLevel) -> Result<(), SetGlobalDefaultError> {
    tracing::subscriber::set_global_default(subscriber(format, level, std::io::stderr))?;
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// What [`start_logging`] installs, writing to `writer`.
pub fn subscriber<W>(format: LogFormat, level: LogLevel, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    Registry::default().with(lines(format, writer).with_filter(targets(level)))
}

fn lines<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = fmt::layer().with_writer(writer);
    match format {
        LogFormat::Json => {
            layer.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
        }
        LogFormat::Human => layer.with_target(false).with_ansi(false).boxed(),
    }
}

/// Ours at the level asked for; libraries only when something is wrong, and never those that would tell what a person
/// sent: an authenticator's answers, an SQL statement's arguments.
fn targets(level: LogLevel) -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("khue", filter(level))
        .with_target("webauthn_rs", LevelFilter::OFF)
        .with_target("webauthn_rs_core", LevelFilter::OFF)
        .with_target("sqlx::query", LevelFilter::OFF)
        .with_target("sqlx::postgres::notice", LevelFilter::OFF)
}

const fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    }
}

/// Where it happened, and nothing of the message: that may quote what it stumbled over.
fn log_panic(info: &PanicHookInfo<'_>) {
    match info.location() {
        Some(place) => error!(file = place.file(), line = place.line(), "panic"),
        None => error!("panic"),
    }
}
