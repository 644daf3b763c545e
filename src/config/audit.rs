//! `[audit]`: the log that proves what happened.

use std::time::Duration;

use super::form::{Form, Wrong};
use super::reader::Reader;
use super::setting::{Section, Setting};
use crate::protocol::Issuer;

/// `[audit]`, read.
#[derive(Clone, Debug)]
pub struct Audit {
    /// The name of the log in its checkpoints.
    pub origin: LogOrigin,
    /// How often new entries are integrated and a checkpoint is signed.
    pub checkpoint_every: Duration,
}

/// The origin line of a checkpoint: a name for this log that no other log has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogOrigin(String);

impl LogOrigin {
    /// As it stands in the first line of a checkpoint.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(issuer: &Issuer) -> Self {
        let text = issuer.as_str();
        let name = text.split_once("://").map_or(text, |(_, rest)| rest);
        Self(format!("{name}/audit"))
    }
}

impl Form for LogOrigin {
    fn read(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let remedy = "write a name such as \"id.example.vn/audit\"";
        // C2SP tlog-checkpoint: a schema-less URL; signed notes take neither spaces nor plus signs in a name.
        match text {
            "" => Err(Wrong::new("is empty", remedy)),
            _ if text.contains("://") => Err(Wrong::new("has a scheme", remedy)),
            _ if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') => {
                Err(Wrong::new("holds a space or a plus sign", remedy))
            }
            _ => Ok(Self(text.to_owned())),
        }
    }
}

const ORIGIN: Setting = Setting::new(
    "audit",
    "origin",
    "a name such as `id.example.vn/audit`",
    "The name of this log in its signed checkpoints. Left out, it is the issuer without its scheme, and `/audit`. \
     Auditors know the log by it: never change it.",
);
const CHECKPOINT_EVERY: Setting = Setting::new(
    "audit",
    "checkpoint_every",
    "a span of time, at most 1 s",
    "How often new entries are integrated into the tree and a checkpoint is signed.",
)
.or("1 s");

pub(super) const SECTION: Section = Section {
    name: "audit",
    about: "The log that proves what happened.",
    settings: &[&ORIGIN, &CHECKPOINT_EVERY],
};

pub(super) fn read(reader: &mut Reader<'_>, issuer: Option<&Issuer>) -> Option<Audit> {
    let origin = reader.optional(&ORIGIN);
    let checkpoint_every: Option<Duration> = reader.value(&CHECKPOINT_EVERY);
    if checkpoint_every.is_some_and(|every| every > Duration::from_secs(1)) {
        let what = "is longer than a second: what happened must be provable by then";
        reader.report(&CHECKPOINT_EVERY, Wrong::new(what, "write \"1 s\" or less"));
        return None;
    }
    Some(Audit {
        origin: origin?.or_else(|| issuer.map(LogOrigin::of))?,
        checkpoint_every: checkpoint_every?,
    })
}
