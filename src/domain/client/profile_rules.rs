//! What each profile refuses to register.

use super::{RegistrationDocument, RegistrationError};
use crate::protocol::{
    AssertionAlgorithm, ClientAuthMethod, ClientProfile, GoodFor, GrantType, RequestObjectAlgorithm,
    ResponseType, SigningAlgorithm,
};

/// Whether a registration keeps it, the member that it is about, and what the profile takes there.
type Rule = (bool, &'static str, &'static str);

/// Everything in `document` that its profile refuses.
pub(super) fn problems(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let profile = document.profile.unwrap_or(ClientProfile::Modern);
    let rules = match profile {
        ClientProfile::Legacy => Vec::new(),
        ClientProfile::Modern => modern(document),
        ClientProfile::Fapi2 => fapi2(document),
    };
    let broken = rules.into_iter().filter(|(is_kept, ..)| !is_kept);
    broken.map(|(_, field, takes)| RegistrationError::Profile { field, profile, takes }).collect()
}

/// The strictest profile without demands of its own under which `document` can stand.
pub(super) fn fitting(document: &RegistrationDocument) -> ClientProfile {
    match modern(document).iter().all(|(is_kept, ..)| *is_kept) {
        true => ClientProfile::Modern,
        false => ClientProfile::Legacy,
    }
}

/// RFC 9700 §2.1.1, §2.1.2.
fn modern(document: &RegistrationDocument) -> Vec<Rule> {
    vec![
        (
            is_code_alone(document),
            "response_types",
            "takes code alone; the others are exceptions of profile = \"legacy\"",
        ),
        (
            document.require_pkce,
            "require_pkce",
            "takes true alone; going without is an exception of profile = \"legacy\"",
        ),
        (
            document.request_object_signing_alg != Some(RequestObjectAlgorithm::None),
            "request_object_signing_alg",
            "takes algorithms that sign; none is an exception of profile = \"legacy\"",
        ),
    ]
}

/// FAPI 2.0 Security Profile §5.3.2 and §5.4.1.
fn fapi2(document: &RegistrationDocument) -> Vec<Rule> {
    let has_key = matches!(
        document.token_endpoint_auth_method,
        ClientAuthMethod::PrivateKeyJwt
            | ClientAuthMethod::TlsClientAuth
            | ClientAuthMethod::SelfSignedTlsClientAuth
    );
    let signs_well = document
        .token_endpoint_auth_signing_alg
        .and_then(|algorithm| algorithm.signing())
        .is_none_or(|algorithm| ClientProfile::Fapi2.takes(algorithm));
    let is_redirected_to = |uri: &String| ClientProfile::Fapi2.redirects_to(uri) != GoodFor::Nobody;
    let algorithms = "takes PS256, ES256 or EdDSA; write \"ES256\" where nothing else is needed";
    vec![
        (is_code_alone(document), "response_types", "takes code alone; leave the others out"),
        (
            document.grant_types.iter().all(is_fapi_grant),
            "grant_types",
            "takes authorization_code, refresh_token, client_credentials and token exchange; leave the others out",
        ),
        (document.require_pkce, "require_pkce", "takes true alone; leave it out"),
        (
            document.require_pushed_authorization_requests || document.response_types.is_empty(),
            "require_pushed_authorization_requests",
            "wants true: requests are pushed",
        ),
        (
            has_key,
            "token_endpoint_auth_method",
            "takes private_key_jwt, tls_client_auth and self_signed_tls_client_auth: keys, and no shared secret",
        ),
        (
            document.dpop_bound_access_tokens || document.tls_client_certificate_bound_access_tokens,
            "dpop_bound_access_tokens",
            "wants true, or tls_client_certificate_bound_access_tokens: tokens are good for their sender alone",
        ),
        (signs_well, "token_endpoint_auth_signing_alg", algorithms),
        (
            ClientProfile::Fapi2.takes(document.id_token_signed_response_alg),
            "id_token_signed_response_alg",
            algorithms,
        ),
        (
            document.request_object_signing_alg.is_none_or(|algorithm| {
                signing(algorithm).is_some_and(|one| ClientProfile::Fapi2.takes(one))
            }),
            "request_object_signing_alg",
            algorithms,
        ),
        (
            ClientProfile::Fapi2.takes(document.authorization_signed_response_alg),
            "authorization_signed_response_alg",
            algorithms,
        ),
        (
            ClientProfile::Fapi2.takes(document.introspection_signed_response_alg),
            "introspection_signed_response_alg",
            algorithms,
        ),
        (
            document
                .userinfo_signed_response_alg
                .is_none_or(|algorithm| ClientProfile::Fapi2.takes(algorithm)),
            "userinfo_signed_response_alg",
            algorithms,
        ),
        (
            document.redirect_uris.iter().all(is_redirected_to),
            "redirect_uris",
            "takes https alone; a private scheme can be claimed by others",
        ),
    ]
}

/// What FAPI 2.0 knows: a code that one person can pass on to another is not among it, nor are the words of somebody else.
const fn is_fapi_grant(grant: &GrantType) -> bool {
    match grant {
        GrantType::AuthorizationCode
        | GrantType::RefreshToken
        | GrantType::ClientCredentials
        | GrantType::TokenExchange => true,
        GrantType::DeviceCode | GrantType::JwtBearer | GrantType::Implicit => false,
    }
}

/// Whether only codes are asked for.
fn is_code_alone(document: &RegistrationDocument) -> bool {
    document.response_types.iter().all(|kind| *kind == ResponseType::Code)
}

fn signing(algorithm: RequestObjectAlgorithm) -> Option<SigningAlgorithm> {
    algorithm.signed().and_then(AssertionAlgorithm::signing)
}
