//! What a system may do for a person beyond knowing who she is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::protocol::{AuthorizationDetail, ResourceUri, ServiceScopes};

/// The resources that a system may call for a person, and how far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Which; the provider itself among them where it was named. Where there is none, it alone is meant.
    pub resources: BTreeSet<ResourceUri>,
    /// The scopes of those resources.
    pub scopes: ServiceScopes,
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
        self.resources.is_empty() && self.scopes.is_empty()
    }
}
