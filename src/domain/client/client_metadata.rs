//! Registrations as systems write them themselves (RFC 7591 §2, OIDC Registration §2), and as they are told back.

use serde_json::{Map, Value, json};
use url::Url;

use super::registration_document::{RegistrationDocument, System};
use super::{Bilingual, ClaimGrant, LegalBasis, Registration, RegistrationError, profile_rules};
use crate::protocol::{
    ApplicationType, ClaimName, ClientAuthMethod, ClientId, ClientProfile, ClientRegistrationError,
    GrantType, RegistrationErrorCode, ScopeSet,
};

/// The members that a system may set itself and that are registered as they came. All others are ours to decide, or not
/// known here, and then ignored (RFC 7591 §2).
const TAKEN: &[&str] = &[
    "profile",
    "redirect_uris",
    "post_logout_redirect_uris",
    "application_type",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "jwks",
    "jwks_uri",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "frontchannel_logout_uri",
    "frontchannel_logout_session_required",
    "require_pushed_authorization_requests",
    "userinfo_signed_response_alg",
    "authorization_signed_response_alg",
    "introspection_signed_response_alg",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "introspection_encrypted_response_alg",
    "introspection_encrypted_response_enc",
    "request_object_signing_alg",
    "require_signed_request_object",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "request_uris",
    "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens",
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
    "grant_types",
    "response_types",
    "subject_type",
    "id_token_signed_response_alg",
    "contacts",
    "client_uri",
    "policy_uri",
    "tos_uri",
    "initiate_login_uri",
    "default_max_age",
    "require_auth_time",
    "default_acr_values",
];
/// The most entries of a list.
const MOST_ENTRIES: usize = 32;

/// What a system that registers itself may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The scopes, and with them their claims.
    pub scope: ScopeSet,
    /// Where everybody is invented: every claim is given with the agreement, and PKCE is left to who can keep a secret,
    /// so that the plainest library gets through.
    pub in_sandbox: bool,
}

/// Metadata that a system sent, as far as it can be judged without asking anybody.
#[derive(Clone, Debug)]
pub struct ClientMetadata {
    /// As it is told back.
    pub document: RegistrationDocument,
    /// As it would be registered.
    pub registration: Registration,
    /// Where it lists its addresses, to be fetched and compared (OIDC Registration §5).
    pub sector_identifier_uri: Option<Url>,
}

impl ClientMetadata {
    /// Reads what a system sent, for the identifier that it will have.
    pub fn read(
        sent: &Map<String, Value>,
        client_id: ClientId,
        allowance: &Allowance,
    ) -> Result<Self, ClientRegistrationError> {
        let redirect_uris = sent.get("redirect_uris").and_then(Value::as_array);
        let first = redirect_uris.and_then(|uris| uris.first()).and_then(Value::as_str).unwrap_or_default();
        let scope = scope(sent, allowance)?;
        let purpose = unreviewed();
        let base = RegistrationDocument {
            grant_types: vec![GrantType::AuthorizationCode],
            claims: claims(&scope, allowance, &purpose),
            require_pkce: !allowance.in_sandbox || is_public(sent) || wants_more_than_legacy(sent),
            ..RegistrationDocument::of(System {
                client_id,
                client_name: name(sent, first)?,
                client_purpose: purpose,
                contacts: Vec::new(),
                client_uri: front_door(sent),
                redirect_uris: Vec::new(),
                scope: scope.to_string(),
            })
        };
        let sector_identifier_uri = sector_identifier_uri(sent)?;
        let mut document = held(lay(base, sent)?, allowance)?;
        document.sector_identifier =
            sector_identifier_uri.as_ref().and_then(Url::host_str).map(str::to_owned);
        // Where answers go comes first: what else is wrong may only follow from it.
        let mut errors: Vec<_> = document.problems().iter().map(told).collect();
        errors.sort_by_key(|error| error.code != RegistrationErrorCode::InvalidRedirectUri);
        if let Some(error) = errors.into_iter().next() {
            return Err(error);
        }
        let registration = Registration::try_from(document.clone()).map_err(|error| told(&error))?;
        Ok(Self { document, registration, sector_identifier_uri })
    }
}

/// What is registered, as RFC 7591 §3.2.1 tells it to the system.
pub fn as_metadata(document: &RegistrationDocument) -> Map<String, Value> {
    let written = match serde_json::to_value(document) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let taken = written.into_iter().filter(|(name, _)| TAKEN.contains(&name.as_str()));
    let mut told: Map<String, Value> = taken.collect();
    told.insert("client_id".to_owned(), json!(document.client_id));
    told.insert("scope".to_owned(), json!(document.scope));
    told.insert("client_name".to_owned(), json!(document.client_name.en));
    if document.client_name.vi != document.client_name.en {
        told.insert("client_name#vi".to_owned(), json!(document.client_name.vi));
    }
    told
}

/// Lays the members that came over `base`, one by one, so that an error names the one that is wrong.
fn lay(
    mut base: RegistrationDocument,
    sent: &Map<String, Value>,
) -> Result<RegistrationDocument, ClientRegistrationError> {
    for &name in TAKEN {
        // RFC 7591 §2: a member that is null is as one that was left out.
        let Some(value) = sent.get(name).filter(|value| !value.is_null()) else { continue };
        if value.as_array().is_some_and(|entries| entries.len() > MOST_ENTRIES) {
            return Err(wrong(name, "has more than 32 entries"));
        }
        let Ok(Value::Object(mut members)) = serde_json::to_value(&base) else { continue };
        members.insert(name.to_owned(), value.clone());
        base = serde_json::from_value(Value::Object(members))
            .map_err(|_| wrong(name, "has another form, or is not among what discovery lists"))?;
    }
    let is_left_out = sent.get("response_types").is_none_or(Value::is_null);
    if is_left_out && !base.grant_types.contains(&GrantType::AuthorizationCode) {
        base.response_types.clear();
    }
    Ok(base)
}

/// Under the profile that it asks for; where it asks for none, under the strictest that takes what it asks for besides.
/// Exceptions are for the operator to make, where people are not invented.
fn held(
    document: RegistrationDocument,
    allowance: &Allowance,
) -> Result<RegistrationDocument, ClientRegistrationError> {
    let is_redirected_to = |uri: &String| ClientProfile::Fapi2.redirects_to(uri).holds(allowance.in_sandbox);
    let is_safe = document.redirect_uris.iter().all(is_redirected_to);
    match document.profile {
        Some(ClientProfile::Legacy) if !allowance.in_sandbox => {
            return Err(wrong("profile", "legacy is for the operator to register"));
        }
        Some(_) => return Ok(document),
        None => {}
    }
    let strict =
        RegistrationDocument { profile: Some(ClientProfile::Fapi2), require_pkce: true, ..document.clone() };
    if is_safe && profile_rules::problems(&strict).is_empty() {
        return Ok(strict);
    }
    let profile =
        if allowance.in_sandbox { profile_rules::fitting(&document) } else { ClientProfile::Modern };
    Ok(RegistrationDocument { profile: Some(profile), ..document })
}

fn wants_more_than_legacy(sent: &Map<String, Value>) -> bool {
    let profile = sent.get("profile").and_then(Value::as_str).and_then(ClientProfile::parse);
    profile.is_some_and(|profile| profile != ClientProfile::Legacy)
}

fn is_public(sent: &Map<String, Value>) -> bool {
    let method = sent.get("token_endpoint_auth_method").and_then(Value::as_str);
    method == Some(ClientAuthMethod::None.as_str())
}

/// Everything that it may have, where nothing is said; words that are no scopes here are ignored.
fn scope(sent: &Map<String, Value>, allowance: &Allowance) -> Result<ScopeSet, ClientRegistrationError> {
    let asked = match sent.get("scope") {
        None | Some(Value::Null) => return Ok(allowance.scope.clone()),
        Some(Value::String(text)) => ScopeSet::parse(text),
        Some(_) => return Err(wrong("scope", "must be a text of words with spaces")),
    };
    let is_allowed = asked.iter().all(|scope| allowance.scope.contains(scope));
    match is_allowed {
        true => Ok(asked),
        false => Err(wrong("scope", "holds a scope that the initial access token does not allow")),
    }
}

fn claims(scope: &ScopeSet, allowance: &Allowance, purpose: &Bilingual) -> Vec<ClaimGrant> {
    // The right to an address or number covers whether it was verified.
    let covered = [ClaimName::EmailVerified, ClaimName::PhoneNumberVerified];
    let grant = |claim| ClaimGrant {
        claim,
        purpose: purpose.clone(),
        basis: LegalBasis::Consent,
        essential: allowance.in_sandbox,
    };
    scope.claims().into_iter().filter(|claim| !covered.contains(claim)).map(grant).collect()
}

/// RFC 7591 §2.2: a name may come in several languages.
fn name(sent: &Map<String, Value>, first_uri: &str) -> Result<Bilingual, ClientRegistrationError> {
    let text = |member: &str| match sent.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong("client_name", "must be a text")),
    };
    let plain = text("client_name")?;
    let (vi, en) = (text("client_name#vi")?, text("client_name#en")?);
    let host = || Url::parse(first_uri).ok().map(|url| url.host_str().unwrap_or(url.scheme()).to_owned());
    let any = plain.or_else(|| en.clone()).or_else(|| vi.clone()).or_else(host);
    let any = any.unwrap_or_else(|| "?".to_owned());
    Ok(Bilingual { vi: vi.unwrap_or_else(|| any.clone()), en: en.unwrap_or(any) })
}

/// Nobody has looked at it, and people are told so.
fn unreviewed() -> Bilingual {
    Bilingual {
        vi: "Hệ thống tự đăng ký; mục đích chưa được thẩm định.".to_owned(),
        en: "This system registered itself; its purpose was not reviewed.".to_owned(),
    }
}

/// Where nothing is said, the root of where its answers go. Private schemes have none, and on a device a loopback address is
/// there for the moment of one answer (RFC 8252 §7.3).
fn front_door(sent: &Map<String, Value>) -> Option<String> {
    let is_native =
        sent.get("application_type").and_then(Value::as_str) == Some(ApplicationType::Native.as_str());
    let is_door = |url: &Url| url.scheme() == "https" || (url.scheme() == "http" && !is_native);
    let uris = sent.get("redirect_uris").and_then(Value::as_array).into_iter().flatten();
    let mut urls = uris.filter_map(Value::as_str).filter_map(|uri| Url::parse(uri).ok());
    urls.find(is_door)?.join("/").ok().map(String::from)
}

fn sector_identifier_uri(sent: &Map<String, Value>) -> Result<Option<Url>, ClientRegistrationError> {
    match sent.get("sector_identifier_uri") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => match Url::parse(text) {
            Ok(url) if url.has_host() => Ok(Some(url)),
            _ => Err(wrong("sector_identifier_uri", "is not an https address")),
        },
        Some(_) => Err(wrong("sector_identifier_uri", "must be a text")),
    }
}

fn wrong(member: &str, what: &str) -> ClientRegistrationError {
    let code = match member {
        "redirect_uris" => RegistrationErrorCode::InvalidRedirectUri,
        _ => RegistrationErrorCode::InvalidClientMetadata,
    };
    ClientRegistrationError::new(code, format!("{member} {what}."))
}

/// The problem without any value that came with the request.
fn told(problem: &RegistrationError) -> ClientRegistrationError {
    match problem {
        RegistrationError::Uri { field, cause, .. } => {
            wrong(field, &format!("holds an address that {cause}"))
        }
        RegistrationError::NoRedirectUri => wrong("redirect_uris", "is missing; give at least one address"),
        RegistrationError::SectorIdentifierNeeded => wrong(
            "sector_identifier_uri",
            "is needed, because redirect_uris have more than one host and subject_type is pairwise",
        ),
        RegistrationError::SectorIdentifierForm => {
            wrong("sector_identifier_uri", "has a host of other than letters, digits, dots and hyphens")
        }
        RegistrationError::UnknownScope(_) => wrong("scope", "holds a word that is no scope here"),
        other => {
            ClientRegistrationError::new(RegistrationErrorCode::InvalidClientMetadata, format!("{other}."))
        }
    }
}
