//! Clients that prove themselves by the certificate of their connection (RFC 8705 §2).

use std::sync::Arc;

use crate::crypto::signing::Jwks;
use crate::domain::client::Client;
use crate::protocol::{ClientAuthMethod, ShownCertificate};
use crate::services::Provider;

impl Provider {
    /// Whether `shown` proves that the caller is `client`, by the method that is registered.
    ///
    /// An authority's word is looked at in any case, so that how long it takes tells nobody who is registered how.
    pub(super) async fn is_certified(&self, client: Option<&Arc<Client>>, shown: &ShownCertificate) -> bool {
        let Some(mutual_tls) = &self.policy.mutual_tls else { return false };
        let is_vouched_for = mutual_tls
            .authorities
            .as_ref()
            .is_some_and(|authorities| authorities.vouch_for(shown, self.now()));
        let Some(client) = client else { return false };
        match client.registration.token_endpoint_auth_method {
            ClientAuthMethod::TlsClientAuth => {
                let name = client.registration.certificate_name.as_ref();
                is_vouched_for && name.is_some_and(|name| name.is_of(&shown.leaf))
            }
            ClientAuthMethod::SelfSignedTlsClientAuth => self.is_registered_itself(client, shown).await,
            ClientAuthMethod::ClientSecretBasic
            | ClientAuthMethod::ClientSecretPost
            | ClientAuthMethod::ClientSecretJwt
            | ClientAuthMethod::PrivateKeyJwt
            | ClientAuthMethod::None => false,
        }
    }

    /// RFC 8705 §2.2: nobody has to have signed it; that it is registered is all.
    async fn is_registered_itself(&self, client: &Client, shown: &ShownCertificate) -> bool {
        if !shown.leaf.is_in_time(self.now()) {
            return false;
        }
        let found = |keys: &Jwks| keys.keys.iter().any(|key| key.certifies(&shown.leaf)).then_some(());
        self.with_client_keys(client, found).await.is_some()
    }
}
