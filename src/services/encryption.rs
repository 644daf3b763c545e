//! Answers that are encrypted to a key of the client that they are for, and what clients encrypt to ours (OIDC Core §10.2).

use super::{Failure, Provider};
use crate::crypto::jwe::{EncryptedJwt, Payload, Recipient, encrypt};
use crate::domain::client::{Client, ResponseEncryption};
use crate::protocol::ContentEncryptionAlgorithm;

/// What encrypts answers to one client.
pub(super) struct Encrypter {
    recipient: Recipient,
    enc: ContentEncryptionAlgorithm,
}

impl Provider {
    /// What encrypts to `client` in the way that it is registered for; nothing where it is registered for none. Its keys may
    /// have to be fetched, so this is never called in a transaction; where they cannot be had nothing is told at all.
    pub(super) async fn encrypter(
        &self,
        client: &Client,
        registered: Option<ResponseEncryption>,
    ) -> Result<Option<Encrypter>, Failure> {
        let Some(ResponseEncryption { alg, enc }) = registered else { return Ok(None) };
        match self.with_client_keys(client, |keys| Recipient::find(keys, alg)).await {
            Some(recipient) => Ok(Some(Encrypter { recipient, enc })),
            None => {
                Err(Failure::NoClientKey { client: client.registration.client_id.clone(), algorithm: alg })
            }
        }
    }

    /// A signed JWT as its client wants it: RFC 7519 §11.2 has it signed first and encrypted then.
    pub(super) fn nested(&self, jwt: String, encrypter: Option<&Encrypter>) -> Result<String, Failure> {
        match encrypter {
            None => Ok(jwt),
            Some(encrypter) => self.encrypted(Payload::Jwt(&jwt), encrypter),
        }
    }

    /// `payload`, encrypted.
    pub(super) fn encrypted(&self, payload: Payload<'_>, encrypter: &Encrypter) -> Result<String, Failure> {
        Ok(encrypt(&encrypter.recipient, encrypter.enc, payload, self.entropy())?)
    }

    /// What was encrypted to a key of this provider.
    pub(super) fn decrypted(&self, text: &str) -> Option<String> {
        let content = EncryptedJwt::read(text).and_then(|jwt| jwt.open(self.keys().decrypting())).ok()?;
        std::str::from_utf8(content.expose()).ok().map(str::to_owned)
    }
}
