//! `[mutual_tls]`: certificates of clients (RFC 8705), and how they get here.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::RootCertStore;

use super::form::{Form, Wrong, words};
use super::reader::Reader;
use super::server::{Server, TRUSTED_PROXIES};
use super::setting::{Section, Setting};
use super::tls::{Tls, certificates};
use crate::protocol::Issuer;

/// `[mutual_tls]`, read.
#[derive(Clone, Debug)]
pub struct MutualTls {
    /// How they get here.
    pub source: ClientCertificateSource,
    /// The authorities of `tls_client_auth`.
    pub authorities: Option<Arc<RootCertStore>>,
    /// Where clients with certificates reach us, where that is another name.
    pub alias: Option<Issuer>,
    /// A listener for them alone.
    pub listen: Option<SocketAddr>,
}

/// How a client's certificate gets here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientCertificateSource {
    /// It does not.
    Nowhere,
    /// On its own connection.
    Connection,
    /// In a header that a trusted proxy sets.
    Header {
        /// Its name.
        name: HeaderText,
        /// How it is written.
        form: HeaderForm,
    },
}

words! {
    /// From where certificates are taken.
    From {
        /// From nowhere.
        Off = "off",
        /// From connections to this server.
        Connection = "connection",
        /// From a header.
        Header = "header",
    }
}

words! {
    /// How a proxy writes a certificate into a header.
    HeaderForm {
        /// As RFC 9440 has it.
        Rfc9440 = "rfc9440",
        /// PEM, percent-encoded.
        Pem = "pem",
    }
}

/// The name of a header, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderText(String);

impl HeaderText {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Form for HeaderText {
    fn read(text: &str) -> Result<Self, Wrong> {
        let name = text.trim().to_ascii_lowercase();
        let fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        match fits {
            true => Ok(Self(name)),
            false => Err(Wrong::new("is not the name of a header", "write for example \"client-cert\"")),
        }
    }
}

const CERTIFICATES: Setting = Setting::new(
    "mutual_tls",
    "certificates",
    "`off`, `connection` or `header`",
    "How the certificates of clients get here. `connection`: this server asks for them itself, and needs `[tls]`. `header`: a \
     proxy asks for them and tells of them in a header, which is believed from `server.trusted_proxies` alone; it must take \
     that header away from whatever clients send.",
)
.or("off");
const AUTHORITIES_FILE: Setting = Setting::new(
    "mutual_tls",
    "authorities_file",
    "a PEM file",
    "The authorities that certify clients for `tls_client_auth`; those that browsers trust are not meant. Left out, only \
     certificates that are registered themselves count (`self_signed_tls_client_auth`).",
);
const HEADER: Setting = Setting::new(
    "mutual_tls",
    "header",
    "the name of a header",
    "The header that the proxy sets. Of the form `rfc9440`, those above the client's own are read from `client-cert-chain`.",
)
.or("client-cert");
const HEADER_FORM: Setting = Setting::new(
    "mutual_tls",
    "header_form",
    "`rfc9440` or `pem`",
    "How it is written there: as RFC 9440 has it, or as percent-encoded PEM (nginx: `$ssl_client_escaped_cert`).",
)
.or("rfc9440");
const LISTEN: Setting = Setting::new(
    "mutual_tls",
    "listen",
    "an IP address and port",
    "With `connection`: a listener for clients with certificates alone. Left out, `server.listen` asks for them, and browsers \
     may bother people about a certificate.",
);
const ALIAS: Setting = Setting::new(
    "mutual_tls",
    "alias",
    "an https URL without trailing slash, with the path of the issuer",
    "The address under which clients with certificates reach this server, where it is not the issuer's: discovery tells it in \
     `mtls_endpoint_aliases`.",
);

pub(super) const SECTION: Section = Section {
    name: "mutual_tls",
    about: "Clients that prove themselves by certificates, and tokens that are bound to these (RFC 8705).",
    settings: &[&CERTIFICATES, &AUTHORITIES_FILE, &HEADER, &HEADER_FORM, &LISTEN, &ALIAS],
};

pub(super) fn read(
    reader: &mut Reader<'_>,
    server: Option<&Server>,
    tls: Option<&Option<Tls>>,
) -> Option<MutualTls> {
    let from = reader.value(&CERTIFICATES);
    let name = reader.value(&HEADER);
    let form = reader.value(&HEADER_FORM);
    let listen = reader.optional(&LISTEN);
    let alias = alias(reader, server);
    let authorities = authorities(reader);
    let source = match from? {
        From::Off => ClientCertificateSource::Nowhere,
        From::Connection if matches!(tls, Some(None)) => {
            let what = "is \"connection\", and without [tls] connections carry no certificates";
            reader.report(&CERTIFICATES, Wrong::new(what, "set tls.certificate_file and tls.key_file"));
            return None;
        }
        From::Connection => ClientCertificateSource::Connection,
        From::Header if server.is_some_and(|server| server.trusted_proxies.is_empty()) => {
            let what = "is empty, so that nobody is believed about the certificates of clients";
            reader.report(
                &TRUSTED_PROXIES,
                Wrong::new(what, "name the proxy's network, or set mutual_tls.certificates"),
            );
            return None;
        }
        From::Header => ClientCertificateSource::Header { name: name?, form: form? },
    };
    let listen = listen?;
    if listen.is_some() && source != ClientCertificateSource::Connection {
        let what = "is a listener for certificates that come on connections, which mutual_tls.certificates does not say";
        reader.report(
            &LISTEN,
            Wrong::new(what, "set mutual_tls.certificates = \"connection\", or leave it out"),
        );
        return None;
    }
    Some(MutualTls { source, authorities: authorities?, alias: alias?, listen })
}

/// RFC 8705 §5: the same endpoints under another name, so the path is the issuer's.
fn alias(reader: &mut Reader<'_>, server: Option<&Server>) -> Option<Option<Issuer>> {
    let Some(alias) = reader.optional::<Issuer>(&ALIAS)? else { return Some(None) };
    let path = server.map(|server| server.issuer.path().to_owned());
    if !alias.is_https() || path.is_some_and(|path| path != alias.path()) {
        let what = "is not https, or has another path than server.issuer";
        reader
            .report(&ALIAS, Wrong::new(what, "write another host or port, and the rest as in server.issuer"));
        return None;
    }
    Some(Some(alias))
}

fn authorities(reader: &mut Reader<'_>) -> Option<Option<Arc<RootCertStore>>> {
    let Some(file) = reader.optional::<String>(&AUTHORITIES_FILE)? else { return Some(None) };
    let mut roots = RootCertStore::empty();
    let added = certificates(&reader.base.join(&file)).and_then(|found| {
        for (place, certificate) in found.into_iter().enumerate() {
            roots.add(certificate).map_err(|_| {
                let what = format!("certificate {} of {file} is not one of an authority", place + 1);
                Wrong::new(what, "take it out, or name the file that holds the authorities")
            })?;
        }
        Ok(())
    });
    match added {
        Ok(()) => Some(Some(Arc::new(roots))),
        Err(wrong) => {
            reader.report(&AUTHORITIES_FILE, wrong);
            None
        }
    }
}
