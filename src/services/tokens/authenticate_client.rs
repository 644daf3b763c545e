//! Client authentication (RFC 6749 §2.3).

use std::sync::Arc;

use subtle::{Choice, ConstantTimeEq};

use crate::domain::client::Client;
use crate::protocol::{ClientAuthMethod, PresentedCredentials, ShownCertificate, TokenError, TokenErrorCode};
use crate::services::{Failure, Provider};

/// A client that proved who it is, or that is public and said so. Nothing but [`Provider::authenticate_client`] makes one.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient(Arc<Client>);

impl std::ops::Deref for AuthenticatedClient {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

/// Why a client is not authenticated.
#[derive(Debug)]
pub enum NotAuthenticated {
    /// By its own fault.
    Refused(TokenError),
    /// The house did not work: whether it is right is not known.
    Failed(Failure),
}

impl From<TokenError> for NotAuthenticated {
    fn from(error: TokenError) -> Self {
        Self::Refused(error)
    }
}

impl From<Failure> for NotAuthenticated {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// The same for all that whoever has no secret and no key could learn something from.
pub(super) fn refused() -> TokenError {
    TokenError::new(
        TokenErrorCode::InvalidClient,
        "Client authentication failed: unknown client, wrong secret or key, or another method than the registered one.",
    )
}

impl Provider {
    /// Finds and authenticates the client of a request. Whichever part is wrong, time and text are the same.
    pub async fn authenticate_client(
        &self,
        presented: &PresentedCredentials,
        certificate: Option<&ShownCertificate>,
    ) -> Result<AuthenticatedClient, NotAuthenticated> {
        let client = self.client(presented.client_id());
        let (method, fits) = match presented {
            PresentedCredentials::Basic { secret, .. } => {
                (ClientAuthMethod::ClientSecretBasic, self.is_live_secret(client.as_deref(), secret.expose()))
            }
            PresentedCredentials::Post { secret, .. } => {
                (ClientAuthMethod::ClientSecretPost, self.is_live_secret(client.as_deref(), secret.expose()))
            }
            PresentedCredentials::Assertion(assertion) => {
                let client = self.verify_assertion(client, assertion.jwt()).await?;
                return Ok(AuthenticatedClient(client));
            }
            PresentedCredentials::Public { .. } => {
                self.without_credentials(client.as_ref(), certificate).await
            }
        };
        match client {
            Some(client) if fits && client.registration.token_endpoint_auth_method == method => {
                Ok(AuthenticatedClient(client))
            }
            _ => Err(refused().into()),
        }
    }

    /// A name alone: of a public client, or beside the certificate of the connection. RFC 8705 §2: a certificate authenticates
    /// only those who are registered for it; others may show one to have their tokens bound to it.
    async fn without_credentials(
        &self,
        client: Option<&Arc<Client>>,
        certificate: Option<&ShownCertificate>,
    ) -> (ClientAuthMethod, bool) {
        let is_certified = match certificate {
            Some(certificate) => self.is_certified(client, certificate).await,
            None => false,
        };
        match client.map(|client| client.registration.token_endpoint_auth_method) {
            Some(method) if method.uses_certificate() => (method, is_certified),
            _ => (ClientAuthMethod::None, true),
        }
    }

    fn is_live_secret(&self, client: Option<&Client>, secret: &str) -> bool {
        let (now, digest) = (self.now(), self.secret_digest(secret));
        let fits = |found: Choice, stored: &[u8]| found | stored.ct_eq(&digest);
        let live = client.into_iter().flat_map(|client| &client.secrets).filter(|secret| secret.is_live(now));
        live.fold(Choice::from(0), |found, secret| fits(found, &secret.digest)).into()
    }
}
