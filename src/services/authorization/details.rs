//! What exactly a request wants to do at resources (RFC 9396).

use crate::domain::client::{Client, DetailsType};
use crate::domain::interaction::OfferedDetail;
use crate::protocol::{
    AuthorizationDetail, AuthorizationError, AuthorizationErrorCode, AuthorizationRequest, ResourceUri,
};
use crate::services::Provider;

impl Provider {
    /// Each detail of `request` in the words of its type, at the resource that knows it.
    ///
    /// RFC 9396 §5: an unknown type or field, a missing or other one, and what the client is not registered for are refused. A
    /// detail is for one resource: the one of `locations`, or the only one that knows its type among those that the client may call.
    pub(super) fn wanted_details(
        &self,
        request: &AuthorizationRequest,
        client: &Client,
    ) -> Result<Vec<OfferedDetail>, AuthorizationError> {
        let wrong = |description: &'static str| {
            AuthorizationError::new(AuthorizationErrorCode::InvalidAuthorizationDetails, description)
        };
        let offered = request.details.iter().map(|detail| {
            if !client.registration.authorization_details_types.iter().any(|kind| kind == detail.kind()) {
                return Err(wrong(
                    "authorization_details has a type that this client is not registered for.",
                ));
            }
            let (resource, kind) = match self.places_of(client, detail).as_slice() {
                [one] => one.clone(),
                [] => {
                    return Err(wrong(
                        "No resource that this client may call knows such authorization_details there.",
                    ));
                }
                _ => {
                    return Err(wrong(
                        "Several resources know such authorization_details; name one in locations.",
                    ));
                }
            };
            let fields = "A field of authorization_details is missing, or its type does not know it.";
            OfferedDetail::of(resource, detail.clone(), &kind).ok_or_else(|| wrong(fields))
        });
        offered.collect()
    }

    /// The types of all resources, as discovery lists them.
    pub fn details_types(&self) -> Vec<String> {
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
