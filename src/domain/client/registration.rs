//! The registration of a relying system, checked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::addresses::{
    backchannel_logout_uri, client_uri, frontchannel_logout_uri, post_logout_redirect_uris, redirect_uris,
    sector,
};
use super::registration_document::RegistrationDocument;
use super::{
    Bilingual, CertificateName, ClaimGrant, ClientJwks, ExchangePolicy, Logo, ProtectedResource,
    RegistrationError, ResourceAccess, ResponseEncryption, WorkloadSubject, authentication_members,
    profile_rules, request_members, request_object_members, response_encryption, workload_subject,
};
use crate::base::text;
use crate::protocol::{
    ApplicationType, AssertionAlgorithm, ClaimName, ClientAuthMethod, ClientId, ClientProfile, GrantType,
    InitiateLoginUri, LogoutUri, PostLogoutRedirectUri, RegisteredRedirectUri, RequestObjectAlgorithm,
    RequestUri, ResourceUri, ResponseType, Scope, ScopeSet, SigningAlgorithm, SubjectType,
};

/// The most characters of a name or purpose.
const TEXT_LIMIT: usize = 300;

/// What the ministry registered of a system. One that exists has been checked, as a whole and in every part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RegistrationDocument", into = "RegistrationDocument")]
pub struct Registration {
    /// The identifier it presents.
    pub client_id: ClientId,
    /// How strictly it is held.
    pub profile: ClientProfile,
    /// Its name, as people read it.
    pub client_name: Bilingual,
    /// What it is for, in a sentence.
    pub client_purpose: Bilingual,
    /// Shown beside the name.
    pub logo: Option<Logo>,
    /// Whom to write to about it.
    pub contacts: Vec<String>,
    /// Its front door: the way back when a page has expired. An application on a device may have none.
    pub client_uri: Option<String>,
    /// What it says of how it keeps what it learns.
    pub policy_uri: Option<String>,
    /// The terms of its service.
    pub tos_uri: Option<String>,
    /// Where others can begin a sign-in at it (OIDC Core §4).
    pub initiate_login_uri: Option<InitiateLoginUri>,
    /// Web or native.
    pub application_type: ApplicationType,
    /// Where answers go.
    pub redirect_uris: Vec<RegisteredRedirectUri>,
    /// Where people go after signing out.
    pub post_logout_redirect_uris: Vec<PostLogoutRedirectUri>,
    /// Where it is told, server to server, that a session has ended (Back-Channel Logout §2.2).
    pub backchannel_logout_uri: Option<LogoutUri>,
    /// Whether it needs to be told which session.
    pub backchannel_logout_session_required: bool,
    /// What the signed-out page frames, so that the system clears its cookies there (Front-Channel Logout §2).
    pub frontchannel_logout_uri: Option<LogoutUri>,
    /// Whether it needs to be told which session there.
    pub frontchannel_logout_session_required: bool,
    /// How it authenticates.
    pub token_endpoint_auth_method: ClientAuthMethod,
    /// The one algorithm of its assertions, where that is said.
    pub token_endpoint_auth_signing_alg: Option<AssertionAlgorithm>,
    /// Its public keys.
    pub jwks: Option<ClientJwks>,
    /// Where they are fetched instead.
    pub jwks_uri: Option<String>,
    /// The name by which its certificates are known.
    pub certificate_name: Option<CertificateName>,
    /// What it may redeem at the token endpoint.
    pub grant_types: BTreeSet<GrantType>,
    /// What it may ask the authorization endpoint for.
    pub response_types: BTreeSet<ResponseType>,
    /// What it may ask for.
    pub scope: ScopeSet,
    /// The resources that it is.
    pub protected_resources: Vec<ProtectedResource>,
    /// The resources that it may call.
    pub resources: Vec<ResourceAccess>,
    /// Whether its software statements are taken.
    pub vouches_for_software: bool,
    /// Whether it may vouch for workloads of others, as they say with whom.
    pub vouches_for_workloads: bool,
    /// The types of authorization details that it may ask for.
    pub authorization_details_types: Vec<String>,
    /// The exchanges that it may make.
    pub exchanges: Vec<ExchangePolicy>,
    /// Its workloads for which others vouch.
    pub jwt_bearer_subjects: Vec<WorkloadSubject>,
    /// What it may learn, what for, by which right.
    pub claims: Vec<ClaimGrant>,
    /// Whether its subjects are its own.
    pub subject_type: SubjectType,
    /// The host whose systems know a person by the same subject (OIDC Core §8.1).
    pub sector: String,
    /// How old a sign-in may be, in seconds, where a request does not say.
    pub default_max_age: Option<u32>,
    /// Whether its ID tokens need `auth_time`; all have it.
    pub require_auth_time: bool,
    /// The levels that it wishes for where a request does not say.
    pub default_acr_values: Vec<String>,
    /// How its ID tokens are signed.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// How its userinfo is signed; plain JSON where nothing is said (OIDC Core §5.3.2).
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// How answers to it are signed that it asks for as JWT (JARM).
    pub authorization_signed_response_alg: SigningAlgorithm,
    /// Whether it must push its requests (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// How answers about tokens are signed for it (RFC 9701 §6).
    pub introspection_signed_response_alg: SigningAlgorithm,
    /// How its ID tokens are encrypted, if they are (OIDC Core §10.2).
    pub id_token_encrypted_response: Option<ResponseEncryption>,
    /// How its userinfo is (OIDC Core §5.3.2).
    pub userinfo_encrypted_response: Option<ResponseEncryption>,
    /// How answers to it are that it asks for as JWT (JARM §2.2).
    pub authorization_encrypted_response: Option<ResponseEncryption>,
    /// How answers about tokens are that it asks for as JWT (RFC 9701 §5).
    pub introspection_encrypted_response: Option<ResponseEncryption>,
    /// How its request objects are signed, where one way alone is taken (OIDC Core §6.1).
    pub request_object_signing_alg: Option<RequestObjectAlgorithm>,
    /// Whether nothing but a signed request object is taken (RFC 9101 §10.5).
    pub require_signed_request_object: bool,
    /// How it said that it may encrypt them.
    pub request_object_encryption: Option<ResponseEncryption>,
    /// Where they may lie (RFC 9101 §5.2).
    pub request_uris: Vec<RequestUri>,
    /// Whether a request without a code challenge is refused (RFC 7636).
    pub require_pkce: bool,
    /// Whether every access token is bound to a key (RFC 9449 §5.2).
    pub dpop_bound_access_tokens: bool,
    /// Whether every access token is bound to its certificate (RFC 8705 §3.4).
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Whether its proofs must carry a nonce of ours.
    pub require_dpop_nonce: bool,
}

impl Registration {
    /// The registered right to a claim. The right to an address or number covers whether it was verified.
    pub fn grant_of(&self, claim: ClaimName) -> Option<&ClaimGrant> {
        let registered_as = match claim {
            ClaimName::EmailVerified => ClaimName::Email,
            ClaimName::PhoneNumberVerified => ClaimName::PhoneNumber,
            claim => claim,
        };
        self.claims.iter().find(|grant| grant.claim == registered_as)
    }

    /// What it says of `resource`, where it is that one.
    pub fn protects(&self, resource: &ResourceUri) -> Option<&ProtectedResource> {
        self.protected_resources.iter().find(|protected| protected.resource == *resource)
    }

    /// Whether it proves itself at all (RFC 6749 §2.1).
    pub fn is_confidential(&self) -> bool {
        self.token_endpoint_auth_method != ClientAuthMethod::None
    }

    /// Whether it shares a secret with us.
    pub const fn has_secret(&self) -> bool {
        self.token_endpoint_auth_method.uses_secret()
    }
}

impl TryFrom<RegistrationDocument> for Registration {
    type Error = RegistrationError;

    fn try_from(document: RegistrationDocument) -> Result<Self, RegistrationError> {
        if let Some(first) = document.problems().into_iter().next() {
            return Err(first);
        }
        Ok(Self {
            scope: ScopeSet::parse(&document.scope),
            request_uris: request_object_members::request_uris(&document)
                .map_err(RegistrationError::RequestUri)?,
            redirect_uris: redirect_uris(&document).collect::<Result<_, _>>()?,
            post_logout_redirect_uris: post_logout_redirect_uris(&document).collect::<Result<_, _>>()?,
            backchannel_logout_uri: backchannel_logout_uri(&document)?,
            backchannel_logout_session_required: document.backchannel_logout_session_required,
            frontchannel_logout_uri: frontchannel_logout_uri(&document)?,
            frontchannel_logout_session_required: document.frontchannel_logout_session_required,
            sector: sector(&document)?,
            initiate_login_uri: request_members::initiate_login_uri(&document)?,
            certificate_name: CertificateName::of(&document)?,
            client_id: document.client_id,
            profile: document.profile.unwrap_or(ClientProfile::Modern),
            client_name: document.client_name,
            client_purpose: document.client_purpose,
            logo: document.logo,
            contacts: document.contacts,
            client_uri: document.client_uri,
            policy_uri: document.policy_uri,
            tos_uri: document.tos_uri,
            application_type: document.application_type,
            token_endpoint_auth_method: document.token_endpoint_auth_method,
            token_endpoint_auth_signing_alg: document.token_endpoint_auth_signing_alg,
            jwks: document.jwks,
            jwks_uri: document.jwks_uri,
            grant_types: document.grant_types.into_iter().collect(),
            response_types: document.response_types.into_iter().collect(),
            protected_resources: document.protected_resources,
            resources: document.resources,
            vouches_for_software: document.vouches_for_software,
            vouches_for_workloads: document.vouches_for_workloads,
            authorization_details_types: document.authorization_details_types,
            exchanges: document.exchanges,
            jwt_bearer_subjects: document.jwt_bearer_subjects,
            claims: document.claims,
            subject_type: document.subject_type,
            default_max_age: document.default_max_age,
            require_auth_time: document.require_auth_time,
            default_acr_values: document.default_acr_values,
            id_token_signed_response_alg: document.id_token_signed_response_alg,
            userinfo_signed_response_alg: document.userinfo_signed_response_alg,
            authorization_signed_response_alg: document.authorization_signed_response_alg,
            require_pushed_authorization_requests: document.require_pushed_authorization_requests,
            introspection_signed_response_alg: document.introspection_signed_response_alg,
            id_token_encrypted_response: ResponseEncryption::of(
                document.id_token_encrypted_response_alg,
                document.id_token_encrypted_response_enc,
            ),
            userinfo_encrypted_response: ResponseEncryption::of(
                document.userinfo_encrypted_response_alg,
                document.userinfo_encrypted_response_enc,
            ),
            authorization_encrypted_response: ResponseEncryption::of(
                document.authorization_encrypted_response_alg,
                document.authorization_encrypted_response_enc,
            ),
            introspection_encrypted_response: ResponseEncryption::of(
                document.introspection_encrypted_response_alg,
                document.introspection_encrypted_response_enc,
            ),
            request_object_signing_alg: document.request_object_signing_alg,
            require_signed_request_object: document.require_signed_request_object,
            request_object_encryption: ResponseEncryption::of(
                document.request_object_encryption_alg,
                document.request_object_encryption_enc,
            ),
            require_pkce: document.require_pkce,
            dpop_bound_access_tokens: document.dpop_bound_access_tokens,
            tls_client_certificate_bound_access_tokens: document.tls_client_certificate_bound_access_tokens,
            require_dpop_nonce: document.require_dpop_nonce,
        })
    }
}

impl RegistrationDocument {
    /// Everything that keeps it from being a registration, at once.
    pub fn problems(&self) -> Vec<RegistrationError> {
        let mut problems = Vec::new();
        problems.extend(texts(self));
        problems.extend(contacts(&self.contacts));
        problems.extend(claims(&self.claims));
        let is_sent_back = self.application_type == ApplicationType::Web && !self.redirect_uris.is_empty();
        if is_sent_back && self.client_uri.is_none() {
            problems.push(RegistrationError::ClientUriNeeded);
        }
        for (field, uri) in
            [("client_uri", &self.client_uri), ("policy_uri", &self.policy_uri), ("tos_uri", &self.tos_uri)]
        {
            problems.extend(uri.as_deref().and_then(|uri| client_uri(field, uri)));
        }
        problems.extend(request_members::problems(self));
        problems.extend(scope(self));
        problems.extend(authentication_members::problems(self));
        problems.extend(response_encryption::problems(self));
        problems.extend(request_object_members::problems(self));
        if self.token_endpoint_auth_method == ClientAuthMethod::None && !self.require_pkce {
            problems.push(RegistrationError::PkceNeeded);
        }
        if self.require_dpop_nonce && !self.dpop_bound_access_tokens {
            problems.push(RegistrationError::NonceWithoutProof);
        }
        let by_browser = self.response_types.iter().any(|response_type| response_type.gives_access_token());
        if (self.dpop_bound_access_tokens || self.tls_client_certificate_bound_access_tokens) && by_browser {
            problems.push(RegistrationError::UnboundByBrowser);
        }
        if self.redirect_uris.is_empty() && self.sends_people() {
            problems.push(RegistrationError::NoRedirectUri);
        }
        problems.extend(types(self));
        problems.extend(resources(self));
        problems.extend(workload_subject::problems(self));
        problems.extend(redirect_uris(self).filter_map(Result::err));
        problems.extend(post_logout_redirect_uris(self).filter_map(Result::err));
        problems.extend(backchannel_logout_uri(self).err());
        if self.backchannel_logout_session_required && self.backchannel_logout_uri.is_none() {
            problems.push(RegistrationError::BackchannelLogoutUriMissing);
        }
        problems.extend(frontchannel_logout_uri(self).err());
        if self.frontchannel_logout_session_required && self.frontchannel_logout_uri.is_none() {
            problems.push(RegistrationError::FrontchannelLogoutUriMissing);
        }
        problems.extend(sector(self).err());
        problems.extend(profile_rules::problems(self));
        problems
    }

    /// Whether it sends people to the authorization endpoint.
    fn sends_people(&self) -> bool {
        !self.response_types.is_empty()
    }

    /// Whether people are asked on its behalf, whichever way they come.
    fn asks_people(&self) -> bool {
        self.sends_people() || self.grant_types.contains(&GrantType::DeviceCode)
    }
}

fn texts(document: &RegistrationDocument) -> impl Iterator<Item = RegistrationError> {
    let texts = [("client_name", &document.client_name), ("client_purpose", &document.client_purpose)];
    let purposes = document.claims.iter().map(|grant| ("claims.purpose", &grant.purpose));
    texts.into_iter().chain(purposes).filter_map(|(field, text)| {
        let wrong = [&text.vi, &text.en].into_iter().find_map(|text| text::clean(text, TEXT_LIMIT).err());
        wrong.map(|cause| RegistrationError::Text { field, cause })
    })
}

/// OIDC Registration §2: what is asked for at one endpoint is redeemed at the other.
fn types(document: &RegistrationDocument) -> impl Iterator<Item = RegistrationError> {
    let some_give = |gives: fn(ResponseType) -> bool| document.response_types.iter().any(|kind| gives(*kind));
    let may = |grant| document.grant_types.contains(&grant);
    let code = some_give(ResponseType::gives_code) != may(GrantType::AuthorizationCode);
    let implicit = some_give(ResponseType::is_front_channel) != may(GrantType::Implicit);
    let halves = [(code, RegistrationError::CodeOnlyHalf), (implicit, RegistrationError::ImplicitOnlyHalf)];
    halves.into_iter().filter(|(is_half, _)| *is_half).map(|(_, problem)| problem)
}

/// RFC 6749 §4.4: a system that acts for itself proves who it is, and has somewhere to go. A resource proves it too.
fn resources(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let mut problems = Vec::new();
    let is_public = document.token_endpoint_auth_method == ClientAuthMethod::None;
    if document.grant_types.contains(&GrantType::ClientCredentials) {
        if is_public {
            problems.push(RegistrationError::PublicForItself);
        }
        if document.resources.is_empty() {
            problems.push(RegistrationError::NoResource);
        }
    }
    // RFC 8693 §5: whoever could exchange without proof could do it with any token that leaked.
    if document.grant_types.contains(&GrantType::TokenExchange) == document.exchanges.is_empty() {
        problems.push(RegistrationError::ExchangeOnlyHalf);
    }
    if is_public && !document.exchanges.is_empty() {
        problems.push(RegistrationError::PublicExchange);
    }
    let mut pairs = BTreeSet::new();
    if !document.exchanges.iter().all(|one| pairs.insert((&one.from, &one.resource))) {
        problems.push(RegistrationError::ResourceTwice("exchanges"));
    }
    if is_public && !document.protected_resources.is_empty() {
        problems.push(RegistrationError::PublicResource);
    }
    let protected = document.protected_resources.iter().map(|one| ("protected_resources", &one.resource));
    let called = document.resources.iter().map(|one| ("resources", &one.resource));
    let mut seen = BTreeSet::new();
    let twice = protected.chain(called).filter(|named| !seen.insert(*named));
    problems.extend(twice.map(|(field, _)| RegistrationError::ResourceTwice(field)));
    problems
}

/// The first of them is shown to people, all of them to operators.
fn contacts(contacts: &[String]) -> impl Iterator<Item = RegistrationError> {
    let wrong = contacts.iter().filter_map(|contact| text::clean(contact, TEXT_LIMIT).err());
    wrong.map(RegistrationError::Contact)
}

fn claims(claims: &[ClaimGrant]) -> impl Iterator<Item = RegistrationError> {
    let mut seen = BTreeSet::new();
    let twice = claims.iter().filter(move |grant| !seen.insert(grant.claim));
    twice.map(|twice| RegistrationError::ClaimTwice(twice.claim.as_str()))
}

fn scope(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let text = &document.scope;
    let unknown = text.split_ascii_whitespace().filter(|word| Scope::parse(word).is_none());
    let mut problems: Vec<_> = unknown.map(|word| RegistrationError::UnknownScope(word.to_owned())).collect();
    if document.asks_people() && !ScopeSet::parse(text).contains(Scope::Openid) {
        problems.push(RegistrationError::OpenidMissing);
    }
    problems
}
