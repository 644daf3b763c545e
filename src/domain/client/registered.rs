//! A registered system as it stands: its registration, its secrets, whether it may be used.

use super::Registration;
use crate::base::Timestamp;

/// A relying system as stored.
#[derive(Clone, Debug)]
pub struct Client {
    /// What was registered.
    pub registration: Registration,
    /// Whether it may be used.
    pub status: ClientStatus,
    /// Keyed digests of its live secrets; two may be valid during a change.
    pub secrets: Vec<ClientSecret>,
    /// When the registration last changed.
    pub updated_at: Timestamp,
}

/// A secret of which only the keyed digest is kept, and itself, sealed, where assertions are signed with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    /// The keyed digest.
    pub digest: Vec<u8>,
    /// The secret itself, sealed: for `client_secret_jwt` alone.
    pub sealed: Option<Vec<u8>>,
    /// When it was set.
    pub created_at: Timestamp,
    /// Set once a newer secret took its place: valid until then.
    pub expires_at: Option<Timestamp>,
}

impl ClientSecret {
    /// Whether it still counts.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// Whether a system may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientStatus {
    /// In use.
    Active,
    /// Every request of it is refused.
    Disabled,
}

impl ClientStatus {
    /// As stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// From storage.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            "disabled" => Some(Self::Disabled),
            _ => None,
        }
    }
}
