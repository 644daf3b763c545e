//! The authorities whose word counts on whose certificate it is (RFC 8705 §2.1).

use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;

use crate::base::Timestamp;
use crate::protocol::ShownCertificate;

/// Authorities of clients: not those that browsers know, but those that the operator named for this.
#[derive(Clone, Debug)]
pub struct ClientAuthorities(Arc<dyn ClientCertVerifier>);

/// There is no authority, or none that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no certificate of an authority of clients can be used")]
pub struct NoAuthority;

impl ClientAuthorities {
    /// Those of `roots`.
    pub fn new(roots: Arc<RootCertStore>) -> Result<Self, NoAuthority> {
        let builder = WebPkiClientVerifier::builder_with_provider(roots, Arc::new(default_provider()));
        builder.build().map(Self).map_err(|_| NoAuthority)
    }

    /// Whether one of them certified `shown`, for a client, now (RFC 5280 §6.1).
    pub fn vouch_for(&self, shown: &ShownCertificate, now: Timestamp) -> bool {
        let leaf = CertificateDer::from(shown.leaf.der());
        let between: Vec<_> =
            shown.intermediates.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let Ok(seconds) = u64::try_from(now.seconds()) else { return false };
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        self.0.verify_client_cert(&leaf, &between, now).is_ok()
    }
}
