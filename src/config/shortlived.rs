//! `[shortlived]`: where things are kept that may die with a minute.

use std::time::Duration;

use super::form::{Bytes, Wrong};
use super::reader::Reader;
use super::setting::{Section, Setting};
use crate::base::Secret;

/// `[shortlived]`, read.
#[derive(Clone, Debug)]
pub struct ShortLived {
    /// Where it is kept.
    pub place: ShortLivedPlace,
    /// What stands before every key in Redis.
    pub key_prefix: String,
    /// How long one command may take before what needs it is refused.
    pub timeout: Duration,
    /// The most that is kept in process before more is refused.
    pub memory: Bytes,
}

/// Where short-lived things are kept.
#[derive(Clone, Debug)]
pub enum ShortLivedPlace {
    /// In this process: one node only.
    InProcess,
    /// In Redis, by URL.
    Redis(Secret<String>),
}

const URL: Setting = Setting::new(
    "shortlived",
    "url",
    "`redis://USER:PASSWORD@HOST:PORT/DATABASE`",
    "The Redis that all nodes share. Left out, short-lived things are kept in process, which is right for one node.",
)
.secret();
const KEY_PREFIX: Setting = Setting::new(
    "shortlived",
    "key_prefix",
    "a word",
    "What stands before every key in Redis, so that instances can share one.",
)
.or("khue:");
const TIMEOUT: Setting = Setting::new(
    "shortlived",
    "timeout",
    "a span of time",
    "How long one command may take. Past it, what needs the store is refused with 503.",
)
.or("500 ms");
const MEMORY: Setting = Setting::new(
    "shortlived",
    "memory",
    "a size in memory",
    "The most that is kept in process. When it is full, new entries are refused until old ones run out.",
)
.or("64 MiB");

pub(super) const SECTION: Section = Section {
    name: "shortlived",
    about: "Where things are kept that may die with a minute: ceremonies under way, replay marks.",
    settings: &[&URL, &KEY_PREFIX, &TIMEOUT, &MEMORY],
};

pub(super) fn read(reader: &mut Reader<'_>) -> Option<ShortLived> {
    let place = place(reader);
    let key_prefix = reader.value(&KEY_PREFIX);
    let timeout = reader.value(&TIMEOUT);
    let memory = reader.value(&MEMORY);
    Some(ShortLived { place: place?, key_prefix: key_prefix?, timeout: timeout?, memory: memory? })
}

fn place(reader: &mut Reader<'_>) -> Option<ShortLivedPlace> {
    match reader.secret(&URL)? {
        None => Some(ShortLivedPlace::InProcess),
        Some(url) if url.expose().starts_with("redis://") => Some(ShortLivedPlace::Redis(url)),
        Some(_) => {
            reader.report(&URL, Wrong::new("is not a Redis URL", format!("write {}", URL.form)));
            None
        }
    }
}
