//! What exactly a request wants to do at resources (RFC 9396).

use std::sync::Arc;

use crate::domain::access::GrantedDetail;
use crate::domain::client::{Client, DetailsType};
use crate::domain::interaction::OfferedDetail;
use crate::protocol::{
    AuthorizationDetail, AuthorizationError, AuthorizationErrorCode, AuthorizationRequest, ResourceUri,
};
use crate::services::Provider;

/// Why details are not for this client. RFC 9396 §5: all of it is `invalid_authorization_details`; the text says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetailsRefused {
    /// Of a type that its registration does not have.
    #[error("authorization_details has a type that this client is not registered for.")]
    Type,
    /// At no resource that it may call.
    #[error("No resource that this client may call knows such authorization_details there.")]
    Nowhere,
    /// At more than one.
    #[error("Several resources know such authorization_details; name one in locations.")]
    Several,
    /// Of another form than the type has.
    #[error("A field of authorization_details is missing, or its type does not know it.")]
    Field,
    /// Of a type to which a person has to agree.
    #[error("authorization_details has a type that a person has to agree to; ask for it at /authorize.")]
    NeedsPerson,
}

impl Provider {
    /// Each detail of `request` in the words of its type, at the resource that knows it.
    pub(super) fn wanted_details(
        &self,
        request: &AuthorizationRequest,
        client: &Client,
    ) -> Result<Vec<OfferedDetail>, AuthorizationError> {
        let wrong = |refused: DetailsRefused| {
            AuthorizationError::new(AuthorizationErrorCode::InvalidAuthorizationDetails, refused.to_string())
        };
        let offered = |detail| self.offered(client, detail).map(|(offered, _)| offered).map_err(wrong);
        request.details.iter().map(offered).collect()
    }

    /// Each of `details` as `client` may have it for itself: the resource says of which types nobody has to agree to them.
    pub(in crate::services) fn details_for_itself(
        &self,
        client: &Client,
        details: &[AuthorizationDetail],
    ) -> Result<Vec<GrantedDetail>, DetailsRefused> {
        let granted = |detail| match self.offered(client, detail)? {
            (offered, kind) if kind.for_systems => Ok(offered.granted()),
            _ => Err(DetailsRefused::NeedsPerson),
        };
        details.iter().map(granted).collect()
    }

    /// `detail` in the words of its type.
    ///
    /// RFC 9396 §5: an unknown type or field, a missing or other one, and what the client is not registered for are refused. A
    /// detail is for one resource: the one of `locations`, or the only one that knows its type among those that the client may call.
    fn offered(
        &self,
        client: &Client,
        detail: &AuthorizationDetail,
    ) -> Result<(OfferedDetail, DetailsType), DetailsRefused> {
        if !client.registration.authorization_details_types.iter().any(|kind| kind == detail.kind()) {
            return Err(DetailsRefused::Type);
        }
        let (resource, kind) = match self.places_of(client, detail).as_slice() {
            [one] => one.clone(),
            [] => return Err(DetailsRefused::Nowhere),
            _ => return Err(DetailsRefused::Several),
        };
        let offered = OfferedDetail::of(resource, detail.clone(), &kind).ok_or(DetailsRefused::Field)?;
        Ok((offered, kind))
    }

    /// The types of all resources, as discovery lists them.
    pub fn details_types(&self) -> Arc<[String]> {
        self.clients.details_types()
    }

    /// The resources that `client` may call, that know the type of `detail`, and that it does not exclude.
    pub(in crate::services) fn places_of(
        &self,
        client: &Client,
        detail: &AuthorizationDetail,
    ) -> Vec<(ResourceUri, DetailsType)> {
        let locations = detail.locations();
        let is_there = |resource: &str| match locations.as_deref() {
            None => true,
            Some([only]) => *only == resource,
            Some(_) => false,
        };
        let registered = client.registration.resources.iter().map(|access| access.resource.as_str());
        let callable =
            registered.filter(|name| is_there(name)).filter_map(|name| self.callable(client, name).ok());
        let known = callable.filter_map(|one| {
            let protected = one.protector.registration.protects(&one.resource)?;
            let kind =
                protected.authorization_details.iter().find(|kind| kind.kind == detail.kind())?.clone();
            Some((one.resource, kind))
        });
        known.collect()
    }
}
