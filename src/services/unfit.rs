//! What cannot be seen in a registration by itself: whether this instance could ever do what it says.

use url::Url;

use super::Provider;
use crate::crypto::jwe::Recipient;
use crate::crypto::signing::Jwks;
use crate::crypto::{UselessKey, useless_key};
use crate::domain::client::Registration;
use crate::outbound::OutboundError;
use crate::protocol::{
    ClientProfile, ClientRegistrationError, KeyManagementAlgorithm, RegisteredRedirectUri,
    RegistrationErrorCode,
};

/// Why this instance cannot take a registration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Its certificates do not get here.
    #[error(
        "token_endpoint_auth_method: it is not among what discovery lists, or tokens would be bound to a certificate that does not get here"
    )]
    Certificates,
    /// People would be sent over plain http, where nobody is invented.
    #[error("redirect_uris: the profile {0} takes https alone")]
    RedirectUri(ClientProfile),
    /// Its assertions and requests could never be verified, or nothing encrypted to it.
    #[error("jwks: {0}")]
    Key(UselessKey),
    /// Nothing could be encrypted to it in a way that it is registered for.
    #[error("{member}: needs a key for {alg} in jwks, or a jwks_uri")]
    EncryptionKey {
        /// The member.
        member: &'static str,
        /// What the key would be for.
        alg: KeyManagementAlgorithm,
    },
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
        let is_good = |uri: &RegisteredRedirectUri| {
            registration.profile.redirects_to(uri.as_str()).holds(self.policy.sandbox)
        };
        if !registration.redirect_uris.iter().all(is_good) {
            return Some(Unfit::RedirectUri(registration.profile));
        }
        let useless = registration.jwks.as_ref().and_then(|jwks| useless_key(jwks.value()));
        let useless = useless.map(Unfit::Key).or_else(|| without_encryption_key(registration));
        useless.or_else(|| self.unreachable(registration))
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

/// The first way of encrypting for which the registered keys hold none.
fn without_encryption_key(registration: &Registration) -> Option<Unfit> {
    let jwks = registration.jwks.as_ref()?;
    let keys: Jwks = serde_json::from_value(jwks.value().clone()).unwrap_or_default();
    let ways = [
        ("id_token_encrypted_response_alg", registration.id_token_encrypted_response),
        ("userinfo_encrypted_response_alg", registration.userinfo_encrypted_response),
        ("authorization_encrypted_response_alg", registration.authorization_encrypted_response),
        ("introspection_encrypted_response_alg", registration.introspection_encrypted_response),
    ];
    ways.into_iter().find_map(|(member, how)| {
        let alg = how?.alg;
        Recipient::find(&keys, alg).is_none().then_some(Unfit::EncryptionKey { member, alg })
    })
}

impl From<Unfit> for ClientRegistrationError {
    fn from(unfit: Unfit) -> Self {
        let code = match unfit {
            Unfit::RedirectUri(_) => RegistrationErrorCode::InvalidRedirectUri,
            Unfit::Certificates | Unfit::Key(_) | Unfit::EncryptionKey { .. } | Unfit::Address { .. } => {
                RegistrationErrorCode::InvalidClientMetadata
            }
        };
        Self::new(code, format!("{unfit}."))
    }
}
