//! The tokens that came from one authorization: they live and end together.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::base::ids::{AccountId, FamilyId, SessionId};
use crate::domain::access::Access;
use crate::protocol::Acr;
use crate::protocol::Amr;
use crate::protocol::ClaimName;
use crate::protocol::ClientId;
use crate::protocol::Confirmation;
use crate::protocol::Nonce;
use crate::protocol::ScopeSet;
use crate::protocol::VerifiedWishes;

/// A family as stored.
#[derive(Clone, Debug)]
pub struct TokenFamily {
    /// The row; part of every access token's `jti`.
    pub id: FamilyId,
    /// Whose authorization it is.
    pub account_id: AccountId,
    /// Which system holds its tokens.
    pub client_id: ClientId,
    /// The session it was authorized in.
    pub session_id: SessionId,
    /// What was authorized.
    pub authorized: Authorized,
    /// What exactly was authorized at resources, sealed.
    pub details: Option<Vec<u8>>,
    /// Whether it outlives the session (`offline_access`).
    pub offline: bool,
    /// The key that a refresh must show: that of a public client, which has nothing else to show (RFC 9449 §5).
    pub bound_to: Option<Confirmation>,
    /// When the code was redeemed.
    pub created_at: Timestamp,
    /// Set once it is over.
    pub ended_at: Option<Timestamp>,
}

/// What a person authorized a system to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorized {
    /// The scopes granted.
    pub scopes: ScopeSet,
    /// The resources that the access token is for.
    #[serde(default, skip_serializing_if = "Access::is_empty")]
    pub access: Access,
    /// The claims userinfo tells.
    pub userinfo_claims: BTreeSet<ClaimName>,
    /// The claims asked for in the ID token itself.
    pub id_token_claims: BTreeSet<ClaimName>,
    /// The claims asked for as verified: nothing where nobody's data are, so that no value of them lies here.
    #[serde(default, skip_serializing_if = "VerifiedWishes::is_empty")]
    pub verified: VerifiedWishes,
    /// When the person proved who she is.
    pub auth_time: Timestamp,
    /// The level reached.
    pub acr: Acr,
    /// The methods used.
    pub amr: Vec<Amr>,
    /// The request's nonce.
    pub nonce: Option<Nonce>,
}

/// Why a family ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FamilyEnd {
    /// Its code was presented a second time (RFC 6749 §4.1.2).
    CodeReused,
    /// A refresh token that had been replaced was presented (RFC 9700 §4.14.2).
    RefreshTokenReused,
    /// The session it was authorized in ended.
    SessionEnded,
    /// The person signed out of this system.
    SignedOut,
    /// The person withdrew what she had agreed to.
    ConsentWithdrawn,
    /// The system gave a token of it back (RFC 7009).
    Revoked,
}

impl FamilyEnd {
    /// As stored and recorded.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CodeReused => "code_reused",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::SessionEnded => "session_ended",
            Self::SignedOut => "signed_out",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::Revoked => "revoked",
        }
    }
}
