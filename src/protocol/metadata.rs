//! The discovery document.

use serde::Serialize;

use super::{
    Acr, AssertionAlgorithm, ClaimName, ClientAuthMethod, CodeChallengeMethod, ContentEncryptionAlgorithm,
    Display, Endpoint, GrantType, Issuer, KeyManagementAlgorithm, Locale, Prefixes, Prompt,
    RequestObjectAlgorithm, ResponseMode, ResponseType, Scope, SigningAlgorithm, SubjectType, TrustFramework,
    verified_claims::VERIFIABLE,
};

/// What the provider can do, as OIDC Discovery §3 and RFC 8414 §2 publish it.
///
/// Lists come from the tables with which requests are read, so nothing is announced that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderMetadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    end_session_endpoint: String,
    check_session_iframe: String,
    pushed_authorization_request_endpoint: String,
    device_authorization_endpoint: String,
    require_pushed_authorization_requests: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_endpoint: Option<String>,
    scopes_supported: &'static [Scope],
    response_types_supported: &'static [ResponseType],
    response_modes_supported: &'static [ResponseMode],
    grant_types_supported: &'static [GrantType],
    subject_types_supported: &'static [SubjectType],
    id_token_signing_alg_values_supported: Vec<String>,
    userinfo_signing_alg_values_supported: Vec<String>,
    authorization_signing_alg_values_supported: Vec<String>,
    id_token_encryption_alg_values_supported: &'static [KeyManagementAlgorithm],
    id_token_encryption_enc_values_supported: &'static [ContentEncryptionAlgorithm],
    userinfo_encryption_alg_values_supported: &'static [KeyManagementAlgorithm],
    userinfo_encryption_enc_values_supported: &'static [ContentEncryptionAlgorithm],
    authorization_encryption_alg_values_supported: &'static [KeyManagementAlgorithm],
    authorization_encryption_enc_values_supported: &'static [ContentEncryptionAlgorithm],
    introspection_encryption_alg_values_supported: &'static [KeyManagementAlgorithm],
    introspection_encryption_enc_values_supported: &'static [ContentEncryptionAlgorithm],
    token_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    token_endpoint_auth_signing_alg_values_supported: &'static [AssertionAlgorithm],
    introspection_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    introspection_signing_alg_values_supported: Vec<String>,
    revocation_endpoint_auth_methods_supported: Vec<ClientAuthMethod>,
    introspection_endpoint_auth_signing_alg_values_supported: &'static [AssertionAlgorithm],
    revocation_endpoint_auth_signing_alg_values_supported: &'static [AssertionAlgorithm],
    code_challenge_methods_supported: &'static [CodeChallengeMethod],
    acr_values_supported: Vec<String>,
    prompt_values_supported: &'static [Prompt],
    display_values_supported: &'static [Display],
    ui_locales_supported: &'static [Locale],
    claim_types_supported: [&'static str; 1],
    claims_supported: Vec<String>,
    claims_parameter_supported: bool,
    verified_claims_supported: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    trust_frameworks_supported: &'static [TrustFramework],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims_in_verified_claims_supported: Vec<String>,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    require_request_uri_registration: bool,
    require_signed_request_object: bool,
    request_object_signing_alg_values_supported: Vec<RequestObjectAlgorithm>,
    request_object_encryption_alg_values_supported: &'static [KeyManagementAlgorithm],
    request_object_encryption_enc_values_supported: &'static [ContentEncryptionAlgorithm],
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    frontchannel_logout_supported: bool,
    frontchannel_logout_session_supported: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details_types_supported: Vec<String>,
    dpop_signing_alg_values_supported: &'static [SigningAlgorithm],
    tls_client_certificate_bound_access_tokens: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mtls_endpoint_aliases: Option<EndpointAliases>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_documentation: Option<String>,
}

/// Where clients with certificates go, where that is another name (RFC 8705 §5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct EndpointAliases {
    token_endpoint: String,
    userinfo_endpoint: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    pushed_authorization_request_endpoint: String,
    device_authorization_endpoint: String,
}

impl EndpointAliases {
    fn under(alias: &Issuer) -> Self {
        Self {
            token_endpoint: alias.endpoint(Endpoint::Token),
            userinfo_endpoint: alias.endpoint(Endpoint::Userinfo),
            introspection_endpoint: alias.endpoint(Endpoint::Introspect),
            revocation_endpoint: alias.endpoint(Endpoint::Revoke),
            pushed_authorization_request_endpoint: alias.endpoint(Endpoint::PushedAuthorization),
            device_authorization_endpoint: alias.endpoint(Endpoint::DeviceAuthorization),
        }
    }
}

/// What the vocabulary can't know about the provider by itself.
#[derive(Clone, Copy, Debug)]
pub struct ProviderFacts<'a> {
    /// Its name.
    pub issuer: &'a Issuer,
    /// Where its own words live.
    pub prefixes: &'a Prefixes,
    /// The algorithms with which it signs ID tokens, best liked first.
    pub id_token_algorithms: &'a [&'a str],
    /// How clients may authenticate here.
    pub client_authentication: &'a [ClientAuthMethod],
    /// Whether certificates of clients get here, and tokens can be bound to them.
    pub takes_certificates: bool,
    /// The name under which clients with certificates reach it, where it is another.
    pub mutual_tls_alias: Option<&'a Issuer>,
    /// The rules under which data of people can have been verified.
    pub trust_frameworks: &'static [TrustFramework],
    /// The levels of sign-in that people can reach here.
    pub levels: &'a [Acr],
    /// Where systems register themselves, if they may.
    pub registration_endpoint: Option<&'a str>,
    /// A page for developers of relying systems.
    pub service_documentation: Option<&'a str>,
}

/// Claims that are about the token or the sign-in, beside those about the person.
const TOKEN_CLAIMS: [&str; 13] = [
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
];

impl ProviderMetadata {
    /// The document of the provider that `facts` describes.
    pub fn describe(facts: ProviderFacts<'_>) -> Self {
        let ProviderFacts {
            issuer,
            prefixes,
            id_token_algorithms,
            client_authentication,
            takes_certificates,
            mutual_tls_alias,
            trust_frameworks,
            levels,
            registration_endpoint,
            service_documentation,
        } = facts;
        let names = |claims: &[ClaimName]| -> Vec<String> {
            claims.iter().map(|claim| claim.wire_name(prefixes).into_owned()).collect()
        };
        let verifies = !trust_frameworks.is_empty();
        let verified = verifies.then(|| "verified_claims".to_owned());
        let person = names(ClaimName::ALL).into_iter().chain(verified);
        let algorithms = owned(id_token_algorithms);
        let proving = client_authentication.iter().filter(|method| **method != ClientAuthMethod::None);
        Self {
            issuer: issuer.as_str().to_owned(),
            authorization_endpoint: issuer.endpoint(Endpoint::Authorize),
            token_endpoint: issuer.endpoint(Endpoint::Token),
            userinfo_endpoint: issuer.endpoint(Endpoint::Userinfo),
            jwks_uri: issuer.endpoint(Endpoint::Jwks),
            introspection_endpoint: issuer.endpoint(Endpoint::Introspect),
            revocation_endpoint: issuer.endpoint(Endpoint::Revoke),
            end_session_endpoint: issuer.endpoint(Endpoint::Logout),
            check_session_iframe: issuer.endpoint(Endpoint::SessionCheck),
            pushed_authorization_request_endpoint: issuer.endpoint(Endpoint::PushedAuthorization),
            device_authorization_endpoint: issuer.endpoint(Endpoint::DeviceAuthorization),
            // Clients are registered for it one by one.
            require_pushed_authorization_requests: false,
            registration_endpoint: registration_endpoint.map(str::to_owned),
            scopes_supported: Scope::ALL,
            response_types_supported: ResponseType::ALL,
            response_modes_supported: ResponseMode::ALL,
            grant_types_supported: GrantType::ALL,
            subject_types_supported: SubjectType::ALL,
            id_token_signing_alg_values_supported: algorithms.clone(),
            userinfo_signing_alg_values_supported: algorithms.clone(),
            authorization_signing_alg_values_supported: algorithms.clone(),
            id_token_encryption_alg_values_supported: KeyManagementAlgorithm::ALL,
            id_token_encryption_enc_values_supported: ContentEncryptionAlgorithm::ALL,
            userinfo_encryption_alg_values_supported: KeyManagementAlgorithm::ALL,
            userinfo_encryption_enc_values_supported: ContentEncryptionAlgorithm::ALL,
            authorization_encryption_alg_values_supported: KeyManagementAlgorithm::ALL,
            authorization_encryption_enc_values_supported: ContentEncryptionAlgorithm::ALL,
            introspection_encryption_alg_values_supported: KeyManagementAlgorithm::ALL,
            introspection_encryption_enc_values_supported: ContentEncryptionAlgorithm::ALL,
            token_endpoint_auth_methods_supported: client_authentication.to_vec(),
            token_endpoint_auth_signing_alg_values_supported: AssertionAlgorithm::ALL,
            introspection_endpoint_auth_methods_supported: proving.copied().collect(),
            introspection_signing_alg_values_supported: algorithms,
            revocation_endpoint_auth_methods_supported: client_authentication.to_vec(),
            introspection_endpoint_auth_signing_alg_values_supported: AssertionAlgorithm::ALL,
            revocation_endpoint_auth_signing_alg_values_supported: AssertionAlgorithm::ALL,
            code_challenge_methods_supported: CodeChallengeMethod::ALL,
            acr_values_supported: levels.iter().map(|level| level.uri(prefixes)).collect(),
            prompt_values_supported: Prompt::ALL,
            display_values_supported: Display::ALL,
            ui_locales_supported: Locale::ALL,
            claim_types_supported: ["normal"],
            claims_supported: TOKEN_CLAIMS.iter().map(|&claim| claim.to_owned()).chain(person).collect(),
            claims_parameter_supported: true,
            verified_claims_supported: verifies,
            trust_frameworks_supported: trust_frameworks,
            // There is no evidence of anything: evidence_supported is for providers that have some.
            claims_in_verified_claims_supported: if verifies { names(VERIFIABLE) } else { Vec::new() },
            request_parameter_supported: true,
            request_uri_parameter_supported: true,
            require_request_uri_registration: true,
            // Clients are registered for it one by one.
            require_signed_request_object: false,
            request_object_signing_alg_values_supported: RequestObjectAlgorithm::all().collect(),
            request_object_encryption_alg_values_supported: KeyManagementAlgorithm::ALL,
            request_object_encryption_enc_values_supported: ContentEncryptionAlgorithm::ALL,
            authorization_response_iss_parameter_supported: true,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
            frontchannel_logout_supported: true,
            frontchannel_logout_session_supported: true,
            authorization_details_types_supported: Vec::new(),
            dpop_signing_alg_values_supported: SigningAlgorithm::ALL,
            tls_client_certificate_bound_access_tokens: takes_certificates,
            mtls_endpoint_aliases: mutual_tls_alias.map(EndpointAliases::under),
            service_documentation: service_documentation.map(str::to_owned),
        }
    }
}

impl ProviderMetadata {
    /// With the types of authorization details that resources know by now (RFC 9396 §10).
    #[must_use]
    pub fn with_details_types(self, types: Vec<String>) -> Self {
        Self { authorization_details_types_supported: types, ..self }
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
