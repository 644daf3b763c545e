//! Registrations of relying systems and their secrets.

use std::collections::HashMap;

use super::cache_version::Cached;
use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::domain::client::{Client, ClientSecret, ClientStatus, Registration, RegistrationDocument};
use crate::protocol::ClientId;

statements! {
    CLIENTS = "SELECT client_id, registration, status, updated_at FROM client ORDER BY client_id";
    CLIENT_SECRETS = "SELECT client_id, digest, sealed, created_at, expires_at FROM client_secret ORDER BY created_at DESC";
    PUT_CLIENT = "INSERT INTO client (client_id, registration, status, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) \
        ON CONFLICT (client_id) DO UPDATE SET registration = excluded.registration, status = excluded.status, updated_at = excluded.updated_at";
    SET_CLIENT_STATUS = "UPDATE client SET status = $2, updated_at = $3 WHERE client_id = $1 AND status <> $2";
    EXPIRE_CLIENT_SECRETS = "UPDATE client_secret SET expires_at = $2 \
        WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    INSERT_CLIENT_SECRET = "INSERT INTO client_secret (client_id, digest, sealed, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (client_id, digest) DO UPDATE SET expires_at = NULL, sealed = excluded.sealed";
    FORGET_SEALED_SECRETS = "UPDATE client_secret SET sealed = NULL WHERE client_id = $1 AND sealed IS NOT NULL";
    FORGET_ENDED_SECRETS = "UPDATE client_secret SET sealed = NULL WHERE client_id = $1 AND expires_at <= $2";
}

row! {
    struct ClientRow {
        client_id: String,
        registration: String,
        status: String,
        updated_at: i64,
    }
}

row! {
    struct SecretRow {
        client_id: String,
        digest: Vec<u8>,
        sealed: Option<Vec<u8>>,
        created_at: i64,
        expires_at: Option<i64>,
    }
}

impl ReadTx<'_> {
    /// Every registered system with its secrets. One whose registration cannot be read, because it was kept by another
    /// version, is left out and named in the log: it alone has to be registered anew, and all others go on.
    pub async fn clients(&mut self) -> Result<Vec<Client>, StorageError> {
        let clients: Vec<ClientRow> = query(CLIENTS).fetch_all(self).await?;
        let secrets: Vec<SecretRow> = query(CLIENT_SECRETS).fetch_all(self).await?;
        let mut by_client: HashMap<String, Vec<ClientSecret>> = HashMap::new();
        for row in secrets {
            by_client.entry(row.client_id).or_default().push(ClientSecret {
                digest: row.digest,
                sealed: row.sealed,
                created_at: Timestamp::from_micros(row.created_at),
                expires_at: row.expires_at.map(Timestamp::from_micros),
            });
        }
        Ok(clients.into_iter().filter_map(|row| client(row, &mut by_client)).collect())
    }
}

fn client(row: ClientRow, secrets: &mut HashMap<String, Vec<ClientSecret>>) -> Option<Client> {
    let read = kept(&row.registration).zip(ClientStatus::parse(&row.status));
    if read.is_none() {
        tracing::error!(client = row.client_id, "a registration cannot be read, and is left out");
    }
    let (registration, status) = read?;
    Some(Client {
        registration,
        status,
        secrets: secrets.remove(&row.client_id).unwrap_or_default(),
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}

/// A registration as it was kept.
fn kept(text: &str) -> Option<Registration> {
    let document: RegistrationDocument = serde_json::from_str(text).ok()?;
    Registration::try_from(document.as_kept()).ok()
}

impl WriteTx<'_> {
    /// Registers a system, or replaces its registration. What could not be read again is not kept.
    pub async fn put_client(
        &mut self,
        registration: &Registration,
        status: ClientStatus,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let text = serde_json::to_string(registration).ok().filter(|text| kept(text).is_some());
        let text = text.ok_or(StorageError::Inconsistent {
            table: "client",
            what: "registration that could not be read again",
        })?;
        query(PUT_CLIENT)
            .bind(registration.client_id.as_str())
            .bind(&text)
            .bind(status.as_str())
            .bind(now.micros())
            .execute(self)
            .await?;
        self.bump_cache_version(Cached::Clients).await
    }

    /// Disables a system or takes it back into use; `false` where nothing changed.
    pub async fn set_client_status(
        &mut self,
        client: &ClientId,
        status: ClientStatus,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let changed = query(SET_CLIENT_STATUS)
            .bind(client.as_str())
            .bind(status.as_str())
            .bind(now.micros())
            .execute(self)
            .await?;
        self.bump_cache_version(Cached::Clients).await?;
        Ok(changed == 1)
    }

    /// Forgets the sealed form of a system's secrets.
    pub async fn forget_sealed_secrets(&mut self, client: &ClientId) -> Result<(), StorageError> {
        query(FORGET_SEALED_SECRETS).bind(client.as_str()).execute(self).await?;
        self.bump_cache_version(Cached::Clients).await
    }

    /// Gives a system a new secret. Those before it count until `previous_until`; of those that ended, no sealed form stays.
    pub async fn rotate_client_secret(
        &mut self,
        client: &ClientId,
        digest: &[u8],
        sealed: Option<&[u8]>,
        previous_until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        query(FORGET_ENDED_SECRETS).bind(client.as_str()).bind(now.micros()).execute(self).await?;
        query(EXPIRE_CLIENT_SECRETS)
            .bind(client.as_str())
            .bind(previous_until.micros())
            .execute(self)
            .await?;
        query(INSERT_CLIENT_SECRET)
            .bind(client.as_str())
            .bind(digest)
            .bind(sealed)
            .bind(now.micros())
            .execute(self)
            .await?;
        self.bump_cache_version(Cached::Clients).await
    }
}
