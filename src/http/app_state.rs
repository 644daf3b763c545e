//! What every handler can reach.

use std::sync::Arc;

use ipnet::IpNet;

use super::CertificateSource;
use super::oauth::DiscoveryDocument;
use crate::services::Provider;
use crate::services::audit::AuditLog;
use crate::view::{Stage, Support};

/// The state of the router.
pub struct App {
    /// The use cases.
    pub provider: Arc<Provider>,
    /// The keeper of the audit log.
    pub audit: Arc<AuditLog>,
    /// The discovery document.
    pub discovery: DiscoveryDocument,
    /// The path of the issuer, `""` or `"/khue"`.
    pub base_path: String,
    /// Whether cookies are `Secure` and carry the `__Host-` prefix: always, but on a plain-HTTP loopback issuer.
    pub secure_cookies: bool,
    /// From whom forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// From where the certificates of clients are taken.
    pub certificates: CertificateSource,
    /// Whether this instance is for real.
    pub stage: Stage,
    /// Where people find help by voice or letter.
    pub support: Support,
}
