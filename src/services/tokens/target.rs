//! The resources that a token is for (RFC 8707).

use std::collections::BTreeSet;

use crate::domain::client::Client;
use crate::protocol::{ResourceUri, ServiceScopes};
use crate::services::Provider;

/// Resources that a client may call together, and how far.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Which.
    pub resources: BTreeSet<ResourceUri>,
    /// The scopes that they know.
    pub known: ServiceScopes,
    /// Those of them that the client is registered for.
    pub allowed: ServiceScopes,
}

/// Why there is no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetRefused {
    /// One that is unknown, disabled, or none of the client's: the same text for all of them.
    #[error("resource is not one that this client is registered to call.")]
    NotAllowed,
    /// None was named, and there are several.
    #[error("This client is registered for several resources; say with resource which one the token is for.")]
    Unnamed,
}

impl Provider {
    /// The target that `named` are. RFC 9068 §3: where nothing is named and there is one resource alone, it is meant.
    pub(super) fn target(&self, client: &Client, named: &[String]) -> Result<Target, TargetRefused> {
        let registered = &client.registration.resources;
        let meant: BTreeSet<&str> = match (named, registered.as_slice()) {
            ([], [only]) => BTreeSet::from([only.resource.as_str()]),
            ([], _) => return Err(TargetRefused::Unnamed),
            (named, _) => named.iter().map(String::as_str).collect(),
        };
        let mut target = Target {
            resources: BTreeSet::new(),
            known: ServiceScopes::default(),
            allowed: ServiceScopes::default(),
        };
        for name in meant {
            let access = registered.iter().find(|access| access.resource.as_str() == name);
            let access = access.ok_or(TargetRefused::NotAllowed)?;
            let protector = self.protector(&access.resource).ok_or(TargetRefused::NotAllowed)?;
            let known = protector.registration.protects(&access.resource).ok_or(TargetRefused::NotAllowed)?;
            target.known = target.known.union(&known.scope);
            target.allowed = target.allowed.union(&known.scope.intersection(&access.scope));
            target.resources.insert(access.resource.clone());
        }
        Ok(target)
    }
}
