//! The registration of a relying system, in the vocabulary of RFC 7591 and OIDC Registration.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Bilingual, ClaimGrant, Logo};
use crate::protocol::application_type::ApplicationType;
use crate::protocol::claim::ClaimName;
use crate::protocol::client_auth_method::ClientAuthMethod;
use crate::protocol::client_id::ClientId;
use crate::protocol::post_logout_redirect_uri::PostLogoutRedirectUri;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::scope::ScopeSet;
use crate::protocol::signing_algorithm::SigningAlgorithm;
use crate::protocol::subject_type::SubjectType;

/// What the ministry registered of a system. Members are named as RFC 7591 §2 and OIDC Registration §2 name them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The identifier it presents.
    pub client_id: ClientId,
    /// Its name, as people read it.
    pub client_name: Bilingual,
    /// What it is for, in a sentence.
    pub client_purpose: Bilingual,
    /// Shown beside the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// Whom to write to about it.
    pub contacts: Vec<String>,
    /// Its front door: the way back when a page has expired.
    pub client_uri: String,
    /// Web or native.
    #[serde(default)]
    pub application_type: ApplicationType,
    /// Where answers go.
    pub redirect_uris: Vec<RegisteredRedirectUri>,
    /// Where people go after signing out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<PostLogoutRedirectUri>,
    /// How it authenticates.
    #[serde(default)]
    pub token_endpoint_auth_method: ClientAuthMethod,
    /// What it may ask for.
    pub scope: ScopeSet,
    /// What it may learn, what for, by which right.
    #[serde(default)]
    pub claims: Vec<ClaimGrant>,
    /// Whether its subjects are its own.
    #[serde(default)]
    pub subject_type: SubjectType,
    /// The host whose systems share subjects (OIDC Core §8.1); the redirect URIs' own host where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector_identifier: Option<String>,
    /// How its ID tokens are signed; RS256 where nothing is said (OIDC Registration §2).
    #[serde(default)]
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// RFC 7636 is demanded of everybody; a confidential system that cannot may be let off, at its own risk.
    #[serde(default = "yes")]
    pub require_pkce: bool,
}

const fn yes() -> bool {
    true
}

/// What does not fit together in a registration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// No redirect URI.
    #[error("redirect_uris: at least one is needed")]
    NoRedirectUri,
    /// More than one host and no sector identifier (OIDC Core §8.1).
    #[error(
        "sector_identifier: needed, because redirect_uris have more than one host and subject_type is pairwise"
    )]
    SectorIdentifierNeeded,
    /// A sector identifier that is not a host name.
    #[error("sector_identifier: must be a host name such as dichvucong.example.vn")]
    SectorIdentifierForm,
    /// A claim listed twice.
    #[error("claims: {0} is listed twice")]
    ClaimTwice(&'static str),
    /// A public client without PKCE.
    #[error(
        "require_pkce: a client without a secret (token_endpoint_auth_method = \"none\") cannot go without PKCE"
    )]
    PkceNeeded,
    /// A redirect URI of a form the application type does not allow.
    #[error(
        "redirect_uris: {0} is not allowed for a web application; set application_type = \"native\" if it is an app"
    )]
    NotForWeb(String),
    /// `openid` is missing.
    #[error("scope: must contain openid")]
    OpenidMissing,
    /// An address that is not an absolute web address.
    #[error("client_uri: must be an absolute https address (or http on a loopback address)")]
    ClientUri,
    /// An empty text where people read one.
    #[error("{0}: must not be empty in either language")]
    EmptyText(&'static str),
}

impl Registration {
    /// Checks what the fields' own types cannot: how they fit together.
    pub fn check(&self) -> Result<(), RegistrationError> {
        use RegistrationError as E;
        if self.redirect_uris.is_empty() {
            return Err(E::NoRedirectUri);
        }
        if !self.scope.contains(crate::protocol::scope::Scope::Openid) {
            return Err(E::OpenidMissing);
        }
        if self.token_endpoint_auth_method == ClientAuthMethod::None && !self.require_pkce {
            return Err(E::PkceNeeded);
        }
        for (field, text) in [("client_name", &self.client_name), ("client_purpose", &self.client_purpose)] {
            if text.vi.trim().is_empty() || text.en.trim().is_empty() {
                return Err(E::EmptyText(field));
            }
        }
        let mut seen = BTreeSet::new();
        for grant in &self.claims {
            if !seen.insert(grant.claim) {
                return Err(E::ClaimTwice(grant.claim.as_str()));
            }
            if grant.purpose.vi.trim().is_empty() || grant.purpose.en.trim().is_empty() {
                return Err(E::EmptyText("claims.purpose"));
            }
        }
        if let Some(foreign) =
            self.redirect_uris.iter().find(|uri| !uri.is_allowed_for(self.application_type))
        {
            return Err(E::NotForWeb(foreign.as_str().to_owned()));
        }
        if !is_web_address(&self.client_uri) {
            return Err(E::ClientUri);
        }
        self.check_sector()
    }

    fn check_sector(&self) -> Result<(), RegistrationError> {
        if let Some(sector) = &self.sector_identifier {
            let is_host = !sector.is_empty()
                && sector.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
            return if is_host { Ok(()) } else { Err(RegistrationError::SectorIdentifierForm) };
        }
        let hosts: BTreeSet<&str> = self.redirect_uris.iter().map(RegisteredRedirectUri::host).collect();
        match self.subject_type == SubjectType::Pairwise && hosts.len() > 1 {
            true => Err(RegistrationError::SectorIdentifierNeeded),
            false => Ok(()),
        }
    }

    /// The sector whose systems know a person by the same subject (OIDC Core §8.1).
    pub fn sector(&self) -> &str {
        match (&self.sector_identifier, self.redirect_uris.first()) {
            (Some(sector), _) => sector,
            (None, Some(uri)) => uri.host(),
            (None, None) => self.client_id.as_str(),
        }
    }

    /// The registered right to a claim. The right to an address or number covers whether it was verified.
    pub fn grant_of(&self, claim: ClaimName) -> Option<&ClaimGrant> {
        let registered_as = match claim {
            ClaimName::EmailVerified => ClaimName::Email,
            ClaimName::PhoneNumberVerified => ClaimName::PhoneNumber,
            claim => claim,
        };
        self.claims.iter().find(|grant| grant.claim == registered_as)
    }
}

fn is_web_address(text: &str) -> bool {
    match url::Url::parse(text) {
        Ok(url) if url.scheme() == "https" => url.has_host(),
        Ok(url) if url.scheme() == "http" => {
            matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
        }
        _ => false,
    }
}
