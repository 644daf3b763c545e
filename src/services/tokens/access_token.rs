//! Access tokens: their names, and what they still open.

use crate::base::encoding::{base64url, from_base64url};
use crate::base::entropy::{Entropy, random_bytes};
use crate::base::ids::{FamilyId, ServiceTokenId};
use crate::crypto::jwt::{JwtType, read_own_jwt, verify_jwt};
use crate::crypto::token::{PlainToken, TokenKind};
use crate::protocol::{AccessTokenClaims, BearerError, BearerErrorCode, PresentedAccessToken};
use crate::services::{Failure, Provider};

/// The `jti` of an access token: its family, and what makes it one of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessTokenId {
    /// The family that it ends with.
    pub family: FamilyId,
    unique: [u8; 16],
}

impl AccessTokenId {
    /// A new one in `family`.
    pub fn generate(family: FamilyId, entropy: &(impl Entropy + ?Sized)) -> Self {
        Self { family, unique: random_bytes(entropy) }
    }

    /// Reads a `jti` of ours.
    pub fn parse(jti: &str) -> Option<Self> {
        let bytes: [u8; 32] = from_base64url(jti)?.try_into().ok()?;
        let (family, unique) = bytes.split_first_chunk::<16>()?;
        let unique = unique.try_into().ok()?;
        Some(Self { family: FamilyId::from_uuid(uuid::Uuid::from_bytes(*family)), unique })
    }
}

impl std::fmt::Display for AccessTokenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = [0; 32];
        let parts = self.family.uuid().into_bytes().into_iter().chain(self.unique);
        for (to, from) in bytes.iter_mut().zip(parts) {
            *to = from;
        }
        f.write_str(&base64url(bytes))
    }
}

/// The `jti` of a token that another one was exchanged for: the family that it ends with, and its own name, by which it
/// ends alone when its holder gives it back. One byte longer than the `jti` of a family's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExchangedTokenId {
    pub family: FamilyId,
    pub token: ServiceTokenId,
}

/// Before both names.
const EXCHANGED: u8 = 1;

impl ExchangedTokenId {
    fn parse(jti: &str) -> Option<Self> {
        let bytes: [u8; 33] = from_base64url(jti)?.try_into().ok()?;
        let rest = bytes.strip_prefix(&[EXCHANGED])?;
        let (family, token) = rest.split_first_chunk::<16>()?;
        let token = token.try_into().ok()?;
        Some(Self {
            family: FamilyId::from_uuid(uuid::Uuid::from_bytes(*family)),
            token: ServiceTokenId::from_uuid(uuid::Uuid::from_bytes(token)),
        })
    }
}

impl std::fmt::Display for ExchangedTokenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (family, token) = (self.family.uuid().into_bytes(), self.token.uuid().into_bytes());
        f.write_str(&base64url([[EXCHANGED].as_slice(), &family, &token].concat()))
    }
}

/// What an access token ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccessTokenKind {
    /// With everything that a person authorized at once.
    Family(AccessTokenId),
    /// By itself: a system was given it for itself.
    Service(ServiceTokenId),
    /// With the family of the token that it was exchanged for, or by itself.
    Exchange(ExchangedTokenId),
}

impl AccessTokenKind {
    /// Reads a `jti` of ours.
    pub fn parse(jti: &str) -> Option<Self> {
        if let Some(id) = AccessTokenId::parse(jti) {
            return Some(Self::Family(id));
        }
        if let Some(id) = ExchangedTokenId::parse(jti) {
            return Some(Self::Exchange(id));
        }
        let bytes: [u8; 16] = from_base64url(jti)?.try_into().ok()?;
        Some(Self::Service(ServiceTokenId::from_uuid(uuid::Uuid::from_bytes(bytes))))
    }

    /// The family that it ends with, where it stands for a person.
    pub const fn family(self) -> Option<FamilyId> {
        match self {
            Self::Family(id) => Some(id.family),
            Self::Exchange(id) => Some(id.family),
            Self::Service(_) => None,
        }
    }

    /// Two of its random bytes.
    pub const fn spread(self) -> u16 {
        let random = match self {
            Self::Family(id) => id.unique,
            Self::Service(id) | Self::Exchange(ExchangedTokenId { token: id, .. }) => id.uuid().into_bytes(),
        };
        let [.., high, low] = random;
        u16::from_be_bytes([high, low])
    }
}

impl Provider {
    /// The claims of an access token that is ours, of either form, and has not run out. Whether it still stands, is asked
    /// next.
    pub(super) async fn own_access_token(
        &self,
        token: &str,
    ) -> Result<Option<AccessTokenClaims<'static>>, Failure> {
        let claims = match PlainToken::parse(TokenKind::Access, token) {
            Some(token) => self.opaque_claims(&token).await?,
            None => self.claims_of_jwt(token),
        };
        let is_alive = |claims: &AccessTokenClaims<'_>| {
            claims.iss == self.policy.issuer.as_str() && self.now() < claims.exp
        };
        Ok(claims.filter(is_alive))
    }

    fn claims_of_jwt(&self, token: &str) -> Option<AccessTokenClaims<'static>> {
        let is_recent = self.recent_tokens.knows(token);
        let read = if is_recent { read_own_jwt } else { verify_jwt };
        let claims: AccessTokenClaims<'static> =
            read(token, JwtType::AccessToken, self.keys().verifying()).ok()?;
        if !is_recent {
            self.recent_tokens.remember(token);
        }
        Some(claims)
    }

    /// Verifies an access token that somebody holds: ours, for us, and alive. Whether its family still is, is asked next.
    pub(in crate::services) async fn verify_access_token(
        &self,
        presented: &PresentedAccessToken,
    ) -> Result<Result<(AccessTokenId, AccessTokenClaims<'static>), BearerError>, Failure> {
        let read = self
            .own_access_token(presented.expose())
            .await?
            .filter(|claims| claims.aud.contains(self.policy.issuer.as_str()))
            .and_then(|claims| Some((AccessTokenId::parse(&claims.jti)?, claims)));
        Ok(read.ok_or_else(|| {
            BearerError::new(
                BearerErrorCode::InvalidToken,
                "The access token is invalid, expired or has been revoked.",
            )
        }))
    }
}
