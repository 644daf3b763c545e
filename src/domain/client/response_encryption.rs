//! How answers to a system are encrypted, to a key of its own.

use super::{RegistrationDocument, RegistrationError};
use crate::protocol::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};

/// The two algorithms of an encrypted answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseEncryption {
    /// How its key travels.
    pub alg: KeyManagementAlgorithm,
    /// How its content is encrypted.
    pub enc: ContentEncryptionAlgorithm,
}

impl ResponseEncryption {
    pub(super) fn of(
        alg: Option<KeyManagementAlgorithm>,
        enc: Option<ContentEncryptionAlgorithm>,
    ) -> Option<Self> {
        Some(Self { alg: alg?, enc: enc? })
    }
}

/// What keeps the members of encryption from being of use.
///
/// OIDC Registration §2 takes A128CBC-HS256 where `enc` is left out. It is not spoken here, so nothing may be left out.
pub(super) fn problems(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let members = [
        (
            "id_token_encrypted_response_alg",
            document.id_token_encrypted_response_alg,
            document.id_token_encrypted_response_enc,
        ),
        (
            "userinfo_encrypted_response_alg",
            document.userinfo_encrypted_response_alg,
            document.userinfo_encrypted_response_enc,
        ),
        (
            "authorization_encrypted_response_alg",
            document.authorization_encrypted_response_alg,
            document.authorization_encrypted_response_enc,
        ),
        (
            "introspection_encrypted_response_alg",
            document.introspection_encrypted_response_alg,
            document.introspection_encrypted_response_enc,
        ),
    ];
    let problem = |(field, alg, enc): (&'static str, Option<KeyManagementAlgorithm>, Option<_>)| {
        if alg.is_some() != enc.is_some() {
            return Some(RegistrationError::EncryptionHalf(field));
        }
        let alg = alg?;
        // What keys are there is seen by what encrypts.
        let has_key = document.jwks.is_some() || document.jwks_uri.is_some();
        (!has_key).then_some(RegistrationError::EncryptionKeyNeeded { field, alg })
    };
    members.into_iter().filter_map(problem).collect()
}
