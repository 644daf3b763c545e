//! The authorization code: sealed, so that nothing is stored before it is redeemed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ReplyTarget;
use crate::base::Timestamp;
use crate::base::encoding::base64url;
use crate::base::ids::{AccountId, FamilyId, SessionId};
use crate::crypto::PagePurpose;
use crate::crypto::digest::sha256;
use crate::domain::access::{Access, GrantedDetail};
use crate::domain::audit::GrantRefusal;
use crate::domain::client::{Client, Registration};
use crate::domain::interaction::Grant;
use crate::domain::session::Session;
use crate::domain::token_family::Authorized;
use crate::protocol::{
    Acr, Amr, AuthorizationDetail, AuthorizationRequest, ClaimName, CodeChallenge, CodeVerifier,
    JwkThumbprint, Nonce, Scope, ScopeSet, VerifiedWishes,
};
use crate::services::tokens::ProvenKey;
use crate::services::{Failure, Policy, Provider};

/// The longest code that is looked at. Ours are shorter; 1,024 is what relying parties can be expected to carry.
pub const LONGEST_CODE: usize = 1_024;

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeContent {
    /// The family that it starts, once.
    pub family: FamilyId,
    /// Whose authorization it is.
    pub account: AccountId,
    /// The session it was given in; when that ends, so does the code.
    pub session: SessionId,
    /// What was authorized.
    pub authorized: Authorized,
    /// What exactly was authorized at resources.
    pub details: Vec<GrantedDetail>,
    redirect_uri: [u8; 32],
    challenge: Option<CodeChallenge>,
    dpop_jkt: Option<JwkThumbprint>,
    expires_at: Timestamp,
}

/// Why a code is not good. RFC 6749 §5.2: all of it is `invalid_grant`; the text says which, since only the client that
/// the code was made for gets this far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    /// Not a code, or another client's.
    #[error("The code is not one that was issued to this client.")]
    Foreign,
    /// Too old.
    #[error("The code has expired; codes are good for 60 seconds.")]
    Expired,
    /// Issued to another redirect URI.
    #[error("redirect_uri differs from the one in the authorization request.")]
    OtherRedirectUri,
    /// There was a challenge, and no verifier answers it.
    #[error("code_verifier is missing; the authorization request had a code_challenge.")]
    VerifierMissing,
    /// The verifier is a wrong one.
    #[error("code_verifier does not match the code_challenge.")]
    WrongVerifier,
    /// There was no challenge to answer (RFC 9700 §4.8.2: a downgrade).
    #[error("code_verifier was sent, but the authorization request had no code_challenge.")]
    VerifierWithoutChallenge,
    /// There was no challenge, and the client's registration demands one by now.
    #[error(
        "The authorization request had no code_challenge, and this client has to send one by now; begin anew."
    )]
    ChallengeMissing,
    /// The request named a key (RFC 9449 §10), and none is shown.
    #[error("The code is bound to a key by dpop_jkt; redeem it with a DPoP proof of that key.")]
    KeyMissing,
    /// Another key is shown.
    #[error("The DPoP proof is of another key than the dpop_jkt of the authorization request.")]
    OtherKey,
}

impl CodeRefused {
    /// As it is recorded. What is no code, or another client's, does not open: it names nobody whose log it could stand
    /// in, and whoever likes can send any number of it.
    pub(in crate::services) const fn recorded(self) -> Option<GrantRefusal> {
        match self {
            Self::Foreign => None,
            Self::Expired => Some(GrantRefusal::Expired),
            Self::OtherRedirectUri => Some(GrantRefusal::OtherRedirectUri),
            Self::VerifierMissing | Self::ChallengeMissing => Some(GrantRefusal::VerifierMissing),
            Self::WrongVerifier => Some(GrantRefusal::WrongVerifier),
            Self::VerifierWithoutChallenge => Some(GrantRefusal::VerifierWithoutChallenge),
            Self::KeyMissing => Some(GrantRefusal::KeyMissing),
            Self::OtherKey => Some(GrantRefusal::OtherKey),
        }
    }
}

/// A code as a client presents it.
#[derive(Clone, Copy, Debug)]
pub struct PresentedCode<'a> {
    /// The code.
    pub code: &'a str,
    /// The redirect URI, once more.
    pub redirect_uri: &'a str,
    /// The verifier.
    pub verifier: Option<&'a CodeVerifier>,
    /// The resources that the token shall be for, as they came.
    pub resources: &'a [String],
    /// The details that it shall be for.
    pub details: Option<&'a [AuthorizationDetail]>,
    /// The key that its redeemer shows.
    pub key: Option<ProvenKey>,
}

/// The compact form: sets of words as bits in the order of their tables.
#[derive(Serialize, Deserialize)]
struct Packed {
    family: FamilyId,
    account: AccountId,
    session: SessionId,
    redirect_uri: [u8; 32],
    challenge: Option<CodeChallenge>,
    dpop_jkt: Option<JwkThumbprint>,
    expires_at: Timestamp,
    scopes: u32,
    userinfo_claims: u32,
    id_token_claims: u32,
    auth_time: Timestamp,
    acr: u32,
    amr: u32,
    nonce: Option<Nonce>,
    access: Access,
    /// As JSON, which values of any form need.
    details: String,
    /// As JSON too; mostly there is nothing.
    verified: String,
}

impl Provider {
    /// A code that gives `grant` to the client of `reply`.
    pub(super) async fn seal_code(
        &self,
        reply: &ReplyTarget,
        request: &AuthorizationRequest,
        grant: &Grant,
        session: &Session,
    ) -> Result<String, Failure> {
        let now = self.now();
        let packed = Packed {
            family: FamilyId::generate(now, self.entropy()),
            account: session.account_id,
            session: session.id,
            redirect_uri: *sha256(reply.redirect_uri().as_str().as_bytes()).as_bytes(),
            challenge: request.code_challenge,
            dpop_jkt: request.dpop_jkt,
            expires_at: now + Policy::CODE_LIFETIME,
            scopes: bits(Scope::ALL, |scope| grant.scopes.contains(*scope)),
            userinfo_claims: bits(ClaimName::ALL, |claim| grant.userinfo_claims.contains(claim)),
            id_token_claims: bits(ClaimName::ALL, |claim| grant.id_token_claims.contains(claim)),
            auth_time: session.authenticated_at,
            acr: bits(Acr::ALL, |acr| session.acr == *acr),
            amr: bits(Amr::ALL, |method| session.amr.contains(method)),
            nonce: request.nonce.clone(),
            access: grant.access.clone(),
            details: serde_json::to_string(&grant.details).unwrap_or_default(),
            verified: match grant.verified.is_empty() {
                true => String::new(),
                false => serde_json::to_string(&grant.verified).unwrap_or_default(),
            },
        };
        let content = postcard::to_stdvec(&packed).unwrap_or_default();
        let seal = |content: &[u8]| {
            self.keyring.seal_page(PagePurpose::Code, holder(reply.client()), content, self.entropy())
        };
        let code = seal(&content);
        if code.len() <= LONGEST_CODE {
            return Ok(code);
        }
        // Too long to be carried: it stays here, sealed as it is, and a short one leads to it.
        let reference = *sha256(code.as_bytes()).as_bytes();
        self.shortlived.insert_if_absent(&kept(&reference), code.as_bytes(), Policy::CODE_LIFETIME).await?;
        Ok(seal(&reference))
    }

    /// Opens a code for the client that it was made for; nothing where it is no code, or another client's.
    pub(in crate::services) async fn open_code(
        &self,
        client: &Client,
        code: &str,
    ) -> Result<Option<CodeContent>, Failure> {
        let open = |code: &str| self.keyring.open_page(PagePurpose::Code, holder(client), code).ok();
        let Some(mut content) = Some(code).filter(|code| code.len() <= LONGEST_CODE).and_then(open) else {
            return Ok(None);
        };
        if let Ok(reference) = <[u8; 32]>::try_from(content.expose().as_slice()) {
            let stored = self.shortlived.read(&kept(&reference)).await?;
            let whole = stored.as_deref().and_then(|stored| std::str::from_utf8(stored).ok()).and_then(open);
            let Some(whole) = whole else { return Ok(None) };
            content = whole;
        }
        Ok(postcard::from_bytes::<Packed>(content.expose()).ok().and_then(Packed::unpack))
    }
}

impl CodeContent {
    /// Checks everything that can be checked without asking whether it was redeemed before: a wrong try never burns the
    /// rightful owner's code.
    pub(in crate::services) fn check(
        &self,
        presented: PresentedCode<'_>,
        registration: &Registration,
        now: Timestamp,
    ) -> Result<(), CodeRefused> {
        if now >= self.expires_at {
            return Err(CodeRefused::Expired);
        }
        if *sha256(presented.redirect_uri.as_bytes()).as_bytes() != self.redirect_uri {
            return Err(CodeRefused::OtherRedirectUri);
        }
        match (&self.challenge, presented.verifier) {
            (Some(challenge), Some(verifier)) if verifier.answers(challenge) => Ok(()),
            (Some(_), Some(_)) => Err(CodeRefused::WrongVerifier),
            (Some(_), None) => Err(CodeRefused::VerifierMissing),
            (None, Some(_)) => Err(CodeRefused::VerifierWithoutChallenge),
            (None, None) if registration.require_pkce => Err(CodeRefused::ChallengeMissing),
            (None, None) => Ok(()),
        }?;
        match (self.dpop_jkt, presented.key.and_then(|key| key.thumbprint())) {
            (Some(bound), Some(shown)) if shown == bound => Ok(()),
            (Some(_), Some(_)) => Err(CodeRefused::OtherKey),
            (Some(_), None) => Err(CodeRefused::KeyMissing),
            (None, _) => Ok(()),
        }
    }
}

impl Packed {
    fn unpack(self) -> Option<CodeContent> {
        let scopes: Vec<&str> = chosen(Scope::ALL, self.scopes).map(Scope::as_str).collect();
        Some(CodeContent {
            family: self.family,
            account: self.account,
            session: self.session,
            authorized: Authorized {
                scopes: ScopeSet::parse(&scopes.join(" ")),
                access: self.access,
                userinfo_claims: chosen(ClaimName::ALL, self.userinfo_claims).collect::<BTreeSet<_>>(),
                id_token_claims: chosen(ClaimName::ALL, self.id_token_claims).collect::<BTreeSet<_>>(),
                verified: match self.verified.as_str() {
                    "" => VerifiedWishes::default(),
                    wishes => serde_json::from_str(wishes).ok()?,
                },
                auth_time: self.auth_time,
                acr: chosen(Acr::ALL, self.acr).next()?,
                amr: chosen(Amr::ALL, self.amr).collect(),
                nonce: self.nonce,
            },
            details: serde_json::from_str(&self.details).ok()?,
            redirect_uri: self.redirect_uri,
            challenge: self.challenge,
            dpop_jkt: self.dpop_jkt,
            expires_at: self.expires_at,
        })
    }
}

/// Where a code lies that is too long to be carried.
fn kept(reference: &[u8; 32]) -> String {
    format!("code:{}", base64url(reference))
}

fn holder(client: &Client) -> &[u8] {
    client.registration.client_id.as_str().as_bytes()
}

fn bits<T>(table: &[T], is_in: impl Fn(&T) -> bool) -> u32 {
    table.iter().enumerate().filter(|(_, word)| is_in(word)).fold(0, |bits, (place, _)| bits | (1 << place))
}

fn chosen<T: Copy>(table: &[T], bits: u32) -> impl Iterator<Item = T> {
    table.iter().enumerate().filter(move |(place, _)| bits & (1 << place) != 0).map(|(_, word)| *word)
}
