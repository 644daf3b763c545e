//! What a person agreed to share with one system.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::base::ids::{AccountId, ConsentId};
use crate::domain::client::{Bilingual, ClaimGrant};
use crate::protocol::ClaimName;
use crate::protocol::ClientId;
use crate::protocol::Locale;
use crate::protocol::ResourceUri;
use crate::protocol::ScopeSet;
use crate::protocol::ServiceScopes;

/// A remembered answer. One per person and system; a new answer takes the place of the old.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The row.
    pub id: ConsentId,
    /// Who answered.
    pub account_id: AccountId,
    /// Which system asked.
    pub client_id: ClientId,
    /// What exactly was asked and answered.
    pub terms: ConsentTerms,
    /// When she last answered.
    pub confirmed_at: Timestamp,
    /// When she took it back.
    pub withdrawn_at: Option<Timestamp>,
}

/// What was on the page and what was answered: enough to prove the consent later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentTerms {
    /// The scopes that were granted.
    pub scopes: ScopeSet,
    /// The claims that stood on the page.
    pub offered: BTreeSet<ClaimName>,
    /// Those of them that she shares.
    pub given: BTreeSet<ClaimName>,
    /// The resources that the system may call for her.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resources: BTreeMap<ResourceUri, AgreedResource>,
    /// Digests of exactly what it may do there, as it stood on the page last time.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub details: BTreeSet<String>,
    /// Digest of names, purposes and legal bases as they stood in the registration.
    pub text_version: String,
    /// The language she read.
    pub locale: Locale,
}

/// How far a system may call a resource, as it stood on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedResource {
    /// The name of the system that it belongs to.
    pub name: Bilingual,
    /// How far.
    pub scopes: ServiceScopes,
}

impl Consent {
    /// Whether it stands.
    pub const fn is_standing(&self) -> bool {
        self.withdrawn_at.is_none()
    }

    /// Whether it answers a request for these scopes and claims under this text.
    pub fn covers(&self, scopes: &ScopeSet, claims: &BTreeSet<ClaimName>, text_version: &str) -> bool {
        self.is_standing()
            && self.terms.text_version == text_version
            && scopes.is_subset(&self.terms.scopes)
            && claims.is_subset(&self.terms.offered)
    }
}

impl ConsentTerms {
    /// Whether a claim may be told: what rests on consent only where she gave it.
    pub fn allow(&self, grant: &ClaimGrant) -> bool {
        !grant.basis.is_consent() || self.given.contains(&grant.claim)
    }

    /// Whether a resource that is called so may be called as far as `scopes`.
    pub fn allow_access(&self, resource: &ResourceUri, name: &Bilingual, scopes: &ServiceScopes) -> bool {
        let agreed = self.resources.get(resource);
        agreed.is_some_and(|agreed| agreed.name == *name && scopes.is_subset(&agreed.scopes))
    }

    /// These terms on top of `earlier` ones that still stand: what was not asked this time stays as it was answered.
    pub fn on_top_of(mut self, earlier: &ConsentTerms) -> Self {
        if earlier.text_version == self.text_version {
            let kept = earlier.given.difference(&self.offered);
            self.given.extend(kept.copied().collect::<Vec<_>>());
            self.offered.extend(&earlier.offered);
            self.scopes = self.scopes.union(&earlier.scopes);
            // Another answer about details takes the place of the one before: each is for what it names, and they are many.
            if self.details.is_empty() {
                self.details.clone_from(&earlier.details);
            }
            for (resource, before) in &earlier.resources {
                let agreed = self.resources.entry(resource.clone()).or_insert_with(|| before.clone());
                if agreed.name == before.name {
                    agreed.scopes = agreed.scopes.union(&before.scopes);
                }
            }
        }
        self
    }
}
