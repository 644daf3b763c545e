//! How far an access token of a person reaches: for whom it is, and with which scopes.

use std::collections::BTreeSet;

use super::target::{Callable, Target, TargetRefused};
use crate::domain::access::{Access, GrantedDetail};
use crate::domain::client::Client;
use crate::domain::token_family::Authorized;
use crate::protocol::{
    AccessTokenFormat, Audience, AuthorizationDetail, ResourceUri, ScopeSet, ServiceScopes,
};
use crate::services::Provider;

/// For whom a token is and how far it goes.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// The resources that may take it; the provider itself, where userinfo may be asked with it.
    pub audience: Audience,
    /// The scopes of the provider.
    pub scopes: ScopeSet,
    /// The scopes of resources.
    pub service_scopes: ServiceScopes,
    /// What exactly may be done there (RFC 9396).
    pub details: Vec<AuthorizationDetail>,
    /// The form in which those resources take it. The provider takes every one.
    pub format: AccessTokenFormat,
    /// All scopes that those resources know.
    known: ServiceScopes,
}

/// Why a token cannot reach so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReachRefused {
    /// Not to these resources.
    #[error(transparent)]
    Target(#[from] TargetRefused),
    /// More was asked for than was granted.
    #[error("scope asks for more than was granted.")]
    WiderScope,
    /// Details that were not authorized, or not at these resources.
    #[error("authorization_details are not among those that were authorized for these resources.")]
    OtherDetails,
    /// Nothing would be left.
    #[error("scope names no scope that is served; leave it out.")]
    NoScope,
}

impl Provider {
    /// How far a token reaches that a client is given of what a person authorized.
    ///
    /// RFC 8707 §2.2: for the resources named, which must be among the authorized ones; for all of those where none is. The
    /// provider itself may always be named: it knows the person anyway. Its scopes go with it alone, and those of a resource
    /// with that resource. What was taken from the client's registration meanwhile is not given any more.
    pub(super) fn reach(
        &self,
        client: &Client,
        authorized: &Authorized,
        details: &[GrantedDetail],
        named: &[String],
    ) -> Result<Reach, TargetRefused> {
        let issuer = self.policy.issuer.as_str();
        let names = names(&authorized.access, named, issuer)?;
        let (own, others): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| **name == issuer);
        let granted = |name: &str| {
            let one = self.callable(client, name)?;
            let allowed = one.allowed.intersection(&authorized.access.at(&one.resource));
            Ok(Callable { allowed, ..one })
        };
        let granted: Vec<_> = others.into_iter().map(granted).collect::<Result<_, TargetRefused>>()?;
        let Target { known, allowed, format, .. } = Target::of(granted)?;
        Ok(Reach {
            audience: names.iter().map(|name| (*name).to_owned()).collect(),
            scopes: match own.is_empty() {
                true => ScopeSet::default(),
                false => authorized.scopes.intersection(&client.registration.scope),
            },
            service_scopes: allowed,
            details: details
                .iter()
                .filter(|granted| {
                    names.contains(granted.resource.as_str()) && self.may_still(client, granted)
                })
                .map(|granted| granted.detail.clone())
                .collect(),
            format,
            known,
        })
    }

    /// Whether both sides still have registered what was authorized then.
    fn may_still(&self, client: &Client, granted: &GrantedDetail) -> bool {
        let kind = granted.detail.kind();
        client.registration.authorization_details_types.iter().any(|registered| registered == kind)
            && self
                .places_of(client, &granted.detail)
                .iter()
                .any(|(resource, _)| *resource == granted.resource)
    }
}

impl Provider {
    /// All scopes that may still be had of what was authorized, as one text.
    pub(super) fn refreshable(&self, client: &Client, authorized: &Authorized) -> String {
        let own = authorized.scopes.intersection(&client.registration.scope);
        let words = own.iter().map(|scope| scope.as_str().to_owned());
        let issuer = self.policy.issuer.as_str();
        let others = authorized.access.resources.iter().filter(|(resource, _)| resource.as_str() != issuer);
        let callable = others.filter_map(|(resource, scopes)| {
            Some(self.callable(client, resource.as_str()).ok()?.allowed.intersection(scopes))
        });
        let services = callable.fold(ServiceScopes::default(), |all, one| all.union(&one));
        let all: Vec<String> = words.chain(services.iter().map(str::to_owned)).collect();
        all.join(" ")
    }
}

impl Reach {
    /// What of the access that was `authorized` it keeps.
    pub fn access(&self, authorized: &Authorized) -> Access {
        let reached =
            authorized.access.resources.iter().filter(|(one, _)| self.audience.contains(one.as_str()));
        let kept = |(resource, scopes): (&ResourceUri, &ServiceScopes)| {
            (resource.clone(), scopes.intersection(&self.service_scopes))
        };
        Access { resources: reached.map(kept).collect() }
    }

    /// The scopes as one text.
    pub fn scope(&self) -> String {
        let services = self.service_scopes.iter().map(str::to_owned);
        let words: Vec<String> =
            self.scopes.iter().map(|scope| scope.as_str().to_owned()).chain(services).collect();
        words.join(" ")
    }

    /// With exactly these of its details (RFC 9396 §6); all of them, where nothing is said.
    pub fn with_details(self, wanted: Option<&[AuthorizationDetail]>) -> Result<Self, ReachRefused> {
        let Some(wanted) = wanted else { return Ok(self) };
        match wanted.iter().all(|detail| self.details.contains(detail)) {
            true => Ok(Self { details: wanted.to_vec(), ..self }),
            false => Err(ReachRefused::OtherDetails),
        }
    }

    /// As far as `wanted` says (RFC 6749 §6: never further). Words that nobody knows are passed over.
    pub fn narrowed(self, wanted: Option<&str>) -> Result<Self, ReachRefused> {
        let Some(wanted) = wanted else { return Ok(self) };
        let scopes = ScopeSet::parse(wanted);
        let service_scopes = ServiceScopes::named_in(wanted).intersection(&self.known);
        if !scopes.is_subset(&self.scopes) || !service_scopes.is_subset(&self.service_scopes) {
            return Err(ReachRefused::WiderScope);
        }
        if scopes.is_empty() && service_scopes.is_empty() {
            return Err(ReachRefused::NoScope);
        }
        Ok(Self { scopes, service_scopes, ..self })
    }
}

fn names<'a>(
    granted: &'a Access,
    named: &'a [String],
    issuer: &'a str,
) -> Result<BTreeSet<&'a str>, TargetRefused> {
    let mut all: BTreeSet<&str> = granted.resources.keys().map(ResourceUri::as_str).collect();
    if named.is_empty() {
        if all.is_empty() {
            all.insert(issuer);
        }
        return Ok(all);
    }
    let may = |name: &&str| *name == issuer || all.contains(name);
    let wanted = named.iter().map(String::as_str);
    wanted.map(|name| Some(name).filter(may).ok_or(TargetRefused::NotAuthorized)).collect()
}
