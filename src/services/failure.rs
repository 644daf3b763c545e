//! What no caller can mend: something of the house itself did not work. Nothing was half-done.

use crate::crypto::jwe::EncryptionFailed;
use crate::crypto::jwt::MintingFailed;
use crate::crypto::master_key::UnwrapError;
use crate::crypto::passkey::PasskeyError;
use crate::crypto::sealing::DoesNotOpen;
use crate::protocol::{ClientId, KeyManagementAlgorithm};
use crate::shortlived::Unavailable;
use crate::storage::StorageError;

/// Facts for the operator; none of them personal.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The short-lived store.
    #[error(transparent)]
    ShortLived(#[from] Unavailable),
    /// A store, most likely, took longer than a request may.
    #[error("the request was given up: it took longer than server.request_timeout")]
    TooLate,
    /// A token could not be signed.
    #[error(transparent)]
    Minting(#[from] MintingFailed),
    /// An answer could not be encrypted.
    #[error(transparent)]
    Encryption(#[from] EncryptionFailed),
    /// An answer is to be encrypted, and the client shows no key for it, or not at present.
    #[error("{client} is registered for encrypted answers, and no key of it for {algorithm} can be had")]
    NoClientKey {
        /// Whose key is missing.
        client: ClientId,
        /// What it would be for.
        algorithm: KeyManagementAlgorithm,
    },
    /// A wrapped key did not open: another master key, or a changed row.
    #[error("a wrapped key did not open: {0}")]
    Wrapping(#[from] UnwrapError),
    /// A sealed field did not open: it was moved or changed.
    #[error("a sealed field of {table} did not open")]
    Sealed {
        /// Its table.
        table: &'static str,
    },
    /// What was stored has another form than any code of ours writes.
    #[error("what {table} holds cannot be read")]
    Unreadable {
        /// Its table.
        table: &'static str,
    },
    /// No signing key of this algorithm is active.
    #[error("no active signing key for {0}")]
    NoSigningKey(&'static str),
    /// The passkey library does not work as configured.
    #[error("passkeys: {0}")]
    Passkeys(PasskeyError),
}

impl Failure {
    /// Turns the refusal to open into a fact about the table.
    pub(super) const fn sealed(table: &'static str) -> impl Fn(DoesNotOpen) -> Self {
        move |_| Self::Sealed { table }
    }

    /// Whether the same request may succeed a little later: a store is down, not broken.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Storage(StorageError::Unavailable(_) | StorageError::NotCommitted)
                | Self::ShortLived(_)
                | Self::TooLate
                | Self::NoClientKey { .. }
        )
    }
}
