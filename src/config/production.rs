//! What production refuses, whatever the file says.

use std::fs::{self, Metadata};
use std::path::Path;

use super::form::Wrong;
use super::keys::{Keys, MASTER_KEY_FILE};
use super::reader::Reader;
use super::server::{ISSUER, Server};
use super::tls::{KEY_FILE, Tls};

/// The word in a master key file that says it was made for trying out.
pub const DEVELOPMENT_MARK: &str = "development";

/// Reports everything that makes this configuration unfit to serve people.
pub(super) fn refuse(reader: &mut Reader<'_>, server: Option<&Server>, keys: Option<&Keys>) {
    if server.is_some_and(|server| !server.issuer.is_https()) {
        reader.report(
            &ISSUER,
            Wrong::new(
                "is plain HTTP, which production refuses",
                "set the https address that people use, or server.mode = \"demo\" for trying out",
            ),
        );
    }
    if let Some(wrong) = keys.and_then(|keys| unfit_master_key(&keys.master_key_file)) {
        reader.report(&MASTER_KEY_FILE, wrong);
    }
}

/// The same of the key of our own certificate: whoever has it is this server.
pub(super) fn refuse_open_key(reader: &mut Reader<'_>, tls: Option<&Tls>) {
    let Some(file) = tls.map(|tls| &tls.key_file) else { return };
    if fs::metadata(file).is_ok_and(|metadata| readable_by_others(&metadata)) {
        let shown = file.display();
        let what = format!("{shown} can be read by others than its owner");
        reader.report(&KEY_FILE, Wrong::new(what, format!("chmod 600 {shown}")));
    }
}

fn unfit_master_key(file: &Path) -> Option<Wrong> {
    let shown = file.display();
    let text = match fs::read(file) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).to_lowercase(),
        Err(error) => {
            return Some(Wrong::new(
                format!("{shown} cannot be read: {error}"),
                "make one with `khue keys create-master`, or name the file that your secret store provides",
            ));
        }
    };
    if text.contains(DEVELOPMENT_MARK) {
        return Some(Wrong::new(
            format!("{shown} is a development key, which production refuses"),
            "make a fresh one with `khue keys create-master`; what the development key sealed stays behind",
        ));
    }
    let readable = fs::metadata(file).is_ok_and(|metadata| readable_by_others(&metadata));
    readable.then(|| {
        Wrong::new(format!("{shown} can be read by others than its owner"), format!("chmod 600 {shown}"))
    })
}

#[cfg(unix)]
fn readable_by_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn readable_by_others(_: &Metadata) -> bool {
    false
}
