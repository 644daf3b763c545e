//! `[keys]`: the master key, and how signing keys take turns.

use std::path::PathBuf;
use std::time::Duration;

use super::form::Wrong;
use super::reader::Reader;
use super::setting::{Section, Setting};

/// `[keys]`, read.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The file with the master key.
    pub master_key_file: PathBuf,
    /// How long a signing key signs.
    pub rotate_after: Duration,
    /// How long the next key stands in the JWKS before it signs.
    pub announce: Duration,
    /// How long a key that no longer signs stays in the JWKS.
    pub retain: Duration,
}

pub(super) const MASTER_KEY_FILE: Setting = Setting::new(
    "keys",
    "master_key_file",
    "a file",
    "The key that wraps all others. Keep it apart from database and backups: without it nothing opens. `khue demo` \
     makes a development one, which production refuses.",
)
.or("khue-data/master.key");
const ROTATE_AFTER: Setting = Setting::new(
    "keys",
    "rotate_after",
    "a span of time",
    "How long a signing key signs before the next one takes over.",
)
.or("90 d");
const ANNOUNCE: Setting = Setting::new(
    "keys",
    "announce",
    "a span of time",
    "How long the next signing key stands in the JWKS before it signs. Keep it above the hour for which clients may \
     cache the JWKS.",
)
.or("1 d");
const RETAIN: Setting = Setting::new(
    "keys",
    "retain",
    "a span of time",
    "How long a key that no longer signs stays in the JWKS, so that what it signed can still be verified.",
)
.or("7 d");

pub(super) const SECTION: Section = Section {
    name: "keys",
    about: "The master key, and how signing keys take turns.",
    settings: &[&MASTER_KEY_FILE, &ROTATE_AFTER, &ANNOUNCE, &RETAIN],
};

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Keys> {
    let master_key_file = reader.path(&MASTER_KEY_FILE);
    let rotate_after = reader.value(&ROTATE_AFTER);
    let announce: Option<Duration> = reader.value(&ANNOUNCE);
    let retain = reader.value(&RETAIN);
    if let (Some(rotate), Some(announce)) = (rotate_after, announce)
        && announce >= rotate
    {
        let what = "is not shorter than the time for which a key signs (keys.rotate_after)";
        reader.report(&ANNOUNCE, Wrong::new(what, "announce the next key while the present one still signs"));
        return None;
    }
    Some(Keys {
        master_key_file: master_key_file?,
        rotate_after: rotate_after?,
        announce: announce?,
        retain: retain?,
    })
}
