//! Relying systems: cached for every request, changed by the operator.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arc_swap::ArcSwap;
use ring::digest;
use serde_json::Value;

use super::{Failure, Policy, Provider};
use crate::base::encoding::base64url;
use crate::crypto::token::{HashedToken, PlainToken, TokenKind};
use crate::domain::audit::{Actor, Event};
use crate::domain::client::{Client, ClientStatus, Registration};
use crate::protocol::{ClientAuthMethod, ClientId, ResourceUri};
use crate::storage::WriteTx;

/// The registrations as they are used, swapped whole.
#[derive(Default)]
pub(super) struct ClientDirectory(ArcSwap<Directory>);

#[derive(Default)]
struct Directory {
    by_id: HashMap<ClientId, Arc<Client>>,
    by_resource: HashMap<ResourceUri, Arc<Client>>,
    details_types: Arc<[String]>,
}

impl ClientDirectory {
    fn get(&self, id: &ClientId) -> Option<Arc<Client>> {
        self.0.load().by_id.get(id).cloned()
    }

    /// The types of authorization details that the resources know, each once.
    pub(super) fn details_types(&self) -> Arc<[String]> {
        Arc::clone(&self.0.load().details_types)
    }

    /// The system that is `resource`, disabled or not.
    pub(super) fn protector(&self, resource: &ResourceUri) -> Option<Arc<Client>> {
        self.0.load().by_resource.get(resource).cloned()
    }
}

impl Directory {
    fn of(clients: Vec<Client>) -> Self {
        let mut directory = Self::default();
        let mut types = BTreeSet::new();
        for client in clients.into_iter().map(Arc::new) {
            for protected in &client.registration.protected_resources {
                let first = directory.by_resource.entry(protected.resource.clone());
                first.or_insert_with(|| Arc::clone(&client));
                if client.status == ClientStatus::Active {
                    let kinds = protected.authorization_details.iter().map(|kind| kind.kind.clone());
                    types.extend(kinds);
                }
            }
            directory.by_id.insert(client.registration.client_id.clone(), client);
        }
        directory.details_types = types.into_iter().collect();
        directory
    }
}

/// What happened to a system that was put on the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It is new.
    Added,
    /// These members differ from before.
    Changed(Vec<String>),
    /// Everything was so already.
    Unchanged,
}

/// A change to a system that is not on the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switched {
    /// Done.
    Done,
    /// It was so already.
    Unchanged,
    /// There is no such system.
    Unknown,
}

impl Provider {
    /// The active system called `id`.
    pub fn client(&self, id: &ClientId) -> Option<Arc<Client>> {
        self.clients.get(id).filter(|client| client.status == ClientStatus::Active)
    }

    /// The system called `id`, disabled or not: for showing a person what she once agreed to.
    pub fn known_client(&self, id: &ClientId) -> Option<Arc<Client>> {
        self.clients.get(id)
    }

    /// Every system on the register, by identifier.
    pub async fn list_clients(&self) -> Result<Vec<Client>, Failure> {
        Ok(self.db.read().await?.clients().await?)
    }

    pub(super) async fn reload_clients(&self) -> Result<(), Failure> {
        self.clients.0.store(Arc::new(Directory::of(self.list_clients().await?)));
        Ok(())
    }

    /// Gives a system a new secret, shown this once. Its former ones stay good for [`Policy::SECRET_OVERLAP`].
    pub async fn rotate_client_secret(&self, id: &ClientId) -> Result<Option<PlainToken>, Failure> {
        let stored = self.stored_client(id).await?.map(|client| client.registration);
        let Some(registration) = stored.filter(Registration::has_secret) else { return Ok(None) };
        let secret = PlainToken::generate(TokenKind::ClientSecret, self.entropy());
        self.db.write(async |tx| self.put_secret(tx, &registration, secret.expose()).await).await?;
        Ok(Some(secret))
    }

    /// Disables a system or takes it back into use.
    pub async fn switch_client(&self, id: &ClientId, status: ClientStatus) -> Result<Switched, Failure> {
        if self.stored_client(id).await?.is_none() {
            return Ok(Switched::Unknown);
        }
        self.db
            .write(async |tx| {
                Ok(if self.switch(tx, id, status).await? { Switched::Done } else { Switched::Unchanged })
            })
            .await
    }

    /// `false` where it was so already.
    pub(super) async fn switch(
        &self,
        tx: &mut WriteTx<'_>,
        id: &ClientId,
        status: ClientStatus,
    ) -> Result<bool, Failure> {
        if !tx.set_client_status(id, status, self.now()).await? {
            return Ok(false);
        }
        let event = match status {
            ClientStatus::Active => Event::ClientEnabled { client: id.clone() },
            ClientStatus::Disabled => Event::ClientDisabled { client: id.clone() },
        };
        self.record_operator(tx, event);
        Ok(true)
    }

    /// The keyed digest of a client secret, the form in which it is found.
    pub(super) fn secret_digest(&self, secret: &str) -> Vec<u8> {
        HashedToken::of(TokenKind::ClientSecret, secret, &self.keyring).as_bytes().to_vec()
    }

    async fn stored_client(&self, id: &ClientId) -> Result<Option<Client>, Failure> {
        Ok(self.list_clients().await?.into_iter().find(|client| client.registration.client_id == *id))
    }

    pub(super) async fn put_secret(
        &self,
        tx: &mut WriteTx<'_>,
        registration: &Registration,
        secret: &str,
    ) -> Result<(), Failure> {
        self.keep_secret(tx, registration, secret).await?;
        let client = registration.client_id.clone();
        self.record_operator(tx, Event::ClientSecretRotated { client });
        Ok(())
    }

    /// Keeps what is needed of a new secret. The former ones stay good for [`Policy::SECRET_OVERLAP`].
    pub(super) async fn keep_secret(
        &self,
        tx: &mut WriteTx<'_>,
        registration: &Registration,
        secret: &str,
    ) -> Result<(), Failure> {
        let (now, id) = (self.now(), &registration.client_id);
        let digest = self.secret_digest(secret);
        // The others prove that they know it by showing it: of them it is not kept.
        let sealed = (registration.token_endpoint_auth_method == ClientAuthMethod::ClientSecretJwt)
            .then(|| self.keyring.seal_client_secret(id.as_str(), &digest, secret, self.entropy()));
        tx.rotate_client_secret(id, &digest, sealed.as_deref(), now + Policy::SECRET_OVERLAP, now).await?;
        Ok(())
    }

    pub(super) fn record_operator(&self, tx: &mut WriteTx<'_>, event: Event) {
        tx.record(&self.entry(&self.event(Actor::Operator, event)));
    }
}

/// One member of a registration that is not as it was. A registration holds no secret, so neither does this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberChange {
    /// Its name.
    pub name: String,
    /// What stood there.
    pub before: Option<Value>,
    /// What stands there now.
    pub after: Option<Value>,
}

/// The members in which two registrations differ.
pub fn differences(before: &Registration, after: &Registration) -> Vec<String> {
    member_changes(Some(before), after).into_iter().map(|change| change.name).collect()
}

/// What differs, by name.
pub(super) fn member_changes(before: Option<&Registration>, after: &Registration) -> Vec<MemberChange> {
    let members = |registration: Option<&Registration>| match registration.map(serde_json::to_value) {
        Some(Ok(Value::Object(members))) => members,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (members(before), members(Some(after)));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .map(|name| MemberChange {
            name: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

pub(super) fn fingerprint(registration: &Registration) -> String {
    let text = serde_json::to_vec(registration).unwrap_or_default();
    base64url(digest::digest(&digest::SHA256, &text))
}
