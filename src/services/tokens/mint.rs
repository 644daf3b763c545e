//! Minting: the tokens of a family, signed.

use std::borrow::Cow;

use super::AccessTokenId;
use crate::crypto::digest::half_hash;
use crate::crypto::jwt::{JwtType, sign_jwt};
use crate::domain::client::Client;
use crate::domain::token_family::TokenFamily;
use crate::protocol::access_token::SignInClaims;
use crate::protocol::token_response::TokenType;
use crate::protocol::{
    AccessTokenClaims, Audience, ClaimSet, IdTokenClaims, Nonce, ScopeSet, SigningAlgorithm, TokenResponse,
};
use crate::services::{Failure, Policy, Provider};

/// The fastest algorithm that everybody has.
pub(super) const ACCESS_TOKEN_ALGORITHM: SigningAlgorithm = SigningAlgorithm::ES256;

/// What goes into the tokens of one answer.
pub(super) struct Minting<'a> {
    pub client: &'a Client,
    pub family: &'a TokenFamily,
    /// As far as these tokens reach: the family's scopes, or fewer.
    pub scopes: &'a ScopeSet,
    /// OIDC Core §12.2: the nonce belongs to the authorization, not to a refresh.
    pub nonce: Option<&'a Nonce>,
    /// Claims that were asked for in the ID token itself.
    pub claims: &'a ClaimSet,
    pub refresh_token: Option<String>,
}

impl Provider {
    pub(super) fn mint(&self, minting: &Minting<'_>) -> Result<TokenResponse, Failure> {
        let Minting { client, family, scopes, nonce, claims, refresh_token } = minting;
        let keys = self.keys();
        let now = self.now();
        let client_id = client.registration.client_id.as_str();
        let issuer = self.policy.issuer.as_str();
        let subject = self.subject(client, family.account_id);
        let acr = family.authorized.acr.uri(&self.policy.prefixes);
        let access_token = AccessTokenClaims {
            iss: Cow::Borrowed(issuer),
            sub: Cow::Borrowed(&subject),
            aud: Audience::one(issuer),
            client_id: Cow::Borrowed(client_id),
            exp: now + Policy::ACCESS_TOKEN_LIFETIME,
            iat: now,
            jti: Cow::Owned(AccessTokenId::generate(family.id, self.entropy()).to_string()),
            scope: Cow::Owned(scopes.to_string()),
            sign_in: Some(SignInClaims {
                auth_time: family.authorized.auth_time,
                acr: Cow::Borrowed(&acr),
                amr: Cow::Borrowed(&family.authorized.amr),
            }),
        };
        let access_token =
            sign_jwt(keys.active(ACCESS_TOKEN_ALGORITHM)?, JwtType::AccessToken, &access_token)?;
        self.recent_tokens.remember(&access_token);
        let algorithm = client.registration.id_token_signed_response_alg;
        let id_token = IdTokenClaims {
            iss: issuer,
            sub: &subject,
            aud: client_id,
            exp: now + Policy::ID_TOKEN_LIFETIME,
            iat: now,
            auth_time: family.authorized.auth_time,
            nonce: nonce.map(Nonce::as_str),
            acr: &acr,
            amr: &family.authorized.amr,
            azp: Some(client_id),
            at_hash: Some(&half_hash(algorithm, &access_token)),
            sid: Some(&self.sid(client, family.session_id)),
            claims,
        };
        let id_token = sign_jwt(keys.active(algorithm)?, JwtType::IdToken, &id_token)?;
        Ok(TokenResponse {
            access_token,
            token_type: TokenType::Bearer,
            expires_in: Policy::ACCESS_TOKEN_LIFETIME,
            refresh_token: refresh_token.clone(),
            scope: scopes.to_string(),
            id_token: Some(id_token),
        })
    }
}
