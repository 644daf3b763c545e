//! The life of a signing key: `next -> active -> retiring -> retired`. Keys that read what others encrypted have the same one.

use std::time::Duration;

use crate::base::Timestamp;
use crate::base::ids::SigningKeyId;

/// A signing key as stored, the private part wrapped by the master key.
#[derive(Clone, Debug)]
pub struct StoredSigningKey {
    /// The row.
    pub id: SigningKeyId,
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// JWA name (RFC 7518 §3.1).
    pub algorithm: String,
    /// Where in its life it stands.
    pub state: SigningKeyState,
    /// The private key, wrapped.
    pub wrapped: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it began to sign.
    pub activated_at: Option<Timestamp>,
    /// When it stopped signing.
    pub retiring_at: Option<Timestamp>,
}

/// Where in its life a signing key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SigningKeyState {
    /// Published, not signing: relying parties fetch it before they need it.
    Next,
    /// Published and signing; one per algorithm.
    Active,
    /// Published, signing no more: what it signed may still be alive.
    Retiring,
    /// Withdrawn.
    Retired,
}

impl SigningKeyState {
    /// As stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Retired => "retired",
        }
    }

    /// From storage.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Next, Self::Active, Self::Retiring, Self::Retired]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// When keys move on by themselves.
#[derive(Clone, Copy, Debug)]
pub struct RotationPolicy {
    /// How long a key signs.
    pub active_for: Duration,
    /// How long a key is published before it signs: longer than anybody caches the key set.
    pub announced_for: Duration,
    /// How long a key is published after it signed: longer than anything it signed lives.
    pub retiring_for: Duration,
}
