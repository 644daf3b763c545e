//! What a request would give its system, and what a person is asked about it.

use std::collections::{BTreeMap, BTreeSet};

use ring::digest;

use super::{OfferedDetail, Situation};
use crate::base::encoding::base64url;
use crate::domain::access::{Access, GrantedDetail};
use crate::domain::client::{Bilingual, ClaimGrant, Client};
use crate::domain::consent::{AgreedResource, Consent};
use crate::protocol::{
    AuthorizationRequest, ClaimName, ClaimWishes, ResourceUri, Scope, ScopeSet, ServiceScopes, VerifiedWishes,
};

/// What is given: only what was asked for, is registered, and has its legal basis or the person's agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The scopes.
    pub scopes: ScopeSet,
    /// The resources that the access token is for.
    pub access: Access,
    /// What exactly may be done there.
    pub details: Vec<GrantedDetail>,
    /// The claims that userinfo tells.
    pub userinfo_claims: BTreeSet<ClaimName>,
    /// The claims that were asked for in the ID token itself (OIDC Core §5.5).
    pub id_token_claims: BTreeSet<ClaimName>,
    /// The claims that were asked for as verified.
    pub verified: VerifiedWishes,
}

impl Grant {
    /// What `situation` gives.
    pub fn of(situation: &Situation<'_>) -> Self {
        let requested = &situation.request.claims;
        let may_have = |claim: &ClaimName| {
            situation
                .client
                .registration
                .grant_of(*claim)
                .is_some_and(|grant| is_agreed(grant, situation.consent))
        };
        Self {
            scopes: situation.request.scope.clone(),
            details: situation.details.iter().map(OfferedDetail::granted).collect(),
            access: Access {
                resources: {
                    let named = situation.request.resources.iter().cloned();
                    let named = named.map(|resource| (resource, ServiceScopes::default()));
                    named.chain(scopes_at(situation.resources)).collect()
                },
            },
            userinfo_claims: userinfo_claims(situation.request).filter(may_have).collect(),
            id_token_claims: names(&requested.id_token).filter(may_have).collect(),
            verified: requested.verified.clone().limited(may_have),
        }
    }

    /// Whether tokens outlive the session.
    pub fn is_offline(&self) -> bool {
        self.scopes.contains(Scope::OfflineAccess)
    }
}

/// Scopes stand for claims of userinfo (OIDC Core §5.4, code flow); more can be asked for one by one (§5.5).
fn userinfo_claims(request: &AuthorizationRequest) -> impl Iterator<Item = ClaimName> {
    request.scope.claims().into_iter().chain(names(&request.claims.userinfo))
}

fn names(wishes: &ClaimWishes) -> impl Iterator<Item = ClaimName> {
    wishes.iter().map(|(name, _)| name)
}

/// A claim that rests on consent is given only where the person said so.
fn is_agreed(grant: &ClaimGrant, consent: Option<&Consent>) -> bool {
    let standing = consent.filter(|consent| consent.is_standing());
    standing.map_or(!grant.basis.is_consent(), |consent| consent.terms.allow(grant))
}

/// What the person is asked: system, purposes, legal bases, and each claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The scopes that are asked for.
    pub scopes: ScopeSet,
    /// Each claim that is asked for and registered.
    pub claims: Vec<OfferedClaim>,
    /// Each resource that the system wants to call.
    pub resources: Vec<OfferedResource>,
    /// What exactly it wants to do there.
    pub details: Vec<OfferedDetail>,
    /// Digest of everything registered that a person reads: a change of name, purpose or basis asks anew.
    pub text_version: String,
}

/// A resource that a system wants to call in the person's name. It always rests on her consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedResource {
    /// Its address.
    pub resource: ResourceUri,
    /// The name of the system that it belongs to.
    pub name: Bilingual,
    /// How far.
    pub scopes: ServiceScopes,
}

/// One line of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedClaim {
    /// The registered claim, purpose and basis.
    pub grant: ClaimGrant,
    /// What the person said last time, where she was asked.
    pub given_before: Option<bool>,
}

impl OfferedClaim {
    /// Whether the person decides: it rests on her consent, and the service is possible without.
    pub const fn is_choice(&self) -> bool {
        self.grant.basis.is_consent() && !self.grant.essential
    }
}

impl Offer {
    /// What `situation` asks.
    pub fn of(situation: &Situation<'_>) -> Self {
        let request = situation.request;
        let asked: BTreeSet<ClaimName> = userinfo_claims(request)
            .chain(names(&request.claims.id_token))
            .chain(request.claims.verified.names())
            .collect();
        let grants = situation.client.registration.claims.iter().filter(|grant| asked.contains(&grant.claim));
        let claims: Vec<OfferedClaim> = grants
            .map(|grant| OfferedClaim {
                grant: grant.clone(),
                given_before: given_before(grant.claim, situation.consent),
            })
            .collect();
        Self {
            scopes: request.scope.clone(),
            claims,
            resources: situation.resources.to_vec(),
            details: situation.details.to_vec(),
            text_version: text_version(situation.client),
        }
    }

    /// The claims on the page.
    pub fn claim_names(&self) -> BTreeSet<ClaimName> {
        self.claims.iter().map(|offered| offered.grant.claim).collect()
    }

    /// Whether anything on the page rests on the person's consent. Where nothing does, it is a notice, not a question.
    pub fn asks_consent(&self) -> bool {
        self.claims.iter().any(|offered| offered.grant.basis.is_consent())
            || self.scopes.contains(Scope::OfflineAccess)
            || !self.resources.is_empty()
    }

    /// The resources and scopes together.
    pub fn access(&self) -> Access {
        Access { resources: scopes_at(&self.resources).collect() }
    }

    /// The resources as she agrees to them.
    pub fn agreed_resources(&self) -> BTreeMap<ResourceUri, AgreedResource> {
        let agreed = |one: &OfferedResource| {
            let OfferedResource { resource, name, scopes } = one.clone();
            (resource, AgreedResource { name, scopes })
        };
        self.resources.iter().map(agreed).collect()
    }

    /// What is shared when she ticked `ticked`: that, what is essential, and what needs no consent.
    pub fn given(&self, ticked: &BTreeSet<ClaimName>) -> BTreeSet<ClaimName> {
        let is_given =
            |offered: &&OfferedClaim| !offered.is_choice() || ticked.contains(&offered.grant.claim);
        self.claims.iter().filter(is_given).map(|offered| offered.grant.claim).collect()
    }
}

fn scopes_at(resources: &[OfferedResource]) -> impl Iterator<Item = (ResourceUri, ServiceScopes)> {
    resources.iter().map(|offered| (offered.resource.clone(), offered.scopes.clone()))
}

fn given_before(claim: ClaimName, consent: Option<&Consent>) -> Option<bool> {
    let terms = &consent?.terms;
    terms.offered.contains(&claim).then(|| terms.given.contains(&claim))
}

fn text_version(client: &Client) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut line = |text: &str| {
        context.update(&(text.len() as u64).to_be_bytes());
        context.update(text.as_bytes());
    };
    for name in [&client.registration.client_name.vi, &client.registration.client_name.en] {
        line(name);
    }
    for grant in &client.registration.claims {
        for text in [grant.claim.as_str(), &grant.purpose.vi, &grant.purpose.en, grant.basis.as_str()] {
            line(text);
        }
        line(if grant.essential { "essential" } else { "optional" });
    }
    base64url(context.finish().as_ref().get(..16).unwrap_or_default())
}
