//! What a sandbox refuses, whatever the file says.

use std::fs;

use super::form::Wrong;
use super::keys::{Keys, MASTER_KEY_FILE};
use super::production::DEVELOPMENT_MARK;
use super::reader::Reader;
use super::server::SANDBOX;

/// Reports a master key that real data may be sealed with: whoever comes to a sandbox signs in as somebody.
pub(super) fn refuse(reader: &mut Reader<'_>, keys: Option<&Keys>) {
    let Some(file) = keys.map(|keys| &keys.master_key_file) else { return };
    // Every line that holds a key names its kind: one of another kind is enough.
    match fs::read_to_string(file) {
        Ok(text) if text.lines().any(is_of_production) => reader.report(
            &SANDBOX,
            Wrong::new(
                format!("is true, and {} is a production key, which a sandbox refuses", file.display()),
                "set server.sandbox = false, or make a key for trying out: khue keys create-master --development",
            ),
        ),
        Ok(_) => {}
        Err(error) => reader.report(
            &MASTER_KEY_FILE,
            Wrong::new(
                format!("{} cannot be read: {error}", file.display()),
                "make one with `khue keys create-master --development`",
            ),
        ),
    }
}

fn is_of_production(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && !line.contains(DEVELOPMENT_MARK)
}
