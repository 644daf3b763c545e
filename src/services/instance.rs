//! The instance itself: its secrets, and the caches that every node keeps of what is stored.

use std::sync::atomic::{AtomicI64, Ordering};

use super::signing_keys::wrapped_key;
use super::{Failure, Provider, audit};
use crate::base::{Entropy, Timestamp};
use crate::crypto::keyring::{Keyring, KeyringError, SecretPurpose, WrappedSecret};
use crate::crypto::master_key::MasterKeys;
use crate::crypto::sha256;
use crate::domain::audit::{Actor, AuditEntry, AuditEvent, Event, SealedEvent};
use crate::storage::{CacheVersions, Db, StorageError, StoredSecret};

/// Why an instance could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The secrets do not open with this master key.
    #[error("{0} (is this the master key that this database was made with?)")]
    Keyring(#[from] KeyringError),
    /// A secret for a purpose that this version does not know.
    #[error("the database holds a secret for an unknown purpose: it was written by a newer version")]
    UnknownSecret,
}

/// Opens the instance's secrets; those it does not have yet are made.
pub async fn open(
    db: &Db,
    master: &MasterKeys,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> Result<Keyring, OpenError> {
    let mut stored = secrets(db).await?;
    let missing = Keyring::missing(&stored, master, entropy);
    if !missing.is_empty() {
        let set_up = stored.is_empty().then(|| initialised(entropy, now));
        db.write(async |tx| {
            if let Some(event) = &set_up {
                tx.record(event);
            }
            for secret in &missing {
                tx.insert_instance_secret(&to_row(secret), now).await?;
            }
            Ok::<_, StorageError>(())
        })
        .await?;
        // Another node may have been first: what stands in the database counts.
        stored = secrets(db).await?;
    }
    Ok(Keyring::open(master, &stored)?)
}

/// The first entry of every log, recorded once however many nodes start together.
fn initialised(entropy: &dyn Entropy, now: Timestamp) -> SealedEvent {
    let event = Event::InstanceInitialised { version: env!("CARGO_PKG_VERSION") };
    let once = sha256(b"instance.initialised").as_bytes().to_vec();
    audit::seal(AuditEntry::new(&AuditEvent::new(now, entropy, Actor::Operator, event).once(once), None))
}

async fn secrets(db: &Db) -> Result<Vec<WrappedSecret>, OpenError> {
    let rows = db.read().await?.instance_secrets().await?;
    rows.into_iter().map(|row| from_row(row).ok_or(OpenError::UnknownSecret)).collect()
}

fn to_row(secret: &WrappedSecret) -> StoredSecret {
    StoredSecret {
        purpose: secret.purpose.as_str().to_owned(),
        version: i64::from(secret.version),
        wrapped: secret.wrapped.clone(),
    }
}

fn from_row(row: StoredSecret) -> Option<WrappedSecret> {
    Some(WrappedSecret {
        purpose: SecretPurpose::parse(&row.purpose)?,
        version: u32::try_from(row.version).ok()?,
        wrapped: row.wrapped,
    })
}

/// The versions that were loaded last.
#[derive(Default)]
pub(super) struct Loaded {
    clients: AtomicI64,
    signing_keys: AtomicI64,
}

impl Provider {
    /// Loads what changed since the last call: registrations and signing keys. Called twice a second on every node, so
    /// that a change anywhere is in force everywhere within a second.
    pub async fn refresh_caches(&self) -> Result<(), Failure> {
        let CacheVersions { clients, signing_keys } = self.db.read().await?.cache_versions().await?;
        if self.loaded.clients.load(Ordering::Acquire) != clients {
            self.reload_clients().await?;
            self.loaded.clients.store(clients, Ordering::Release);
        }
        if self.loaded.signing_keys.load(Ordering::Acquire) != signing_keys {
            self.reload_signing_keys().await?;
            self.loaded.signing_keys.store(signing_keys, Ordering::Release);
        }
        Ok(())
    }

    /// Wraps every key anew under the current master key. Safe to run again, also while the server runs.
    pub async fn rewrap_everything(&self) -> Result<u64, Failure> {
        let rewrapped = self.rewrap().await?;
        if rewrapped > 0 {
            let event = Event::MasterKeyRotated { version: self.master.current_version(), rewrapped };
            let event = self.entry(&self.event(Actor::Operator, event));
            self.db.record(&event).await?;
        }
        Ok(rewrapped)
    }

    async fn rewrap(&self) -> Result<u64, Failure> {
        Ok(self.rewrap_instance_secrets().await?
            + self.rewrap_signing_keys().await?
            + self.rewrap_data_keys().await?)
    }

    async fn rewrap_instance_secrets(&self) -> Result<u64, Failure> {
        let rows = self.db.read().await?.instance_secrets().await?;
        let mut count = 0;
        for secret in rows.into_iter().filter_map(from_row) {
            if let Some(again) = secret.rewrap(&self.master, self.entropy())? {
                self.db.write(async |tx| tx.rewrap_instance_secret(&to_row(&again)).await).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    async fn rewrap_signing_keys(&self) -> Result<u64, Failure> {
        let mut count = 0;
        for key in self.list_signing_keys().await? {
            if let Some(wrapped) = self.master.rewrap(&wrapped_key(key.id), &key.wrapped, self.entropy())? {
                self.db.write(async |tx| tx.rewrap_signing_key(key.id, &wrapped).await).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    async fn rewrap_data_keys(&self) -> Result<u64, Failure> {
        use crate::base::ids::AccountId;
        use crate::crypto::data_key::DataKey;
        let mut after = AccountId::from_uuid(uuid::Uuid::nil());
        let mut count = 0;
        loop {
            let batch = self.db.read().await?.data_keys_after(after).await?;
            let Some((last, _)) = batch.last() else { return Ok(count) };
            after = *last;
            let mut again = Vec::with_capacity(batch.len());
            for (account, wrapped) in &batch {
                if let Some(wrapped) = DataKey::rewrap(*account, wrapped, &self.master, self.entropy())? {
                    again.push((*account, wrapped));
                }
            }
            count += again.len() as u64;
            self.db
                .write(async |tx| {
                    for (account, wrapped) in &again {
                        tx.rewrap_data_key(*account, wrapped).await?;
                    }
                    Ok::<_, StorageError>(())
                })
                .await?;
        }
    }
}
