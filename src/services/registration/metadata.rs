//! What systems say of themselves, judged, and what they are told.

use serde_json::{Map, Value, json};
use url::Url;

use super::registering::{Held, Shown};
use super::software_statement::MEMBER;
use crate::domain::client::{Allowance, Client, ClientMetadata, RegistrationDocument, as_metadata};
use crate::outbound::Limits;
use crate::protocol::{ClientId, ClientRegistrationError, Endpoint, RegistrationErrorCode, ScopeSet};
use crate::services::Provider;
use crate::storage::DynamicRegistration;

impl Provider {
    /// Reads metadata, and fetches what it refers to. Nothing is held while it waits.
    pub(super) async fn judge(
        &self,
        sent: &Map<String, Value>,
        id: ClientId,
        kept: &DynamicRegistration,
    ) -> Result<ClientMetadata, ClientRegistrationError> {
        let allowance = Allowance { scope: ScopeSet::parse(&kept.scope), in_sandbox: self.policy.sandbox };
        let metadata = ClientMetadata::read(sent, id, &allowance)?;
        if let Some(unfit) = self.unfit(&metadata.registration) {
            return Err(unfit.into());
        }
        if let Some(uri) = &metadata.sector_identifier_uri {
            self.sector_lists(uri, &metadata.document.redirect_uris).await?;
        }
        Ok(metadata)
    }

    /// OIDC Registration §5: the document lists every redirect URI, so that nobody takes part in a sector unasked.
    async fn sector_lists(&self, uri: &Url, redirect_uris: &[String]) -> Result<(), ClientRegistrationError> {
        let wrong = |what: String| {
            let description = format!("sector_identifier_uri {what}.");
            ClientRegistrationError::new(RegistrationErrorCode::InvalidClientMetadata, description)
        };
        let fetched = self.outbound.get(uri, Limits::default()).await;
        let fetched = fetched.map_err(|error| wrong(format!("was not fetched: {error}")))?;
        let listed: Vec<String> = serde_json::from_slice(&fetched.body)
            .map_err(|_| wrong("does not lead to a JSON array of addresses".to_owned()))?;
        match redirect_uris.iter().all(|uri| listed.contains(uri)) {
            true => Ok(()),
            false => Err(wrong("leads to a list that does not hold every redirect URI".to_owned())),
        }
    }

    /// RFC 7592 §2.2: the identifier comes with a change, what only we can say does not, and a secret is the present one.
    pub(super) fn not_of_a_change(
        &self,
        held: &Held,
        sent: &Map<String, Value>,
    ) -> Option<ClientRegistrationError> {
        const OURS: [&str; 4] = [
            "registration_access_token",
            "registration_client_uri",
            "client_secret_expires_at",
            "client_id_issued_at",
        ];
        let wrong = |what: String| {
            Some(ClientRegistrationError::new(RegistrationErrorCode::InvalidClientMetadata, what))
        };
        if sent.get("client_id").and_then(Value::as_str) != Some(held.client.registration.client_id.as_str())
        {
            return wrong("client_id must be the one of the registration.".to_owned());
        }
        if let Some(ours) = OURS.iter().find(|name| sent.contains_key(**name)) {
            return wrong(format!("{ours} is not a member of a change."));
        }
        match sent.get("client_secret").map(Value::as_str) {
            None => None,
            Some(Some(secret)) if self.is_secret_of(&held.client, secret) => None,
            Some(_) => wrong("client_secret must be the present one, or be left out.".to_owned()),
        }
    }

    fn is_secret_of(&self, client: &Client, secret: &str) -> bool {
        let digest = self.secret_digest(secret);
        client.secrets.iter().filter(|one| one.is_live(self.now())).any(|one| one.digest == digest)
    }

    /// RFC 7591 §3.2.1 and RFC 7592 §3.
    pub(super) fn information(
        &self,
        document: &RegistrationDocument,
        kept: &DynamicRegistration,
        access: &str,
        shown: &Shown<'_>,
    ) -> Map<String, Value> {
        let mut told = as_metadata(document);
        let mut tell = |name: &str, value: Value| told.insert(name.to_owned(), value);
        tell("client_id_issued_at", json!(kept.created_at.seconds()));
        if let Some(uri) = &kept.sector_identifier_uri {
            tell("sector_identifier_uri", json!(uri));
        }
        if let Some(statement) = &kept.software_statement {
            tell(MEMBER, json!(statement));
        }
        if document.has_secret() {
            tell("client_secret_expires_at", json!(0));
        }
        if let Some(secret) = shown.secret {
            tell("client_secret", json!(secret.expose()));
        }
        let endpoint = self.policy.issuer.endpoint(Endpoint::Register);
        tell("registration_client_uri", json!(format!("{endpoint}/{}", document.client_id)));
        tell("registration_access_token", json!(access));
        told
    }
}
