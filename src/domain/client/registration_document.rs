//! The written form of a registration: what stands in client files and in the database, not yet checked as a whole.

use serde::{Deserialize, Serialize};

use super::{
    Bilingual, CertificateName, ClaimGrant, ClientJwks, ExchangePolicy, Logo, ProtectedResource,
    Registration, ResourceAccess, WorkloadSubject, unsaid,
};
use crate::protocol::{
    ApplicationType, AssertionAlgorithm, ClientAuthMethod, ClientId, ClientProfile,
    ContentEncryptionAlgorithm, GrantType, KeyManagementAlgorithm, RequestObjectAlgorithm, ResponseType,
    SigningAlgorithm, SubjectType,
};

/// Members are named as RFC 7591 §2 and OIDC Registration §2 name them; what is unknown is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationDocument {
    /// The identifier the system presents; the one it had at another provider may be kept.
    pub client_id: ClientId,
    /// How strictly it is held; `modern` where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ClientProfile>,
    /// Its name, as people read it.
    pub client_name: Bilingual,
    /// What it is for, in a sentence.
    pub client_purpose: Bilingual,
    /// Shown beside the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// Whom to write to about it.
    pub contacts: Vec<String>,
    /// Its front door; needed where people are sent back to a web system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// What it says of how it keeps what it learns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// The terms of its service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// Where others can begin a sign-in at it (OIDC Core §4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    /// `web` where nothing is said.
    #[serde(default = "unsaid::web")]
    pub application_type: ApplicationType,
    /// Where answers go; needed where people are sent here.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where people go after signing out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it is told, server to server, that a session has ended (Back-Channel Logout §2.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether it needs to be told which session; it always is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backchannel_logout_session_required: bool,
    /// What the signed-out page frames (Front-Channel Logout §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether it needs to be told which session there; it always is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub frontchannel_logout_session_required: bool,
    /// `client_secret_basic` where nothing is said.
    #[serde(default = "unsaid::client_secret_basic")]
    pub token_endpoint_auth_method: ClientAuthMethod,
    /// The one algorithm of its assertions; any that fits the key where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<AssertionAlgorithm>,
    /// Its public keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<ClientJwks>,
    /// Where they are fetched instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// The subject of its certificates (RFC 8705 §2.1.2, RFC 4514).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_subject_dn: Option<String>,
    /// A host that its certificates name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_dns: Option<String>,
    /// A URI that they name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_uri: Option<String>,
    /// An address that they name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_ip: Option<String>,
    /// A mail address that they name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_email: Option<String>,
    /// `authorization_code` and `refresh_token` where nothing is said.
    #[serde(default = "unsaid::code_and_refresh")]
    pub grant_types: Vec<GrantType>,
    /// `code` where nothing is said.
    #[serde(default = "unsaid::code")]
    pub response_types: Vec<ResponseType>,
    /// Space-separated scopes that it may ask people for; needed where people are sent here.
    #[serde(default)]
    pub scope: String,
    /// The resources that it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected_resources: Vec<ProtectedResource>,
    /// The resources that it may call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceAccess>,
    /// Whether its software statements are taken from systems that register themselves (RFC 7591 §2.3).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vouches_for_software: bool,
    /// Whether it may vouch for workloads of others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vouches_for_workloads: bool,
    /// The types of authorization details that it may ask for (RFC 9396 §10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types: Vec<String>,
    /// The exchanges that it may make.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<ExchangePolicy>,
    /// Its workloads for which others vouch (RFC 7523 §2.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jwt_bearer_subjects: Vec<WorkloadSubject>,
    /// What it may learn, what for, by which right.
    #[serde(default)]
    pub claims: Vec<ClaimGrant>,
    /// `pairwise` where nothing is said.
    #[serde(default = "unsaid::pairwise")]
    pub subject_type: SubjectType,
    /// The host whose systems share subjects (OIDC Core §8.1); needed where redirect URIs have several hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector_identifier: Option<String>,
    /// How old a sign-in may be, in seconds, where a request does not say (OIDC Registration §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u32>,
    /// Whether its ID tokens need `auth_time`; all have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub require_auth_time: bool,
    /// The levels that it wishes for where a request does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    /// RS256 where nothing is said (OIDC Registration §2).
    #[serde(default = "unsaid::rs256")]
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// Plain JSON where nothing is said (OIDC Registration §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// RS256 where nothing is said (JARM §3).
    #[serde(default = "unsaid::rs256")]
    pub authorization_signed_response_alg: SigningAlgorithm,
    /// `false` where nothing is said (RFC 9126 §6).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// RS256 where nothing is said (RFC 9701 §6).
    #[serde(default = "unsaid::rs256")]
    pub introspection_signed_response_alg: SigningAlgorithm,
    /// How its ID tokens are encrypted; not at all where nothing is said (OIDC Registration §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// Goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_encrypted_response_enc: Option<ContentEncryptionAlgorithm>,
    /// How userinfo is encrypted; not at all where nothing is said (OIDC Registration §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// Goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_encrypted_response_enc: Option<ContentEncryptionAlgorithm>,
    /// How answers to it are encrypted that it asks for as JWT; not at all where nothing is said (JARM §3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// Goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_encrypted_response_enc: Option<ContentEncryptionAlgorithm>,
    /// How answers about tokens are encrypted; not at all where nothing is said (RFC 9701 §6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introspection_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// Goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introspection_encrypted_response_enc: Option<ContentEncryptionAlgorithm>,
    /// How its request objects are signed; by any key of its own where nothing is said (OIDC Registration §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg: Option<RequestObjectAlgorithm>,
    /// Whether nothing but a signed request object is taken (RFC 9101 §10.5).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub require_signed_request_object: bool,
    /// How it may encrypt its request objects; whatever is published is taken of it (OIDC Registration §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_object_encryption_alg: Option<KeyManagementAlgorithm>,
    /// Goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_object_encryption_enc: Option<ContentEncryptionAlgorithm>,
    /// Where its request objects may lie (OIDC Registration §2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_uris: Vec<String>,
    /// RFC 7636 is demanded of everybody; a confidential system that cannot may be let off, at its own risk.
    #[serde(default = "unsaid::yes")]
    pub require_pkce: bool,
    /// RFC 9449 §5.2: a token request without a DPoP proof is refused.
    #[serde(default)]
    pub dpop_bound_access_tokens: bool,
    /// RFC 8705 §3.4: a token request without a client certificate is refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tls_client_certificate_bound_access_tokens: bool,
    /// A proof without a nonce of ours is refused.
    #[serde(default)]
    pub require_dpop_nonce: bool,
}

/// What nobody else can say of a system.
#[derive(Clone, Debug)]
pub struct System {
    /// The identifier it presents.
    pub client_id: ClientId,
    /// Its name, as people read it.
    pub client_name: Bilingual,
    /// What it is for, in a sentence.
    pub client_purpose: Bilingual,
    /// Whom to write to about it.
    pub contacts: Vec<String>,
    /// Its front door, if it has one.
    pub client_uri: Option<String>,
    /// Where answers go.
    pub redirect_uris: Vec<String>,
    /// Space-separated scopes that it may ask for.
    pub scope: String,
}

impl From<Registration> for RegistrationDocument {
    fn from(registration: Registration) -> Self {
        let named = registration.certificate_name.map(CertificateName::into_members).unwrap_or_default();
        Self {
            client_id: registration.client_id,
            profile: Some(registration.profile),
            client_name: registration.client_name,
            client_purpose: registration.client_purpose,
            logo: registration.logo,
            contacts: registration.contacts,
            client_uri: registration.client_uri,
            policy_uri: registration.policy_uri,
            tos_uri: registration.tos_uri,
            initiate_login_uri: registration.initiate_login_uri.map(|uri| uri.as_str().to_owned()),
            application_type: registration.application_type,
            redirect_uris: registration.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
            post_logout_redirect_uris: registration
                .post_logout_redirect_uris
                .iter()
                .map(|uri| uri.as_str().to_owned())
                .collect(),
            backchannel_logout_uri: registration.backchannel_logout_uri.map(|uri| uri.as_str().to_owned()),
            backchannel_logout_session_required: registration.backchannel_logout_session_required,
            frontchannel_logout_uri: registration.frontchannel_logout_uri.map(|uri| uri.as_str().to_owned()),
            frontchannel_logout_session_required: registration.frontchannel_logout_session_required,
            token_endpoint_auth_method: registration.token_endpoint_auth_method,
            token_endpoint_auth_signing_alg: registration.token_endpoint_auth_signing_alg,
            jwks: registration.jwks,
            jwks_uri: registration.jwks_uri,
            tls_client_auth_subject_dn: named.subject_dn,
            tls_client_auth_san_dns: named.san_dns,
            tls_client_auth_san_uri: named.san_uri,
            tls_client_auth_san_ip: named.san_ip,
            tls_client_auth_san_email: named.san_email,
            grant_types: registration.grant_types.into_iter().collect(),
            response_types: registration.response_types.into_iter().collect(),
            scope: registration.scope.to_string(),
            protected_resources: registration.protected_resources,
            resources: registration.resources,
            vouches_for_software: registration.vouches_for_software,
            vouches_for_workloads: registration.vouches_for_workloads,
            authorization_details_types: registration.authorization_details_types,
            exchanges: registration.exchanges,
            jwt_bearer_subjects: registration.jwt_bearer_subjects,
            claims: registration.claims,
            subject_type: registration.subject_type,
            sector_identifier: Some(registration.sector),
            default_max_age: registration.default_max_age,
            require_auth_time: registration.require_auth_time,
            default_acr_values: registration.default_acr_values,
            id_token_signed_response_alg: registration.id_token_signed_response_alg,
            userinfo_signed_response_alg: registration.userinfo_signed_response_alg,
            authorization_signed_response_alg: registration.authorization_signed_response_alg,
            require_pushed_authorization_requests: registration.require_pushed_authorization_requests,
            introspection_signed_response_alg: registration.introspection_signed_response_alg,
            id_token_encrypted_response_alg: registration.id_token_encrypted_response.map(|how| how.alg),
            id_token_encrypted_response_enc: registration.id_token_encrypted_response.map(|how| how.enc),
            userinfo_encrypted_response_alg: registration.userinfo_encrypted_response.map(|how| how.alg),
            userinfo_encrypted_response_enc: registration.userinfo_encrypted_response.map(|how| how.enc),
            authorization_encrypted_response_alg: registration
                .authorization_encrypted_response
                .map(|how| how.alg),
            authorization_encrypted_response_enc: registration
                .authorization_encrypted_response
                .map(|how| how.enc),
            introspection_encrypted_response_alg: registration
                .introspection_encrypted_response
                .map(|how| how.alg),
            introspection_encrypted_response_enc: registration
                .introspection_encrypted_response
                .map(|how| how.enc),
            request_object_signing_alg: registration.request_object_signing_alg,
            require_signed_request_object: registration.require_signed_request_object,
            request_object_encryption_alg: registration.request_object_encryption.map(|how| how.alg),
            request_object_encryption_enc: registration.request_object_encryption.map(|how| how.enc),
            request_uris: registration.request_uris.into_iter().map(String::from).collect(),
            require_pkce: registration.require_pkce,
            dpop_bound_access_tokens: registration.dpop_bound_access_tokens,
            tls_client_certificate_bound_access_tokens: registration
                .tls_client_certificate_bound_access_tokens,
            require_dpop_nonce: registration.require_dpop_nonce,
        }
    }
}

impl RegistrationDocument {
    /// The least that a registration says; everything else is as where nothing is said.
    pub fn of(system: System) -> Self {
        Self {
            client_id: system.client_id,
            profile: None,
            client_name: system.client_name,
            client_purpose: system.client_purpose,
            logo: None,
            contacts: system.contacts,
            client_uri: system.client_uri,
            policy_uri: None,
            tos_uri: None,
            initiate_login_uri: None,
            application_type: unsaid::web(),
            redirect_uris: system.redirect_uris,
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            token_endpoint_auth_method: unsaid::client_secret_basic(),
            token_endpoint_auth_signing_alg: None,
            jwks: None,
            jwks_uri: None,
            tls_client_auth_subject_dn: None,
            tls_client_auth_san_dns: None,
            tls_client_auth_san_uri: None,
            tls_client_auth_san_ip: None,
            tls_client_auth_san_email: None,
            grant_types: unsaid::code_and_refresh(),
            response_types: unsaid::code(),
            scope: system.scope,
            exchanges: Vec::new(),
            protected_resources: Vec::new(),
            resources: Vec::new(),
            vouches_for_software: false,
            vouches_for_workloads: false,
            jwt_bearer_subjects: Vec::new(),
            authorization_details_types: Vec::new(),
            claims: Vec::new(),
            subject_type: unsaid::pairwise(),
            sector_identifier: None,
            default_max_age: None,
            require_auth_time: false,
            default_acr_values: Vec::new(),
            id_token_signed_response_alg: unsaid::rs256(),
            userinfo_signed_response_alg: None,
            authorization_signed_response_alg: unsaid::rs256(),
            require_pushed_authorization_requests: false,
            introspection_signed_response_alg: unsaid::rs256(),
            id_token_encrypted_response_alg: None,
            id_token_encrypted_response_enc: None,
            userinfo_encrypted_response_alg: None,
            userinfo_encrypted_response_enc: None,
            authorization_encrypted_response_alg: None,
            authorization_encrypted_response_enc: None,
            introspection_encrypted_response_alg: None,
            introspection_encrypted_response_enc: None,
            request_object_signing_alg: None,
            require_signed_request_object: false,
            request_object_encryption_alg: None,
            request_object_encryption_enc: None,
            request_uris: Vec::new(),
            require_pkce: unsaid::yes(),
            dpop_bound_access_tokens: false,
            tls_client_certificate_bound_access_tokens: false,
            require_dpop_nonce: false,
        }
    }

    /// Whether such a system has a secret.
    pub const fn has_secret(&self) -> bool {
        self.token_endpoint_auth_method.uses_secret()
    }
}
