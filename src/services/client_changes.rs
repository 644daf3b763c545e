//! Changes to the register: planned first, then made in one transaction, all of them or none.

use std::collections::HashMap;

use super::clients::{MemberChange, Registered, differences, fingerprint, member_changes};
use super::{Failure, Provider};
use crate::base::Secret;
use crate::crypto::token::{PlainToken, TokenKind};
use crate::domain::audit::Event;
use crate::domain::client::{Client, ClientSecret, ClientStatus, LegacyException, Registration};
use crate::protocol::{ClientAuthMethod, ClientId};
use crate::storage::WriteTx;

/// How the operator wants a system to stand on the register.
#[derive(Clone, Debug)]
pub struct DesiredClient {
    /// What is registered of it.
    pub registration: Registration,
    /// A secret that it brings from elsewhere.
    pub secret: Option<Secret<String>>,
    /// Whether it may be used; where nothing is said it stays as it is, and a new one is active.
    pub status: Option<ClientStatus>,
}

/// What a change does about a system's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretChange {
    /// Nothing: it has one, or needs none.
    Kept,
    /// The one that was given becomes its newest.
    Given,
    /// It has none and needs one: one is made.
    Generated,
}

/// What becomes of one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientChange {
    /// Which.
    pub client: ClientId,
    /// Its registration.
    pub registered: Registered,
    /// What differs of it, member by member; of a new one, everything.
    pub members: Vec<MemberChange>,
    /// What it would be let off, where anything changes.
    pub exceptions: Vec<LegacyException>,
    /// Its secret.
    pub secret: SecretChange,
    /// Its new status, where that changes.
    pub status: Option<ClientStatus>,
}

impl ClientChange {
    /// Whether everything is so already.
    pub fn is_nothing(&self) -> bool {
        self.registered == Registered::Unchanged && self.secret == SecretChange::Kept && self.status.is_none()
    }
}

/// A change that was made.
#[derive(Debug)]
pub struct ChangedClient {
    /// What was done.
    pub change: ClientChange,
    /// The secret that was made, to be shown this once.
    pub secret: Option<PlainToken>,
}

impl Provider {
    /// What [`Provider::apply_clients`] would do.
    pub async fn plan_clients(&self, desired: &[DesiredClient]) -> Result<Vec<ClientChange>, Failure> {
        let before = self.register().await?;
        Ok(desired.iter().map(|one| self.change_of(one, before.get(&one.registration.client_id))).collect())
    }

    /// Brings the register to where it shall be, in one transaction. Systems that are not named stay as they are.
    pub async fn apply_clients(&self, desired: &[DesiredClient]) -> Result<Vec<ChangedClient>, Failure> {
        let before = self.register().await?;
        self.db
            .write(async |tx| {
                let mut changed = Vec::with_capacity(desired.len());
                for one in desired {
                    let before = before.get(&one.registration.client_id);
                    let change = self.change_of(one, before);
                    let secret = self.make(tx, one, before, &change).await?;
                    changed.push(ChangedClient { change, secret });
                }
                Ok(changed)
            })
            .await
    }

    async fn register(&self) -> Result<HashMap<ClientId, Client>, Failure> {
        let clients = self.list_clients().await?.into_iter();
        Ok(clients.map(|client| (client.registration.client_id.clone(), client)).collect())
    }

    fn change_of(&self, desired: &DesiredClient, before: Option<&Client>) -> ClientChange {
        let registered = match before {
            None => Registered::Added,
            Some(before) => match differences(&before.registration, &desired.registration) {
                fields if fields.is_empty() => Registered::Unchanged,
                fields => Registered::Changed(fields),
            },
        };
        let now = self.now();
        // A secret that is kept as a digest alone cannot sign: a change of method needs a new one.
        let signs = desired.registration.token_endpoint_auth_method == ClientAuthMethod::ClientSecretJwt;
        let fits = |one: &&ClientSecret| one.is_live(now) && (!signs || one.sealed.is_some());
        let mut live = before.into_iter().flat_map(|before| &before.secrets).filter(fits);
        let secret = match &desired.secret {
            Some(given) => {
                let digest = self.secret_digest(given.expose());
                if live.any(|one| one.digest == digest) { SecretChange::Kept } else { SecretChange::Given }
            }
            None if desired.registration.has_secret() && live.next().is_none() => SecretChange::Generated,
            None => SecretChange::Kept,
        };
        let present = before.map_or(ClientStatus::Active, |before| before.status);
        let status = desired.status.filter(|wanted| *wanted != present);
        let members = member_changes(before.map(|before| &before.registration), &desired.registration);
        let exceptions = match registered {
            Registered::Unchanged => Vec::new(),
            Registered::Added | Registered::Changed(_) => desired.registration.exceptions(),
        };
        ClientChange {
            client: desired.registration.client_id.clone(),
            registered,
            members,
            exceptions,
            secret,
            status,
        }
    }

    async fn make(
        &self,
        tx: &mut WriteTx<'_>,
        desired: &DesiredClient,
        before: Option<&Client>,
        change: &ClientChange,
    ) -> Result<Option<PlainToken>, Failure> {
        let client = &change.client;
        let digest = || fingerprint(&desired.registration);
        let event = match &change.registered {
            Registered::Added => {
                Some(Event::ClientRegistered { client: client.clone(), digest: digest(), vouched_by: None })
            }
            Registered::Changed(fields) => Some(Event::ClientChanged {
                client: client.clone(),
                fields: fields.clone(),
                digest: digest(),
                vouched_by: None,
            }),
            Registered::Unchanged => None,
        };
        if let Some(event) = event {
            let status = before.map_or(ClientStatus::Active, |before| before.status);
            tx.put_client(&desired.registration, status, self.now()).await?;
            self.record_operator(tx, event);
            if desired.registration.token_endpoint_auth_method != ClientAuthMethod::ClientSecretJwt {
                tx.forget_sealed_secrets(client).await?;
            }
        }
        if let Some(status) = change.status {
            self.switch(tx, client, status).await?;
        }
        match (change.secret, &desired.secret) {
            (SecretChange::Given, Some(given)) => {
                self.put_secret(tx, &desired.registration, given.expose()).await?;
                Ok(None)
            }
            (SecretChange::Generated, _) => {
                let secret = PlainToken::generate(TokenKind::ClientSecret, self.entropy());
                self.put_secret(tx, &desired.registration, secret.expose()).await?;
                Ok(Some(secret))
            }
            _ => Ok(None),
        }
    }
}
