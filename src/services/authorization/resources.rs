//! The resources that a request wants to call for a person (RFC 8707 §2.1).

use std::collections::BTreeSet;

use crate::domain::client::Client;
use crate::domain::interaction::{OfferedDetail, OfferedResource};
use crate::protocol::{
    AccessTokenFormat, AuthorizationError, AuthorizationErrorCode, AuthorizationRequest, ResourceUri,
    ServiceScopes,
};
use crate::services::Provider;
use crate::services::tokens::TargetRefused;

impl Provider {
    /// What `request` wants of each resource, as far as `client` is registered for it; the provider itself is none of them.
    ///
    /// Of the scopes asked for, a resource knows its own. Where it knows none of them, the client gets there whatever it is
    /// registered for, as where it acts for itself: the person sees which.
    pub(super) fn wanted_resources(
        &self,
        request: &AuthorizationRequest,
        client: &Client,
        details: &[OfferedDetail],
    ) -> Result<Vec<OfferedResource>, AuthorizationError> {
        let issuer = self.policy.issuer.as_str();
        let meant = details.iter().map(|offered| &offered.resource);
        let all: BTreeSet<&ResourceUri> = request.resources.iter().chain(meant).collect();
        let callable: Vec<_> = all
            .into_iter()
            .filter(|resource| resource.as_str() != issuer)
            .map(|resource| self.callable(client, resource.as_str()))
            .collect::<Result<_, _>>()
            .map_err(|refused| {
                AuthorizationError::new(AuthorizationErrorCode::InvalidTarget, refused.to_string())
            })?;
        let forms: BTreeSet<AccessTokenFormat> = callable.iter().map(|one| one.format).collect();
        // With a code, one is named when it is redeemed; a token of this answer would be for all of them.
        if request.response_type.gives_access_token() && forms.len() > 1 {
            let description = TargetRefused::Forms.to_string();
            return Err(AuthorizationError::new(AuthorizationErrorCode::InvalidTarget, description));
        }
        let all = |of: fn(&_) -> &ServiceScopes| {
            callable.iter().fold(ServiceScopes::default(), |all, one| all.union(of(one)))
        };
        let asked = request.service_scope.intersection(&all(|one| &one.known));
        if !asked.is_subset(&all(|one| &one.allowed)) {
            let description = "scope asks for more than this client is registered for at this resource.";
            return Err(AuthorizationError::new(AuthorizationErrorCode::InvalidScope, description));
        }
        let offered = callable.into_iter().map(|one| OfferedResource {
            scopes: match asked.intersection(&one.known) {
                // What is said exactly needs no scope.
                none if none.is_empty() && !request.resources.contains(&one.resource) => none,
                none if none.is_empty() => one.allowed,
                some => some.intersection(&one.allowed),
            },
            name: one.protector.registration.client_name.clone(),
            resource: one.resource,
        });
        Ok(offered.collect())
    }
}
