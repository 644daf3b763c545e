//! Everything that a use case needs.

use std::sync::Arc;

use super::Policy;
use super::clients::ClientDirectory;
use super::instance::Loaded;
use super::signing_keys::KeySet;
use super::tokens::{FetchedKeys, IssuesRecorded, RecentTokens, Standings};
use crate::base::{Clock, Entropy, Timestamp};
use crate::crypto::keyring::Keyring;
use crate::crypto::master_key::MasterKeys;
use crate::crypto::passkey::Passkeys;
use crate::outbound::Outbound;
use crate::shortlived::ShortLived;
use crate::storage::Db;

/// The provider: one per process. Use cases are its methods, a file each.
pub struct Provider {
    pub(super) db: Arc<Db>,
    pub(super) shortlived: Arc<ShortLived>,
    pub(super) outbound: Arc<Outbound>,
    pub(super) master: Arc<MasterKeys>,
    pub(super) keyring: Arc<Keyring>,
    pub(super) passkeys: Passkeys,
    pub(super) clients: ClientDirectory,
    pub(super) keys: KeySet,
    pub(super) loaded: Loaded,
    pub(super) recent_tokens: RecentTokens,
    pub(super) issues_recorded: IssuesRecorded,
    pub(super) fetched_keys: FetchedKeys,
    pub(super) standings: Standings,
    pub(super) policy: Policy,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
}

/// What a provider is made of.
pub struct Parts {
    /// The database, its schema up to date.
    pub db: Arc<Db>,
    /// The short-lived store.
    pub shortlived: Arc<ShortLived>,
    /// The way to what clients registered.
    pub outbound: Arc<Outbound>,
    /// The master key.
    pub master: Arc<MasterKeys>,
    /// The instance's secrets, opened by [`super::instance::open`].
    pub keyring: Arc<Keyring>,
    /// Passkey ceremonies for the issuer's origin.
    pub passkeys: Passkeys,
    /// Spans and names.
    pub policy: Policy,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Provider {
    /// Puts the parts together. Registrations and keys are not loaded yet: see [`Provider::refresh_caches`].
    pub fn new(parts: Parts) -> Self {
        Self {
            db: parts.db,
            shortlived: parts.shortlived,
            outbound: parts.outbound,
            master: parts.master,
            keyring: parts.keyring,
            passkeys: parts.passkeys,
            clients: ClientDirectory::default(),
            keys: KeySet::default(),
            loaded: Loaded::default(),
            recent_tokens: RecentTokens::default(),
            issues_recorded: IssuesRecorded::default(),
            fetched_keys: FetchedKeys::default(),
            standings: Standings::default(),
            policy: parts.policy,
            clock: parts.clock,
            entropy: parts.entropy,
        }
    }

    /// The spans and names by which it works.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The instance's secrets.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where randomness comes from.
    pub fn entropy(&self) -> &dyn Entropy {
        self.entropy.as_ref()
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The one way to addresses that clients registered. Never inside a transaction.
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// The short-lived store.
    pub fn shortlived(&self) -> &ShortLived {
        &self.shortlived
    }
}
