//! The certificate that a client shows: on its own connection, or to a proxy of ours.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderName};
use axum::http::request::Parts;

use super::App;
use super::origin::is_proxy;
use crate::protocol::{CertificateHeaderForm, NoCertificate, ShownCertificate};

/// RFC 9440 §2.3: those above the client's own.
const CLIENT_CERT_CHAIN: HeaderName = HeaderName::from_static("client-cert-chain");

/// From where the certificates of clients are taken.
#[derive(Clone, Debug)]
pub enum CertificateSource {
    /// From nowhere.
    Nowhere,
    /// From the connection.
    Connection,
    /// From a header that a trusted proxy sets.
    Header {
        /// Its name.
        name: HeaderName,
        /// How it is written.
        form: CertificateHeaderForm,
    },
}

/// What was shown on the connection of a request.
#[derive(Clone, Debug)]
pub struct ConnectionCertificate(pub Arc<ShownCertificate>);

/// The certificate of a request, where there is one.
pub struct ClientCertificate(pub Option<Arc<ShownCertificate>>);

impl FromRequestParts<Arc<App>> for ClientCertificate {
    type Rejection = StatusCode;

    /// What a proxy of ours tells and does not parse is an attack, and refused. What anybody else tells is not looked at.
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, StatusCode> {
        let shown = match &app.certificates {
            CertificateSource::Nowhere => None,
            CertificateSource::Connection => {
                parts.extensions.get::<ConnectionCertificate>().map(|shown| Arc::clone(&shown.0))
            }
            CertificateSource::Header { name, form } => {
                let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
                let peer = peer.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
                match is_proxy(&app.trusted_proxies, peer.ip()) {
                    true => told(&parts.headers, name, *form).map_err(|_| StatusCode::BAD_REQUEST)?,
                    false => None,
                }
            }
        };
        Ok(Self(shown))
    }
}

fn told(
    headers: &HeaderMap,
    name: &HeaderName,
    form: CertificateHeaderForm,
) -> Result<Option<Arc<ShownCertificate>>, NoCertificate> {
    let texts = |name: &HeaderName| {
        let values = headers.get_all(name).iter().map(|value| value.to_str().map_err(|_| NoCertificate));
        values.collect::<Result<Vec<&str>, _>>()
    };
    let chain = match form {
        CertificateHeaderForm::Rfc9440 => texts(&CLIENT_CERT_CHAIN)?,
        CertificateHeaderForm::EscapedPem => Vec::new(),
    };
    Ok(form.read(&texts(name)?, &chain)?.map(Arc::new))
}
