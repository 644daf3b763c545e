//! What cannot be seen in a registration by itself: whether this instance could ever do what it says.

use url::Url;

use super::Provider;
use crate::crypto::{UselessKey, useless_key};
use crate::domain::client::Registration;
use crate::outbound::OutboundError;
use crate::protocol::{ClientRegistrationError, RegistrationErrorCode};

/// Why this instance cannot take a registration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Its certificates do not get here.
    #[error(
        "token_endpoint_auth_method: it is not among what discovery lists, or tokens would be bound to a certificate that does not get here"
    )]
    Certificates,
    /// Its assertions and requests could never be verified, or nothing encrypted to it.
    #[error("jwks: {0}")]
    Key(UselessKey),
    /// What lies there would never be fetched, or nothing ever be sent there.
    #[error("{member}: {why}")]
    Address {
        /// The member.
        member: &'static str,
        /// What keeps it from being called.
        why: OutboundError,
    },
}

impl Provider {
    /// The first thing in `registration` that this instance could never do.
    pub fn unfit(&self, registration: &Registration) -> Option<Unfit> {
        if !self.policy.can_serve(registration) {
            return Some(Unfit::Certificates);
        }
        let useless = registration.jwks.as_ref().and_then(|jwks| useless_key(jwks.value()));
        useless.map(Unfit::Key).or_else(|| self.unreachable(registration))
    }

    /// The first address that the way out is closed to. Where a name leads is seen when it is called: that may change.
    fn unreachable(&self, registration: &Registration) -> Option<Unfit> {
        let read = |text: &str| Url::parse(text).map_err(|_| OutboundError::NotHttps);
        let keys = registration.jwks_uri.iter().map(|uri| ("jwks_uri", read(uri)));
        let requests = registration.request_uris.iter().map(|uri| ("request_uris", read(uri.as_str())));
        let told = registration.backchannel_logout_uri.iter();
        let told = told.map(|uri| ("backchannel_logout_uri", Ok(uri.url().clone())));
        keys.chain(requests).chain(told).find_map(|(member, url)| {
            let why = url.and_then(|url| self.outbound.permits(&url)).err()?;
            Some(Unfit::Address { member, why })
        })
    }
}

impl From<Unfit> for ClientRegistrationError {
    fn from(unfit: Unfit) -> Self {
        Self::new(RegistrationErrorCode::InvalidClientMetadata, format!("{unfit}."))
    }
}
