//! What a registration says of how a system proves itself, held together.

use super::{CertificateName, RegistrationDocument, RegistrationError};
use crate::protocol::uri_rules::fetched_from;

/// Everything in which keys, algorithm and method do not fit.
pub(super) fn problems(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let method = document.token_endpoint_auth_method;
    let mut problems = Vec::new();
    // RFC 7591 §2: the one or the other.
    match (&document.jwks, &document.jwks_uri) {
        (Some(_), Some(_)) => problems.push(RegistrationError::KeysTwice),
        (None, None) if method.uses_keys() => problems.push(RegistrationError::KeysNeeded),
        _ => {}
    }
    problems.extend(document.jwks.as_ref().and_then(|jwks| jwks.problem()).map(RegistrationError::Jwks));
    if document.jwks_uri.as_deref().is_some_and(|uri| !is_fetchable(uri)) {
        problems.push(RegistrationError::JwksUri);
    }
    if document.token_endpoint_auth_signing_alg.is_some_and(|algorithm| algorithm.method() != method) {
        problems.push(RegistrationError::AssertionAlgorithm);
    }
    problems.extend(CertificateName::of(document).err());
    if document.dpop_bound_access_tokens && document.tls_client_certificate_bound_access_tokens {
        problems.push(RegistrationError::BoundTwice);
    }
    problems
}

/// Keys are a whole document: no part of it is named.
fn is_fetchable(text: &str) -> bool {
    fetched_from(text).is_some_and(|url| url.fragment().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_are_read_as_written_are_fetched() {
        for uri in [
            "https://a.vn/jwks",
            "https://a.vn:8443/k?x=y",
            "http://127.0.0.1:8000/jwks",
            "http://localhost/k",
        ] {
            assert!(is_fetchable(uri), "{uri}");
        }
        for uri in [
            "http://a.vn/jwks",
            "ftp://a.vn/",
            "https://u@a.vn/",
            "https://a.vn/#x",
            "https://A.vn/jwks",
            "/jwks",
            "https://a.vn/../jwks",
            " https://a.vn/jwks",
            "https:///jwks",
            "data:application/json,{}",
            "https://0x7f.1/",
        ] {
            assert!(!is_fetchable(uri), "{uri}");
        }
    }
}
