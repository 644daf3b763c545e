//! What a registration says where a request says nothing.

use std::time::Duration;

use crate::domain::client::Registration;
use crate::protocol::{AcrRequest, AuthorizationRequest, Importance, Prefixes};

/// `request` with what its client registered for requests that say nothing (OIDC Registration §2): the request goes first.
pub(super) fn with_defaults(
    mut request: AuthorizationRequest,
    registration: &Registration,
    prefixes: &Prefixes,
) -> AuthorizationRequest {
    // RFC 9470 §5: a resource demands the level that it names. Less than that would bring the client back for ever.
    if let (false, Some(acr)) = (request.resources.is_empty(), &mut request.acr) {
        acr.importance = Importance::Essential;
    }
    let seconds = registration.default_max_age.map(u64::from);
    request.max_age = request.max_age.or(seconds.map(Duration::from_secs));
    if request.acr.is_none() && !registration.default_acr_values.is_empty() {
        let levels = registration.default_acr_values.iter().map(String::as_str);
        request.acr = Some(AcrRequest::wish(levels, prefixes));
    }
    request
}
