//! The registration of a relying system, checked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;

use super::registration_document::RegistrationDocument;
use super::{Bilingual, ClaimGrant, Logo, RegistrationError};
use crate::base::text;
use crate::protocol::{
    ApplicationType, ClaimName, ClientAuthMethod, ClientId, PostLogoutRedirectUri, RegisteredRedirectUri,
    Scope, ScopeSet, SigningAlgorithm, SubjectType,
};

/// The most characters of a name or purpose.
const TEXT_LIMIT: usize = 300;

/// What the ministry registered of a system. One that exists has been checked, as a whole and in every part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RegistrationDocument", into = "RegistrationDocument")]
pub struct Registration {
    /// The identifier it presents.
    pub client_id: ClientId,
    /// Its name, as people read it.
    pub client_name: Bilingual,
    /// What it is for, in a sentence.
    pub client_purpose: Bilingual,
    /// Shown beside the name.
    pub logo: Option<Logo>,
    /// Whom to write to about it.
    pub contacts: Vec<String>,
    /// Its front door: the way back when a page has expired.
    pub client_uri: String,
    /// Web or native.
    pub application_type: ApplicationType,
    /// Where answers go.
    pub redirect_uris: Vec<RegisteredRedirectUri>,
    /// Where people go after signing out.
    pub post_logout_redirect_uris: Vec<PostLogoutRedirectUri>,
    /// How it authenticates.
    pub token_endpoint_auth_method: ClientAuthMethod,
    /// What it may ask for.
    pub scope: ScopeSet,
    /// What it may learn, what for, by which right.
    pub claims: Vec<ClaimGrant>,
    /// Whether its subjects are its own.
    pub subject_type: SubjectType,
    /// The host whose systems know a person by the same subject (OIDC Core §8.1).
    pub sector: String,
    /// How its ID tokens are signed.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// Whether a request without a code challenge is refused (RFC 7636).
    pub require_pkce: bool,
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

    /// Whether it can keep a secret (RFC 6749 §2.1).
    pub fn is_confidential(&self) -> bool {
        self.token_endpoint_auth_method != ClientAuthMethod::None
    }
}

impl TryFrom<RegistrationDocument> for Registration {
    type Error = RegistrationError;

    fn try_from(document: RegistrationDocument) -> Result<Self, RegistrationError> {
        check_texts(&document)?;
        check_claims(&document.claims)?;
        check_client_uri(&document.client_uri)?;
        if document.token_endpoint_auth_method == ClientAuthMethod::None && !document.require_pkce {
            return Err(RegistrationError::PkceNeeded);
        }
        Ok(Self {
            scope: scope(&document.scope)?,
            redirect_uris: redirect_uris(&document)?,
            post_logout_redirect_uris: post_logout_redirect_uris(&document)?,
            sector: sector(&document)?,
            client_id: document.client_id,
            client_name: document.client_name,
            client_purpose: document.client_purpose,
            logo: document.logo,
            contacts: document.contacts,
            client_uri: document.client_uri,
            application_type: document.application_type,
            token_endpoint_auth_method: document.token_endpoint_auth_method,
            claims: document.claims,
            subject_type: document.subject_type,
            id_token_signed_response_alg: document.id_token_signed_response_alg,
            require_pkce: document.require_pkce,
        })
    }
}

fn check_texts(document: &RegistrationDocument) -> Result<(), RegistrationError> {
    let texts = [("client_name", &document.client_name), ("client_purpose", &document.client_purpose)];
    let purposes = document.claims.iter().map(|grant| ("claims.purpose", &grant.purpose));
    for (field, text) in texts.into_iter().chain(purposes) {
        for text in [&text.vi, &text.en] {
            text::clean(text, TEXT_LIMIT).map_err(|cause| RegistrationError::Text { field, cause })?;
        }
    }
    Ok(())
}

fn check_claims(claims: &[ClaimGrant]) -> Result<(), RegistrationError> {
    let mut seen = BTreeSet::new();
    match claims.iter().find(|grant| !seen.insert(grant.claim)) {
        Some(twice) => Err(RegistrationError::ClaimTwice(twice.claim.as_str())),
        None => Ok(()),
    }
}

fn check_client_uri(text: &str) -> Result<(), RegistrationError> {
    let is_fit = Url::parse(text).is_ok_and(|url| match url.scheme() {
        "https" => url.has_host(),
        "http" => matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    });
    if is_fit { Ok(()) } else { Err(RegistrationError::ClientUri) }
}

fn scope(text: &str) -> Result<ScopeSet, RegistrationError> {
    if let Some(unknown) = text.split_ascii_whitespace().find(|word| Scope::parse(word).is_none()) {
        return Err(RegistrationError::UnknownScope(unknown.to_owned()));
    }
    let scope = ScopeSet::parse(text);
    if scope.contains(Scope::Openid) { Ok(scope) } else { Err(RegistrationError::OpenidMissing) }
}

fn redirect_uris(document: &RegistrationDocument) -> Result<Vec<RegisteredRedirectUri>, RegistrationError> {
    if document.redirect_uris.is_empty() {
        return Err(RegistrationError::NoRedirectUri);
    }
    let parse =
        |uri: &String| {
            RegisteredRedirectUri::parse(uri, document.application_type)
                .map_err(|cause| RegistrationError::Uri { field: "redirect_uris", uri: uri.clone(), cause })
        };
    document.redirect_uris.iter().map(parse).collect()
}

fn post_logout_redirect_uris(
    document: &RegistrationDocument,
) -> Result<Vec<PostLogoutRedirectUri>, RegistrationError> {
    let parse =
        |uri: &String| {
            PostLogoutRedirectUri::parse(uri, document.application_type).map_err(|cause| {
                RegistrationError::Uri { field: "post_logout_redirect_uris", uri: uri.clone(), cause }
            })
        };
    document.post_logout_redirect_uris.iter().map(parse).collect()
}

/// OIDC Core §8.1: a system with several hosts says which one stands for them all.
fn sector(document: &RegistrationDocument) -> Result<String, RegistrationError> {
    if let Some(sector) = &document.sector_identifier {
        let is_host =
            !sector.is_empty() && sector.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        return if is_host { Ok(sector.clone()) } else { Err(RegistrationError::SectorIdentifierForm) };
    }
    let hosts: BTreeSet<String> = document.redirect_uris.iter().map(|uri| host(uri)).collect();
    match (document.subject_type, hosts.len()) {
        (SubjectType::Pairwise, 2..) => Err(RegistrationError::SectorIdentifierNeeded),
        _ => Ok(hosts.into_iter().next().unwrap_or_default()),
    }
}

/// The host of an address; of a private scheme, the scheme itself.
fn host(uri: &str) -> String {
    let parsed = Url::parse(uri);
    let host = parsed.as_ref().ok().and_then(Url::host_str).filter(|host| !host.is_empty());
    host.or(parsed.as_ref().ok().map(Url::scheme)).unwrap_or_default().to_owned()
}
