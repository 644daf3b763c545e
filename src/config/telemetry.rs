//! `[telemetry]`: logs and metrics.

use std::net::SocketAddr;

use super::form::words;
use super::reader::Reader;
use super::setting::{Section, Setting};

/// `[telemetry]`, read.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// How log lines look.
    pub log_format: LogFormat,
    /// How much is logged.
    pub log_level: LogLevel,
    /// Where metrics are served, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
}

words! {
    /// How log lines look.
    LogFormat {
        /// One JSON object a line, for collectors.
        Json = "json",
        /// For people at a terminal.
        Human = "human",
    }
}

words! {
    /// How much is logged.
    LogLevel {
        /// What must be looked at.
        Error = "error",
        /// And what may become a problem.
        Warn = "warn",
        /// And what happens: one line a request.
        Info = "info",
        /// And how it happens.
        Debug = "debug",
    }
}

const LOG_FORMAT: Setting = Setting::new(
    "telemetry",
    "log_format",
    "`human` or `json`",
    "How log lines look: for a terminal or for a collector.",
)
.or("human");
const LOG_LEVEL: Setting = Setting::new(
    "telemetry",
    "log_level",
    "`error`, `warn`, `info` or `debug`",
    "How much is logged. No level ever logs personal data or secrets (docs/logging.md).",
)
.or("info");
const METRICS_LISTEN: Setting = Setting::new(
    "telemetry",
    "metrics_listen",
    "an IP address and port",
    "Where `GET /metrics` is served for Prometheus, apart from the public listener. Left out, metrics are not served.",
);

pub(super) const SECTION: Section = Section {
    name: "telemetry",
    about: "Logs and metrics.",
    settings: &[&LOG_FORMAT, &LOG_LEVEL, &METRICS_LISTEN],
};

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Telemetry> {
    let log_format = reader.value(&LOG_FORMAT);
    let log_level = reader.value(&LOG_LEVEL);
    let metrics_listen = reader.optional(&METRICS_LISTEN);
    Some(Telemetry { log_format: log_format?, log_level: log_level?, metrics_listen: metrics_listen? })
}
