//! A passkey: what a person signs in with.

use crate::base::Timestamp;
use crate::base::ids::{AccountId, CredentialId};

/// A passkey as stored. The key itself and the label are sealed with the person's data key.
#[derive(Clone, Debug)]
pub struct Passkey {
    /// The row.
    pub id: CredentialId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The sealed credential: public key, counter, credential id.
    pub sealed: Vec<u8>,
    /// The sealed name the person gave it.
    pub label: Vec<u8>,
    /// Whether it lives in a synced store (WebAuthn L3 §6.1.3, backup eligible).
    pub synced: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last signed its owner in.
    pub last_used_at: Option<Timestamp>,
}
