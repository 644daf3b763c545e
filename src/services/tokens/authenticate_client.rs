//! Client authentication (RFC 6749 §2.3).

use std::sync::Arc;

use subtle::{Choice, ConstantTimeEq};

use crate::domain::client::Client;
use crate::protocol::{PresentedCredentials, TokenError, TokenErrorCode};
use crate::services::Provider;

/// A client that proved who it is, or that is public and said so. Nothing but [`Provider::authenticate_client`] makes one.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient(Arc<Client>);

impl std::ops::Deref for AuthenticatedClient {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

impl Provider {
    /// Finds and authenticates the client of a request. Whichever part is wrong, time and text are the same.
    pub async fn authenticate_client(
        &self,
        presented: &PresentedCredentials,
    ) -> Result<AuthenticatedClient, TokenError> {
        let client = self.client(presented.client_id());
        let digest = presented.secret().map(|secret| self.secret_digest(secret.expose()));
        let secret_fits = match (&digest, &client) {
            (Some(digest), Some(client)) => self.is_live_secret(client, digest),
            (Some(_), None) => false,
            (None, _) => true,
        };
        match client {
            Some(client)
                if secret_fits && client.registration.token_endpoint_auth_method == presented.method() =>
            {
                Ok(AuthenticatedClient(client))
            }
            _ => Err(TokenError::new(
                TokenErrorCode::InvalidClient,
                "Client authentication failed: unknown client, wrong secret, or another method than the registered one.",
            )),
        }
    }

    fn is_live_secret(&self, client: &Client, digest: &[u8]) -> bool {
        let now = self.now();
        let fits = |found: Choice, stored: &[u8]| found | stored.ct_eq(digest);
        let live = client.secrets.iter().filter(|secret| secret.is_live(now));
        live.fold(Choice::from(0), |found, secret| fits(found, &secret.digest)).into()
    }
}
