//! The keys of this provider, those that sign and those that read what others encrypted to it: cached parsed, moved through
//! their lives by time or by command.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;

use super::{Failure, Provider};
use crate::base::Timestamp;
use crate::base::ids::SigningKeyId;
use crate::crypto::binding::{Binding, Place};
use crate::crypto::jwe::{DecryptionKey, generate_decryption_pkcs8};
use crate::crypto::jwt::MintingFailed;
use crate::crypto::signing::{Jwks, SigningKey, VerifyingKeys, generate_pkcs8};
use crate::domain::audit::{Actor, Event};
use crate::domain::signing_key::{SigningKeyState, StoredSigningKey};
use crate::protocol::{KeyAlgorithm, SigningAlgorithm};
use crate::storage::WriteTx;

/// The keys as they are used: parsed once, swapped whole.
#[derive(Default)]
pub(super) struct KeySet(ArcSwap<Keys>);

/// One state of the keys.
#[derive(Default)]
pub struct Keys {
    active: HashMap<SigningAlgorithm, Arc<SigningKey>>,
    verifying: VerifyingKeys,
    decrypting: Vec<DecryptionKey>,
    published: Jwks,
    published_json: Bytes,
}

impl Keys {
    /// The key that signs with `algorithm` now.
    pub fn active(&self, algorithm: SigningAlgorithm) -> Result<&SigningKey, Failure> {
        self.active.get(&algorithm).map(AsRef::as_ref).ok_or(Failure::NoSigningKey(algorithm.as_str()))
    }

    /// Every key that verifies what this instance signed.
    pub const fn verifying(&self) -> &VerifyingKeys {
        &self.verifying
    }

    /// Every key that reads what others may have encrypted to this instance.
    pub fn decrypting(&self) -> &[DecryptionKey] {
        &self.decrypting
    }

    /// The public parts, as published.
    pub const fn published(&self) -> &Jwks {
        &self.published
    }

    /// The public parts as the document that is served.
    pub fn published_json(&self) -> Bytes {
        self.published_json.clone()
    }
}

/// What asking for a rotation brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The next key signs from now on.
    Activated,
    /// The next key is announced; it takes over at this time.
    Announced {
        /// When it takes over by itself.
        takes_over: Timestamp,
    },
}

/// What asking for a withdrawal brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// What it signed verifies no more.
    Done,
    /// It signs, or is to sign next: another key has to take over first.
    Needed,
    /// It was withdrawn already.
    Unchanged,
    /// There is no such key.
    Unknown,
}

/// Whether a rotation waits until relying parties have seen the next key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It waits.
    Orderly,
    /// It does not: the active key is compromised.
    Immediate,
}

impl Provider {
    /// The keys as they stand.
    pub fn keys(&self) -> Arc<Keys> {
        self.keys.0.load_full()
    }

    /// Every stored key, retired ones too.
    pub async fn list_signing_keys(&self) -> Result<Vec<StoredSigningKey>, Failure> {
        Ok(self.db.read().await?.signing_keys().await?)
    }

    pub(super) async fn reload_signing_keys(&self) -> Result<(), Failure> {
        let mut keys = Keys::default();
        for stored in self.list_signing_keys().await? {
            if stored.state == SigningKeyState::Retired {
                continue;
            }
            match self.open_key(&stored)? {
                OpenedKey::Signing(key) => {
                    keys.published.keys.push(key.public_jwk().clone());
                    if stored.state == SigningKeyState::Active {
                        keys.active.insert(key.algorithm(), key);
                    }
                }
                // What is next is known to every node before anybody is told of it; what was published lately may still be
                // encrypted to.
                OpenedKey::Decryption(key) => {
                    if stored.state == SigningKeyState::Active {
                        keys.published.keys.push(key.public_jwk().clone());
                    }
                    keys.decrypting.push(*key);
                }
            }
        }
        keys.published_json = serde_json::to_vec(&keys.published).unwrap_or_default().into();
        keys.verifying = VerifyingKeys::from_jwks(&keys.published);
        self.keys.0.store(Arc::new(keys));
        Ok(())
    }

    fn open_key(&self, stored: &StoredSigningKey) -> Result<OpenedKey, Failure> {
        let unreadable = || Failure::Unreadable { table: "signing_key" };
        let algorithm = KeyAlgorithm::parse(&stored.algorithm).ok_or_else(unreadable)?;
        let pkcs8 = self.master.unwrap(&wrapped_key(stored.id), &stored.wrapped)?;
        OpenedKey::parse(algorithm, pkcs8.expose()).ok_or_else(unreadable)
    }

    /// Moves every key on whose time has come: announces, activates, retires and withdraws.
    pub async fn advance_signing_keys(&self) -> Result<(), Failure> {
        let stored = self.list_signing_keys().await?;
        for algorithm in KeyAlgorithm::all() {
            self.advance_algorithm(algorithm, &stored).await?;
        }
        Ok(())
    }

    async fn advance_algorithm(
        &self,
        algorithm: KeyAlgorithm,
        stored: &[StoredSigningKey],
    ) -> Result<(), Failure> {
        let now = self.now();
        let policy = self.policy.rotation;
        let find =
            |state| stored.iter().find(|key| key.algorithm == algorithm.as_str() && key.state == state);
        let active = find(SigningKeyState::Active);
        let active_since =
            |key: &StoredSigningKey| key.activated_at.map_or(Duration::ZERO, |at| now.since(at));
        match (active, find(SigningKeyState::Next)) {
            (None, Some(next)) => self.activate(None, next).await?,
            (None, None) => self.create_signing_key(algorithm, SigningKeyState::Active).await?,
            (Some(active), None) if active_since(active) + policy.announced_for >= policy.active_for => {
                self.create_signing_key(algorithm, SigningKeyState::Next).await?;
            }
            // Made in time for the turn, or by command: either way it signs once everybody can have seen it.
            (Some(active), Some(next)) if now.since(next.created_at) >= policy.announced_for => {
                self.activate(Some(active), next).await?;
            }
            (Some(_), _) => {}
        }
        let worn_out = |key: &&StoredSigningKey| {
            key.algorithm == algorithm.as_str()
                && key.state == SigningKeyState::Retiring
                && key.retiring_at.is_some_and(|at| now.since(at) >= policy.retiring_for)
        };
        for key in stored.iter().filter(worn_out) {
            self.db.write(async |tx| self.move_key(tx, key, SigningKeyState::Retired).await).await?;
        }
        Ok(())
    }

    /// Rotates the key of `algorithm` by command.
    pub async fn rotate_signing_key(
        &self,
        algorithm: impl Into<KeyAlgorithm>,
        urgency: Urgency,
    ) -> Result<Rotation, Failure> {
        let algorithm = algorithm.into();
        let find = |stored: &[StoredSigningKey], state| {
            stored.iter().find(|key| key.algorithm == algorithm.as_str() && key.state == state).cloned()
        };
        let mut stored = self.list_signing_keys().await?;
        if find(&stored, SigningKeyState::Next).is_none() {
            self.create_signing_key(algorithm, SigningKeyState::Next).await?;
            stored = self.list_signing_keys().await?;
        }
        let active = find(&stored, SigningKeyState::Active);
        let next = find(&stored, SigningKeyState::Next).ok_or(Failure::NoSigningKey(algorithm.as_str()))?;
        let takes_over = next.created_at + self.policy.rotation.announced_for;
        if urgency == Urgency::Orderly && self.now() < takes_over {
            return Ok(Rotation::Announced { takes_over });
        }
        self.activate(active.as_ref(), &next).await?;
        Ok(Rotation::Activated)
    }

    /// Takes a key that no longer signs out of the JWKS before its time: others have it, and what they sign must not
    /// verify.
    pub async fn withdraw_signing_key(&self, kid: &str) -> Result<Withdrawal, Failure> {
        let stored = self.list_signing_keys().await?;
        let Some(key) = stored.iter().find(|key| key.kid == kid) else { return Ok(Withdrawal::Unknown) };
        Ok(match key.state {
            SigningKeyState::Next | SigningKeyState::Active => Withdrawal::Needed,
            SigningKeyState::Retired => Withdrawal::Unchanged,
            SigningKeyState::Retiring => {
                self.db.write(async |tx| self.move_key(tx, key, SigningKeyState::Retired).await).await?;
                Withdrawal::Done
            }
        })
    }

    async fn activate(
        &self,
        active: Option<&StoredSigningKey>,
        next: &StoredSigningKey,
    ) -> Result<(), Failure> {
        self.db
            .write(async |tx| {
                if let Some(active) = active {
                    self.move_key(tx, active, SigningKeyState::Retiring).await?;
                }
                self.move_key(tx, next, SigningKeyState::Active).await
            })
            .await
    }

    async fn move_key(
        &self,
        tx: &mut WriteTx<'_>,
        key: &StoredSigningKey,
        state: SigningKeyState,
    ) -> Result<(), Failure> {
        if tx.advance_signing_key(key.id, state, self.now()).await? {
            self.record_move(tx, key, state);
        }
        Ok(())
    }

    fn record_move(&self, tx: &mut WriteTx<'_>, key: &StoredSigningKey, state: SigningKeyState) {
        let moved = Event::SigningKeyMoved { kid: key.kid.clone(), algorithm: key.algorithm.clone(), state };
        tx.record(&self.entry(&self.event(Actor::System("key rotation"), moved)));
    }

    async fn create_signing_key(
        &self,
        algorithm: KeyAlgorithm,
        state: SigningKeyState,
    ) -> Result<(), Failure> {
        let now = self.now();
        let id = SigningKeyId::generate(now, self.entropy());
        let pkcs8 = match algorithm {
            KeyAlgorithm::Signing(algorithm) => generate_pkcs8(algorithm),
            KeyAlgorithm::Decryption(kind) => generate_decryption_pkcs8(kind),
        }
        .map_err(MintingFailed::from)?;
        let parsed = OpenedKey::parse(algorithm, pkcs8.expose())
            .ok_or(Failure::Unreadable { table: "signing_key" })?;
        let key = StoredSigningKey {
            id,
            kid: parsed.kid().to_owned(),
            algorithm: algorithm.as_str().to_owned(),
            state,
            wrapped: self.master.wrap(&wrapped_key(id), pkcs8.expose(), self.entropy()),
            created_at: now,
            activated_at: (state == SigningKeyState::Active).then_some(now),
            retiring_at: None,
        };
        self.db
            .write(async |tx| {
                // Nodes queue at the lease; whoever comes second finds the key of the first.
                let name = format!("create {algorithm} {}", state.as_str());
                let is_there =
                    |key: &StoredSigningKey| key.algorithm == algorithm.as_str() && key.state == state;
                if tx.take_lease(&name, id.uuid().as_bytes(), now, Duration::ZERO).await?
                    && !tx.signing_keys().await?.iter().any(is_there)
                {
                    tx.insert_signing_key(&key).await?;
                    self.record_move(tx, &key, state);
                }
                Ok(())
            })
            .await
    }
}

/// A key of either kind, parsed.
enum OpenedKey {
    Signing(Arc<SigningKey>),
    Decryption(Box<DecryptionKey>),
}

impl OpenedKey {
    fn parse(algorithm: KeyAlgorithm, pkcs8: &[u8]) -> Option<Self> {
        match algorithm {
            KeyAlgorithm::Signing(algorithm) => {
                SigningKey::from_pkcs8(algorithm, pkcs8).ok().map(Arc::new).map(Self::Signing)
            }
            KeyAlgorithm::Decryption(kind) => {
                DecryptionKey::from_pkcs8(kind, pkcs8).map(Box::new).map(Self::Decryption)
            }
        }
    }

    fn kid(&self) -> &str {
        match self {
            Self::Signing(key) => key.kid(),
            Self::Decryption(key) => key.kid(),
        }
    }
}

/// Where a signing key is wrapped.
pub(super) const fn wrapped_key(id: SigningKeyId) -> Binding<'static> {
    Binding::Place(Place::new("signing_key", "wrapped", id.uuid()))
}
