//! Revocation (RFC 7009).

use super::AuthenticatedClient;
use super::access_token::{AccessTokenKind, ExchangedTokenId};
use crate::base::Timestamp;
use crate::base::ids::{FamilyId, ServiceTokenId};
use crate::crypto::jwt::{JwtType, verify_jwt};
use crate::crypto::token::{PlainToken, TokenKind};
use crate::domain::audit::{Actor, Event, GrantRefusal, Origin};
use crate::domain::token_family::FamilyEnd;
use crate::services::{Failure, Provider};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The token is good for nothing, whatever it was before (RFC 7009 §2.2).
    Done,
    /// It is another client's.
    OtherClient,
    /// It is one of ours, of a kind that is not revoked.
    UnsupportedType,
}

impl Provider {
    /// Ends `token`, and with it everything that came from the same authorization. On record before it is answered.
    pub async fn revoke(
        &self,
        client: &AuthenticatedClient,
        token: &str,
        origin: &Origin,
    ) -> Result<Revocation, Failure> {
        if let Some(token) = PlainToken::parse(TokenKind::Refresh, token) {
            return self.revoke_refresh_token(client, &token, origin).await;
        }
        let Some(claims) = self.own_access_token(token).await? else {
            return Ok(self.without_effect(token));
        };
        if claims.client_id != client.registration.client_id.as_str() {
            return Ok(Revocation::OtherClient);
        }
        match AccessTokenKind::parse(&claims.jti) {
            Some(AccessTokenKind::Family(id)) => self.revoke_family(client, id.family, None, origin).await,
            // It is its holder's to give back, and what it was exchanged for is not.
            Some(
                AccessTokenKind::Service(id) | AccessTokenKind::Exchange(ExchangedTokenId { token: id, .. }),
            ) => self.revoke_service_token(client, id, claims.exp, origin).await,
            None => Ok(Revocation::Done),
        }
    }

    /// RFC 7009 §2.2: what is no token is none afterwards either. Of ID tokens the client is told that they run out only.
    fn without_effect(&self, token: &str) -> Revocation {
        match verify_jwt::<serde::de::IgnoredAny>(token, JwtType::IdToken, self.keys().verifying()) {
            Ok(_) => Revocation::UnsupportedType,
            Err(_) => Revocation::Done,
        }
    }

    async fn revoke_refresh_token(
        &self,
        client: &AuthenticatedClient,
        token: &PlainToken,
        origin: &Origin,
    ) -> Result<Revocation, Failure> {
        let digest = *token.hash(&self.keyring).as_bytes();
        let stored = self.db.read().await?.refresh_token(&digest).await?;
        match stored {
            Some(stored) => self.revoke_family(client, stored.family, Some(&digest), origin).await,
            None => Ok(Revocation::Done),
        }
    }

    /// `refresh_token` is the digest of the one that was presented, where it was one.
    async fn revoke_family(
        &self,
        client: &AuthenticatedClient,
        family: FamilyId,
        refresh_token: Option<&[u8; 32]>,
        origin: &Origin,
    ) -> Result<Revocation, Failure> {
        let living = self.db.read().await?.living_family(family).await?;
        let Some(living) = living else { return Ok(Revocation::Done) };
        let family = living.family;
        let key = self.data_key(family.account_id, &living.owner.data_key)?;
        if family.client_id != client.registration.client_id {
            if let Some(digest) = refresh_token {
                let why = GrantRefusal::OtherClient;
                self.record_refused_refresh(client, &family, digest, why, &key, origin).await?;
            }
            return Ok(Revocation::OtherClient);
        }
        let why = FamilyEnd::Revoked;
        let event = Event::FamilyEnded {
            account: family.account_id,
            client: family.client_id.clone(),
            family: family.id,
            why,
        };
        let event = self.event(Actor::Client(family.client_id.clone()), event).from_origin(origin);
        let record = self.personal_entry(&event, &key);
        let now = self.now();
        self.write_end(async |tx| {
            if tx.end_family(family.id, why, now).await? {
                tx.record(&record);
            }
            Ok::<_, Failure>(())
        })
        .await?;
        Ok(Revocation::Done)
    }

    async fn revoke_service_token(
        &self,
        client: &AuthenticatedClient,
        token: ServiceTokenId,
        expires_at: Timestamp,
        origin: &Origin,
    ) -> Result<Revocation, Failure> {
        let client = client.registration.client_id.clone();
        let event = Event::ServiceTokenRevoked { client: client.clone(), token };
        let record = self.entry(&self.event(Actor::Client(client), event).from_origin(origin));
        let now = self.now();
        self.write_end(async |tx| {
            if tx.revoke_token(token, expires_at, now).await? {
                tx.record(&record);
            }
            Ok::<_, Failure>(())
        })
        .await?;
        Ok(Revocation::Done)
    }
}
