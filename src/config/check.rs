//! `khue config check`.

use super::load::Config;
use super::problem::ConfigErrors;
use super::sources::{Purpose, Sources};

/// Checks `sources` as a start of the server would, and says in one paragraph what it found.
pub fn check(sources: &Sources) -> Result<String, ConfigErrors> {
    let sources = Sources { purpose: Purpose::Serve, ..sources.clone() };
    let config = Config::load(&sources)?;
    let read_from = match sources.file() {
        Some(file) => file.display().to_string(),
        None => "defaults and environment".into(),
    };
    Ok(format!("The configuration is fit to serve {} ({read_from}).", config.server.issuer))
}
