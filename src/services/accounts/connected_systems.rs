//! Which systems receive what about a person, and taking it back.

use std::sync::Arc;

use crate::base::Timestamp;
use crate::domain::audit::{Actor, Event, Origin};
use crate::domain::client::{Client, ClientStatus, LegalBasis};
use crate::domain::consent::Consent;
use crate::domain::session::Session;
use crate::domain::token_family::FamilyEnd;
use crate::protocol::{ClaimName, ClientId, InitiateLoginUri, Scope};
use crate::services::{Failure, Provider};

/// A system that the person has answered.
#[derive(Clone, Debug)]
pub struct ConnectedSystem {
    /// The system as it is registered now.
    pub client: Arc<Client>,
    /// What she answered.
    pub consent: Consent,
    /// When it last received something.
    pub last_release: Option<Timestamp>,
}

/// What came of taking it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// What rested on consent ended.
    Withdrawn,
    /// There is nothing to take back: no answer, or none that rests on consent.
    Nothing,
}

impl ConnectedSystem {
    /// What the system receives, each with the right by which it does.
    pub fn received(&self) -> impl Iterator<Item = (ClaimName, LegalBasis)> {
        let registered = &self.client.registration;
        let given = self.consent.terms.given.iter();
        given.filter_map(|claim| Some((*claim, registered.grant_of(*claim)?.basis)))
    }

    /// Where a sign-in there can be begun (OIDC Core §4); nothing while it is disabled.
    pub fn way_in(&self) -> Option<&InitiateLoginUri> {
        let is_active = self.client.status == ClientStatus::Active;
        self.client.registration.initiate_login_uri.as_ref().filter(|_| is_active)
    }

    /// Whether it may stay connected while the person is away, which always rests on her consent.
    pub fn stays_connected(&self) -> bool {
        self.consent.terms.scopes.contains(Scope::OfflineAccess)
    }

    /// Whether anything here rests on consent: only that can be taken back.
    pub fn rests_on_consent(&self) -> bool {
        let mut bases = self.received().map(|(_, basis)| basis).peekable();
        self.stays_connected()
            || !self.consent.terms.resources.is_empty()
            || bases.peek().is_none()
            || bases.any(LegalBasis::is_consent)
    }
}

impl Provider {
    /// The systems that whoever is signed in has answered, most recently used first.
    pub async fn connected_systems(&self, session: &Session) -> Result<Vec<ConnectedSystem>, Failure> {
        let mut tx = self.db.read().await?;
        let consents = tx.consents(session.account_id).await?;
        let releases = tx.last_releases(session.account_id).await?;
        drop(tx);
        let last_release = |client: &ClientId| {
            releases.iter().find(|(named, _)| named == client.as_str()).map(|(_, at)| *at)
        };
        let mut systems: Vec<ConnectedSystem> = consents
            .into_iter()
            .filter_map(|consent| {
                let client = self.known_client(&consent.client_id)?;
                Some(ConnectedSystem { client, last_release: last_release(&consent.client_id), consent })
            })
            .collect();
        systems.sort_by_key(|system| {
            std::cmp::Reverse(system.last_release.unwrap_or(system.consent.confirmed_at))
        });
        Ok(systems)
    }

    /// Takes back what whoever is signed in agreed to share with `client`: everything it was given
    /// ends. What rests on another right is given again when she signs in there again.
    pub async fn withdraw_consent(
        &self,
        session: &Session,
        client: &ClientId,
        origin: &Origin,
    ) -> Result<Withdrawal, Failure> {
        let systems = self.connected_systems(session).await?;
        let found = systems.into_iter().find(|system| system.consent.client_id == *client);
        let Some(system) = found.filter(|system| system.rests_on_consent()) else {
            return Ok(Withdrawal::Nothing);
        };
        let (account, now) = (session.account_id, self.now());
        let (_, key) = self.keyed_owner(account).await?;
        self.write_end(async |tx| {
            if !tx.withdraw_consent(account, client, now).await? {
                return Ok(Withdrawal::Nothing);
            }
            let event = Event::ConsentWithdrawn {
                account,
                session: session.id,
                client: client.clone(),
                consent: system.consent.id,
            };
            let event = self.event(Actor::Person(account), event).from_origin(origin);
            tx.record(&self.personal_entry(&event, &key));
            let why = FamilyEnd::ConsentWithdrawn;
            let families = tx.end_families_of_client(account, client, why, now).await?;
            self.record_ended_families(tx, account, &key, &families, why, origin)?;
            Ok(Withdrawal::Withdrawn)
        })
        .await
    }
}
