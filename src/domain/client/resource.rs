//! Resources: which a system is, and which it may call.

use serde::{Deserialize, Serialize};

use super::DetailsType;
use crate::protocol::{AccessTokenFormat, ClientId, ResourceUri, ServiceScopes};

/// A resource that a system protects: it takes access tokens that name it as their audience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectedResource {
    /// Its name (RFC 8707 §2).
    pub resource: ResourceUri,
    /// The scopes that it knows.
    pub scope: ServiceScopes,
    /// The form in which it takes access tokens.
    #[serde(default, skip_serializing_if = "AccessTokenFormat::is_default")]
    pub access_token_format: AccessTokenFormat,
    /// The types of authorization details that it knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details: Vec<DetailsType>,
}

/// A resource that a system may call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceAccess {
    /// Its name.
    pub resource: ResourceUri,
    /// How far.
    pub scope: ServiceScopes,
}

/// A pair of systems between which tokens of people are exchanged (RFC 8693): called by the one, this one may call a
/// resource for the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangePolicy {
    /// Whose tokens.
    pub from: ClientId,
    /// Towards which resource.
    pub resource: ResourceUri,
    /// How far.
    pub scope: ServiceScopes,
}
