//! A person's account.

use crate::base::Timestamp;
use crate::base::ids::AccountId;
use crate::protocol::Locale;

/// An account as stored. What is personal stays sealed until somebody who may read it opens it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Never leaves the house: systems see pairwise subjects.
    pub id: AccountId,
    /// Whether it may be used.
    pub status: AccountStatus,
    /// The sealed [`Profile`](super::profile::Profile).
    pub profile: Vec<u8>,
    /// The language the person reads.
    pub locale: Locale,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the profile last changed.
    pub updated_at: Timestamp,
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountStatus {
    /// In use.
    Active,
    /// Closed by the operator; everything it authorized has ended.
    Disabled,
}

impl AccountStatus {
    /// As stored.
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
