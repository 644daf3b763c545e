//! The key that the sender of a call has shown, to which what it is given may be bound.

use crate::crypto::sha256;
use crate::protocol::{CertificateThumbprint, Confirmation, JwkThumbprint, ShownCertificate};

/// A key that the caller of this very request has shown to hold: by a proof, or by its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvenKey {
    confirmation: Confirmation,
    by_nonce: bool,
}

impl ProvenKey {
    /// The key of a proof. Nothing but the check of proofs calls this.
    pub(super) const fn of_proof(thumbprint: JwkThumbprint, by_nonce: bool) -> Self {
        Self { confirmation: Confirmation::Jkt(thumbprint), by_nonce }
    }

    /// The key of a connection: its handshake was signed with it.
    pub fn of_connection(certificate: &ShownCertificate) -> Self {
        Self { confirmation: Confirmation::X5tS256(thumbprint(certificate)), by_nonce: false }
    }

    /// Which key, where a proof showed it.
    pub const fn thumbprint(&self) -> Option<JwkThumbprint> {
        match self.confirmation {
            Confirmation::Jkt(thumbprint) => Some(thumbprint),
            Confirmation::X5tS256(_) => None,
        }
    }

    /// What a token says that is bound to it.
    pub const fn confirmation(&self) -> Confirmation {
        self.confirmation
    }

    /// Whether its holder works with our nonces, and so should be told the present one.
    pub const fn by_nonce(&self) -> bool {
        self.by_nonce
    }
}

/// RFC 8705 §3.1.
pub(super) fn thumbprint(certificate: &ShownCertificate) -> CertificateThumbprint {
    CertificateThumbprint::of(*sha256(certificate.leaf.der()).as_bytes())
}
