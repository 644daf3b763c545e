//! `[sessions]`: how long a sign-in lasts.

use std::time::Duration;

use super::form::Wrong;
use super::reader::Reader;
use super::setting::{Section, Setting};

/// `[sessions]`, read.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// How long a session lives without use.
    pub idle: Duration,
    /// How long it lives at most.
    pub max: Duration,
}

const IDLE: Setting = Setting::new(
    "sessions",
    "idle",
    "a span of time",
    "How long a session lives without being used. Classrooms and counters share devices: keep it short.",
)
.or("15 min");
const MAX: Setting =
    Setting::new("sessions", "max", "a span of time", "How long a session lives at most, however busy.")
        .or("12 h");

pub(super) const SECTION: Section =
    Section { name: "sessions", about: "How long a sign-in lasts.", settings: &[&IDLE, &MAX] };

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Sessions> {
    let idle: Option<Duration> = reader.value(&IDLE);
    let max: Option<Duration> = reader.value(&MAX);
    let (idle, max) = (idle?, max?);
    if idle > max {
        reader.report(&IDLE, Wrong::new("is longer than sessions.max", "shorten idle, or lengthen max"));
        return None;
    }
    Some(Sessions { idle, max })
}
