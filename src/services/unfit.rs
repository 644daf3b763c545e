//! What cannot be seen in a registration by itself: whether this instance could ever do what it says.

use super::Provider;
use crate::crypto::{UselessKey, useless_key};
use crate::domain::client::Registration;
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
}

impl Provider {
    /// The first thing in `registration` that this instance could never do.
    pub fn unfit(&self, registration: &Registration) -> Option<Unfit> {
        if !self.policy.can_serve(registration) {
            return Some(Unfit::Certificates);
        }
        registration.jwks.as_ref().and_then(|jwks| useless_key(jwks.value())).map(Unfit::Key)
    }
}

impl From<Unfit> for ClientRegistrationError {
    fn from(unfit: Unfit) -> Self {
        Self::new(RegistrationErrorCode::InvalidClientMetadata, format!("{unfit}."))
    }
}
