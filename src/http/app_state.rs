//! What every handler can reach.

use std::sync::Arc;

use bytes::Bytes;
use ipnet::IpNet;

use super::CertificateSource;
use crate::protocol::ProviderMetadata;
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
    pub metadata: Bytes,
    /// The same before it is written, for what the register adds to it.
    pub described: ProviderMetadata,
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
