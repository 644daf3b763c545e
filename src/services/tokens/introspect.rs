//! Introspection (RFC 7662): what a token is good for, told to whom it concerns.

use std::iter::successors;

use super::AuthenticatedClient;
use super::access_token::AccessTokenKind;
use super::presenter::is_bound_as_registered;
use crate::crypto::jwt::{JwtType, sign_jwt};
use crate::crypto::token::{PlainToken, TokenKind};
use crate::protocol::introspection::{
    AccessTokenState, Introspection, IntrospectionClaims, RefreshTokenState, Yes,
};
use crate::protocol::token_response::TokenType;
use crate::protocol::{AccessTokenClaims, ClientId};
use crate::services::{Failure, Provider};

impl Provider {
    /// What `caller` may know of `token`. Nothing is written, whatever is asked.
    pub async fn introspect(
        &self,
        caller: &AuthenticatedClient,
        token: &str,
    ) -> Result<Introspection, Failure> {
        if let Some(token) = PlainToken::parse(TokenKind::Refresh, token) {
            return self.introspect_refresh_token(caller, &token).await;
        }
        let Some(claims) = self.own_access_token(token).await? else { return Ok(Introspection::INACTIVE) };
        if !self.concerns(caller, &claims) || !self.is_in_use(&claims) {
            return Ok(Introspection::INACTIVE);
        }
        let Some(kind) = AccessTokenKind::parse(&claims.jti) else { return Ok(Introspection::INACTIVE) };
        if !self.stands(kind).await? {
            return Ok(Introspection::INACTIVE);
        }
        let token_type = TokenType::of(claims.cnf);
        Ok(Introspection::Access(Box::new(AccessTokenState { active: Yes, token_type, claims })))
    }

    /// The same as a signed statement (RFC 9701), encrypted where the caller is registered for that.
    pub async fn signed_introspection(
        &self,
        caller: &AuthenticatedClient,
        introspection: &Introspection,
    ) -> Result<String, Failure> {
        let claims = IntrospectionClaims {
            iss: self.policy.issuer.as_str(),
            aud: caller.registration.client_id.as_str(),
            iat: self.now(),
            token_introspection: introspection,
        };
        let encrypter = self.encrypter(caller, caller.registration.introspection_encrypted_response).await?;
        let keys = self.keys();
        let key = keys.active(caller.registration.introspection_signed_response_alg)?;
        self.nested(sign_jwt(key, JwtType::Introspection, &claims)?, encrypter.as_ref())
    }

    /// A refresh token concerns the client that has it, and nobody else.
    async fn introspect_refresh_token(
        &self,
        caller: &AuthenticatedClient,
        token: &PlainToken,
    ) -> Result<Introspection, Failure> {
        let mut tx = self.db.read().await?;
        let stored = tx.refresh_token(token.hash(&self.keyring).as_bytes()).await?;
        let fresh = stored.filter(|stored| stored.used.is_none() && self.now() < stored.expires_at);
        let Some(stored) = fresh else { return Ok(Introspection::INACTIVE) };
        let living = tx.living_family(stored.family).await?;
        let own = living.filter(|living| living.family.client_id == caller.registration.client_id);
        let Some(living) = own else { return Ok(Introspection::INACTIVE) };
        Ok(Introspection::Refresh(Box::new(RefreshTokenState {
            active: Yes,
            iss: self.policy.issuer.as_str().to_owned(),
            sub: self.subject(caller, living.family.account_id),
            client_id: caller.registration.client_id.as_str().to_owned(),
            exp: stored.expires_at,
            iat: stored.issued_at,
            scope: self.refreshable(caller, &living.family.authorized),
        })))
    }

    /// An access token concerns the client that has it and the resources that it is for.
    pub(super) fn concerns(&self, caller: &AuthenticatedClient, claims: &AccessTokenClaims<'_>) -> bool {
        let own_id = &caller.registration.client_id;
        let is_resource = |name: &str| {
            let own = caller.registration.protected_resources.iter().map(|own| &own.resource);
            let mut named = own.filter(|own| own.as_str() == name);
            named.any(|own| self.protector(own).is_some_and(|one| one.registration.client_id == *own_id))
        };
        let issuer = self.policy.issuer.as_str();
        claims.client_id == own_id.as_str()
            || claims.aud.iter().any(|name| name != issuer && is_resource(name))
    }

    /// Whether its client is in use and registered for such a token, and so is everybody else through whose hands it went.
    pub(super) fn is_in_use(&self, claims: &AccessTokenClaims<'_>) -> bool {
        let client = |id: &str| ClientId::parse(id).ok().and_then(|id| self.client(&id));
        let mut actors = successors(claims.act.as_ref(), |actor| actor.act.as_deref());
        client(&claims.client_id)
            .is_some_and(|client| is_bound_as_registered(&client.registration, claims.cnf))
            && actors.all(|actor| client(&actor.sub).is_some())
    }
}
