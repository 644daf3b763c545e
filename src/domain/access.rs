//! What a system may do for a person beyond knowing who she is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::protocol::{AuthorizationDetail, ResourceUri, ServiceScopes};

/// The resources that a system may call for a person, and how far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Which, and the scopes at each: the same word at another one is another right. The provider itself is among them where
    /// it was named; where there is none, it alone is meant.
    pub resources: BTreeMap<ResourceUri, ServiceScopes>,
}

/// Exactly what a person authorized at a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedDetail {
    /// Where.
    pub resource: ResourceUri,
    /// What.
    pub detail: AuthorizationDetail,
}

impl Access {
    /// Whether nothing but the provider itself was named.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// The scopes at `resource`.
    pub fn at(&self, resource: &ResourceUri) -> ServiceScopes {
        self.resources.get(resource).cloned().unwrap_or_default()
    }

    /// The scopes of all resources together.
    pub fn scopes(&self) -> ServiceScopes {
        self.resources.values().fold(ServiceScopes::default(), |all, one| all.union(one))
    }
}
