//! What a registration says of request objects, held together (OIDC Registration §2, RFC 9101 §10.5).

use super::{RegistrationDocument, RegistrationError};
use crate::protocol::{
    AssertionAlgorithm, ClientAuthMethod, RequestObjectAlgorithm, RequestUri, RequestUriError,
};

/// Everything in which keys, algorithms and demands do not fit.
pub(super) fn problems(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let mut problems = Vec::new();
    let has_keys = document.jwks.is_some() || document.jwks_uri.is_some();
    let signs_with_secret = document.token_endpoint_auth_method == ClientAuthMethod::ClientSecretJwt;
    let can_sign = match document.request_object_signing_alg {
        None if document.require_signed_request_object => has_keys || signs_with_secret,
        None => true,
        Some(RequestObjectAlgorithm::None) => !document.require_signed_request_object,
        // The secret itself is kept of nobody else.
        Some(RequestObjectAlgorithm::Signed(AssertionAlgorithm::HS256)) => signs_with_secret,
        Some(_) => has_keys,
    };
    if !can_sign {
        problems.push(RegistrationError::RequestObjectSigning);
    }
    if document.request_object_encryption_alg.is_some() != document.request_object_encryption_enc.is_some() {
        problems.push(RegistrationError::EncryptionHalf("request_object_encryption_alg"));
    }
    problems.extend(request_uris(document).err().map(RegistrationError::RequestUri));
    problems
}

pub(super) fn request_uris(document: &RegistrationDocument) -> Result<Vec<RequestUri>, RequestUriError> {
    document.request_uris.iter().map(|uri| RequestUri::parse(uri)).collect()
}
