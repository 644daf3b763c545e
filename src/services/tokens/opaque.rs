//! Access tokens in the form that their resource takes: signed, or opaque and kept here (RFC 6749 §1.4).

use std::time::Duration;

use super::mint::ACCESS_TOKEN_ALGORITHM;
use crate::base::entropy::random_bytes;
use crate::crypto::binding::PagePurpose;
use crate::crypto::jwt::{JwtType, sign_jwt};
use crate::crypto::token::{PlainToken, TokenKind};
use crate::domain::audit::SealedEvent;
use crate::protocol::{AccessTokenClaims, AccessTokenFormat};
use crate::services::{Failure, Provider};
use crate::storage::StoredOpaqueToken;

/// An access token that was made and is not given yet.
pub(super) struct MadeAccessToken {
    /// What its holder is given.
    pub text: String,
    /// What has to be kept of it before that.
    pub kept: Option<StoredOpaqueToken>,
}

impl Provider {
    /// An access token that says `claims`, or stands for them.
    pub(super) fn make_access_token(
        &self,
        claims: &AccessTokenClaims<'_>,
        format: AccessTokenFormat,
    ) -> Result<MadeAccessToken, Failure> {
        match format {
            AccessTokenFormat::Jwt => {
                let keys = self.keys();
                let text = sign_jwt(keys.active(ACCESS_TOKEN_ALGORITHM)?, JwtType::AccessToken, claims)?;
                self.recent_tokens.remember(&text);
                Ok(MadeAccessToken { text, kept: None })
            }
            AccessTokenFormat::Opaque => {
                let token = PlainToken::generate(TokenKind::Access, self.entropy());
                let digest = *token.hash(&self.keyring).as_bytes();
                let content = serde_json::to_vec(claims).map_err(|_| unreadable())?;
                let sealed =
                    self.keyring.seal_page(PagePurpose::AccessToken, &digest, &content, self.entropy());
                let kept = StoredOpaqueToken { digest, sealed, expires_at: claims.exp };
                Ok(MadeAccessToken { text: token.expose().to_owned(), kept: Some(kept) })
            }
        }
    }

    /// What an opaque token stands for, where it is ours.
    pub(super) async fn opaque_claims(
        &self,
        token: &PlainToken,
    ) -> Result<Option<AccessTokenClaims<'static>>, Failure> {
        let digest = *token.hash(&self.keyring).as_bytes();
        let Some(sealed) = self.db.read().await?.opaque_token(&digest).await? else { return Ok(None) };
        let content = self
            .keyring
            .open_page(PagePurpose::AccessToken, &digest, &sealed)
            .map_err(Failure::sealed("opaque_token"))?;
        serde_json::from_slice(content.expose()).map(Some).map_err(|_| unreadable())
    }

    /// Writes that a token is given, and the token where it has to be kept: both, or neither.
    pub(super) async fn record_given(
        &self,
        record: Option<&SealedEvent>,
        kept: Option<&StoredOpaqueToken>,
    ) -> Result<(), Failure> {
        self.db
            .write(async |tx| {
                if let Some(record) = record {
                    tx.record(record);
                }
                if let Some(token) = kept {
                    tx.insert_opaque_token(token).await?;
                }
                Ok::<_, Failure>(())
            })
            .await
    }
}

impl Provider {
    /// Forgets the opaque tokens that have run out: what they stood for is said to nobody any more, and stays nowhere. Of
    /// several nodes one does it at a time, a little at once, so that no token that is given waits behind it.
    pub async fn forget_opaque_tokens(&self) -> Result<(), Failure> {
        /// How many at once.
        const BATCH: i64 = 500;
        let now = self.now();
        while self.db.read().await?.have_opaque_tokens_run_out(now).await? {
            let holder = random_bytes::<16>(self.entropy());
            let is_ours = self
                .db
                .write(async |tx| {
                    let is_ours = tx.take_lease("opaque tokens", &holder, now, Duration::ZERO).await?;
                    if is_ours {
                        tx.forget_opaque_tokens(now, BATCH).await?;
                    }
                    Ok::<_, Failure>(is_ours)
                })
                .await?;
            if !is_ours {
                break;
            }
        }
        Ok(())
    }
}

const fn unreadable() -> Failure {
    Failure::Unreadable { table: "opaque_token" }
}
