//! `[tls]`: who we are on a connection, where no proxy says it for us.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::form::Wrong;
use super::reader::Reader;
use super::setting::{Section, Setting};

/// `[tls]`, read.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Certificate and key, that belong together.
    pub identity: Arc<CertifiedKey>,
    /// Where the key lies.
    pub key_file: PathBuf,
}

const CERTIFICATE_FILE: Setting = Setting::new(
    "tls",
    "certificate_file",
    "a PEM file",
    "The certificate of this server, and behind it those that lead to the root. Where it is given, TLS is spoken on every \
     listener, and no proxy is needed. Read at the start: restart to take a new one.",
);
pub(super) const KEY_FILE: Setting = Setting::new(
    "tls",
    "key_file",
    "a PEM file",
    "The private key of that certificate (PKCS #8, or as OpenSSL writes RSA and EC keys). In production nobody but its owner \
     may read it.",
);

pub(super) const SECTION: Section = Section {
    name: "tls",
    about: "TLS without a proxy. Left out, connections are plain, and a proxy in front ends TLS.",
    settings: &[&CERTIFICATE_FILE, &KEY_FILE],
};

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Option<Tls>> {
    let certificate_file = reader.optional::<String>(&CERTIFICATE_FILE)?;
    let key_file = reader.optional::<String>(&KEY_FILE)?;
    let (certificate_file, key_file) = match (certificate_file, key_file) {
        (None, None) => return Some(None),
        (Some(certificate_file), Some(key_file)) => {
            (reader.base.join(certificate_file), reader.base.join(key_file))
        }
        (Some(_), None) => {
            reader.report(
                &KEY_FILE,
                Wrong::new("is missing beside tls.certificate_file", "name the key's file"),
            );
            return None;
        }
        (None, Some(_)) => {
            let remedy = "name the certificate's file";
            reader.report(&CERTIFICATE_FILE, Wrong::new("is missing beside tls.key_file", remedy));
            return None;
        }
    };
    let chain = certificates(&certificate_file).map_err(|wrong| reader.report(&CERTIFICATE_FILE, wrong)).ok();
    let key = private_key(&key_file).map_err(|wrong| reader.report(&KEY_FILE, wrong)).ok();
    match CertifiedKey::from_der(chain?, key?, &default_provider()) {
        Ok(identity) => Some(Some(Tls { identity: Arc::new(identity), key_file })),
        Err(_) => {
            let what = format!("{} does not hold the key of the certificate", key_file.display());
            reader
                .report(&KEY_FILE, Wrong::new(what, "name the key with which the certificate was asked for"));
            None
        }
    }
}

/// The certificates of a PEM file: at least one.
pub(super) fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Wrong> {
    let remedy = "name a readable file with -----BEGIN CERTIFICATE----- in it";
    let held = std::fs::read(file)
        .map_err(|error| Wrong::new(format!("{} cannot be read: {error}", file.display()), remedy))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&held).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(Wrong::new(format!("{} holds no certificate in PEM", file.display()), remedy)),
    }
}

fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, Wrong> {
    PrivateKeyDer::from_pem_file(file).map_err(|_| {
        Wrong::new(
            format!("{} cannot be read, or holds no private key in PEM", file.display()),
            "name a file with -----BEGIN PRIVATE KEY----- in it that the user who runs khue may read",
        )
    })
}
