//! The resources that a token is for (RFC 8707).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::client::Client;
use crate::protocol::{AccessTokenFormat, ResourceUri, ServiceScopes};
use crate::services::Provider;

/// Resources that a client may call together, and how far.
#[derive(Clone, Debug, Default)]
pub(super) struct Target {
    /// Which.
    pub resources: BTreeSet<ResourceUri>,
    /// The scopes that they know.
    pub known: ServiceScopes,
    /// Those of them that the client may have at every one that knows them.
    pub allowed: ServiceScopes,
    /// The form in which they all take tokens.
    pub format: AccessTokenFormat,
}

/// One resource that a client may call.
#[derive(Clone, Debug)]
pub(in crate::services) struct Callable {
    /// Which.
    pub resource: ResourceUri,
    /// The system that it belongs to.
    pub protector: Arc<Client>,
    /// The scopes that it knows.
    pub known: ServiceScopes,
    /// Those of them that the client is registered for.
    pub allowed: ServiceScopes,
    /// The form in which it takes tokens.
    pub format: AccessTokenFormat,
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
    /// One for which no person authorized the client.
    #[error("resource is not among those of the authorization request.")]
    NotAuthorized,
    /// One token has one form.
    #[error("These resources take access tokens of different forms; name with resource one of them.")]
    Forms,
}

impl Target {
    /// All of `callable` as the target of one token. Each reads every word in it, so that no word is allowed that one of them
    /// knows and does not allow.
    pub(super) fn of(callable: impl IntoIterator<Item = Callable>) -> Result<Self, TargetRefused> {
        let mut target = Self::default();
        let mut withheld = ServiceScopes::default();
        for one in callable {
            if !target.resources.is_empty() && target.format != one.format {
                return Err(TargetRefused::Forms);
            }
            target.format = one.format;
            withheld = withheld.union(&one.known.difference(&one.allowed));
            target.known = target.known.union(&one.known);
            target.allowed = target.allowed.union(&one.allowed);
            target.resources.insert(one.resource);
        }
        target.allowed = target.allowed.difference(&withheld);
        Ok(target)
    }
}

impl Provider {
    /// The target that `named` are. RFC 9068 §3: where nothing is named and there is one resource alone, it is meant.
    pub(super) fn target(&self, client: &Client, named: &[String]) -> Result<Target, TargetRefused> {
        match (named, client.registration.resources.as_slice()) {
            ([], [only]) => self.target_of(client, [only.resource.as_str()]),
            ([], _) => Err(TargetRefused::Unnamed),
            (named, _) => self.target_of(client, named.iter().map(String::as_str)),
        }
    }

    /// The target that exactly these are.
    fn target_of<'a>(
        &self,
        client: &Client,
        named: impl IntoIterator<Item = &'a str>,
    ) -> Result<Target, TargetRefused> {
        let callable: Vec<_> =
            named.into_iter().map(|name| self.callable(client, name)).collect::<Result<_, _>>()?;
        Target::of(callable)
    }

    /// The resource called `name`, where `client` may call it and a system is it.
    pub(in crate::services) fn callable(
        &self,
        client: &Client,
        name: &str,
    ) -> Result<Callable, TargetRefused> {
        let registered = client.registration.resources.iter().find(|access| access.resource.as_str() == name);
        let access = registered.ok_or(TargetRefused::NotAllowed)?;
        let protector = self.protector(&access.resource).ok_or(TargetRefused::NotAllowed)?;
        let known = protector.registration.protects(&access.resource).ok_or(TargetRefused::NotAllowed)?;
        Ok(Callable {
            resource: access.resource.clone(),
            known: known.scope.clone(),
            allowed: known.scope.intersection(&access.scope),
            format: known.access_token_format,
            protector,
        })
    }
}
