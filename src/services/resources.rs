//! Which system is which resource.

use std::sync::Arc;

use super::Provider;
use super::client_changes::DesiredClient;
use crate::domain::client::{Client, ClientStatus};
use crate::protocol::{ClientId, Locale, ResourceUri};

/// A resource that two systems say they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenResource {
    /// Which.
    pub resource: ResourceUri,
    /// Who is it.
    pub taken_by: ClientId,
    /// Who wants to be it too.
    pub wanted_by: ClientId,
}

impl Provider {
    /// What people call `resource`: the name of the system that is it.
    pub fn resource_name(&self, resource: &ResourceUri, locale: Locale) -> String {
        let system = self.clients.protector(resource);
        system.map_or_else(
            || resource.as_str().to_owned(),
            |system| system.registration.client_name.get(locale).to_owned(),
        )
    }

    /// The active system that is `resource`.
    pub(super) fn protector(&self, resource: &ResourceUri) -> Option<Arc<Client>> {
        self.clients.protector(resource).filter(|client| client.status == ClientStatus::Active)
    }
}

/// The first resource that two systems would be once `desired` is so: a token for one must not be taken by another.
pub fn taken_resource(desired: &[DesiredClient], registered: &[Client]) -> Option<TakenResource> {
    let wanted = || desired.iter().map(|one| &one.registration);
    let kept = registered
        .iter()
        .map(|client| &client.registration)
        .filter(|kept| wanted().all(|one| one.client_id != kept.client_id));
    let all: Vec<_> = wanted().chain(kept).collect();
    wanted().find_map(|one| {
        one.protected_resources.iter().find_map(|wanted| {
            let other = all.iter().find(|other| {
                other.client_id != one.client_id && other.protects(&wanted.resource).is_some()
            })?;
            Some(TakenResource {
                resource: wanted.resource.clone(),
                taken_by: other.client_id.clone(),
                wanted_by: one.client_id.clone(),
            })
        })
    })
}
