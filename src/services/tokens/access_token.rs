//! Access tokens: their names, and what they still open.

use crate::base::encoding::{base64url, from_base64url};
use crate::base::entropy::{Entropy, random_bytes};
use crate::base::ids::FamilyId;
use crate::crypto::jwt::{JwtType, read_own_jwt, verify_jwt};
use crate::protocol::{AccessTokenClaims, BearerError, BearerErrorCode, PresentedAccessToken};
use crate::services::Provider;

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

impl Provider {
    /// Verifies an access token that somebody holds: ours, for us, and alive. Whether its family still is, is asked next.
    pub(in crate::services) fn verify_access_token(
        &self,
        presented: &PresentedAccessToken,
    ) -> Result<(AccessTokenId, AccessTokenClaims<'static>), BearerError> {
        let refused = || {
            BearerError::new(
                BearerErrorCode::InvalidToken,
                "The access token is invalid, expired or has been revoked.",
            )
        };
        let read = if self.recent_tokens.knows(presented.expose()) { read_own_jwt } else { verify_jwt };
        let claims: AccessTokenClaims<'static> =
            read(presented.expose(), JwtType::AccessToken, self.keys().verifying()).map_err(|_| refused())?;
        let issuer = self.policy.issuer.as_str();
        let is_ours = claims.iss == issuer && claims.aud.is_only(issuer);
        match (is_ours && self.now() < claims.exp, AccessTokenId::parse(&claims.jti)) {
            (true, Some(id)) => Ok((id, claims)),
            _ => Err(refused()),
        }
    }
}
