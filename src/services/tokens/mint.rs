//! Minting: the tokens of a family, signed.

use std::borrow::Cow;

use super::AccessTokenId;
use super::opaque::MadeAccessToken;
use super::reach::Reach;
use crate::crypto::digest::half_hash;
use crate::crypto::jwt::{JwtType, sign_jwt};
use crate::domain::client::Client;
use crate::domain::token_family::TokenFamily;
use crate::protocol::access_token::SignInClaims;
use crate::protocol::token_response::TokenType;
use crate::protocol::{
    AccessTokenClaims, ClaimSet, Confirmation, IdTokenClaims, Nonce, SigningAlgorithm, TokenResponse,
};
use crate::services::{Encrypter, Failure, Policy, Provider};
use crate::storage::StoredOpaqueToken;

/// The fastest algorithm that everybody has.
pub(super) const ACCESS_TOKEN_ALGORITHM: SigningAlgorithm = SigningAlgorithm::ES256;

/// What goes into the tokens of one answer.
pub(super) struct Minting<'a> {
    pub client: &'a Client,
    pub family: &'a TokenFamily,
    /// For whom the access token is, and how far it goes.
    pub reach: &'a Reach,
    /// OIDC Core §12.2: the nonce belongs to the authorization, not to a refresh.
    pub nonce: Option<&'a Nonce>,
    /// Claims that were asked for in the ID token itself.
    pub claims: &'a ClaimSet,
    pub refresh_token: Option<String>,
    /// What encrypts the ID token, where the client wants that.
    pub encrypter: Option<&'a Encrypter>,
    /// The key that the access token is bound to.
    pub confirmation: Option<Confirmation>,
}

/// What travels beside an ID token, whose hashes bind it to that.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beside<'a> {
    pub access_token: Option<&'a str>,
    pub code: Option<&'a str>,
    pub state: Option<&'a str>,
}

/// What was minted: an answer, and what has to be kept before it is given.
pub(super) struct Minted {
    pub response: TokenResponse,
    /// The access token, where it is opaque.
    pub kept: Option<StoredOpaqueToken>,
}

impl Provider {
    pub(super) fn mint(&self, minting: &Minting<'_>) -> Result<Minted, Failure> {
        let MadeAccessToken { text: access_token, kept } = self.mint_access_token(minting)?;
        let beside = Beside { access_token: Some(&access_token), ..Beside::default() };
        let id_token = self.mint_id_token(minting, beside)?;
        let response = TokenResponse {
            access_token,
            issued_token_type: None,
            token_type: TokenType::of(minting.confirmation),
            expires_in: Policy::ACCESS_TOKEN_LIFETIME,
            refresh_token: minting.refresh_token.clone(),
            scope: minting.reach.scope(),
            authorization_details: minting.reach.details.clone(),
            id_token: Some(id_token),
        };
        Ok(Minted { response, kept })
    }

    pub(super) fn mint_access_token(&self, minting: &Minting<'_>) -> Result<MadeAccessToken, Failure> {
        let Minting { client, family, reach, confirmation, .. } = minting;
        let now = self.now();
        let client_id = client.registration.client_id.as_str();
        let issuer = self.policy.issuer.as_str();
        let subject = self.subject(client, family.account_id);
        let acr = family.authorized.acr.uri(&self.policy.prefixes);
        let claims = AccessTokenClaims {
            iss: Cow::Borrowed(issuer),
            sub: Cow::Borrowed(&subject),
            aud: reach.audience.clone(),
            client_id: Cow::Borrowed(client_id),
            exp: now + Policy::ACCESS_TOKEN_LIFETIME,
            iat: now,
            jti: Cow::Owned(AccessTokenId::generate(family.id, self.entropy()).to_string()),
            scope: Cow::Owned(reach.scope()),
            authorization_details: Cow::Borrowed(&reach.details),
            sign_in: Some(SignInClaims {
                auth_time: family.authorized.auth_time,
                acr: Cow::Borrowed(&acr),
                amr: Cow::Borrowed(&family.authorized.amr),
            }),
            act: None,
            cnf: *confirmation,
        };
        self.make_access_token(&claims, reach.format)
    }

    pub(super) fn mint_id_token(&self, minting: &Minting<'_>, beside: Beside<'_>) -> Result<String, Failure> {
        let Minting { client, family, nonce, claims, .. } = minting;
        let now = self.now();
        let client_id = client.registration.client_id.as_str();
        let algorithm = client.registration.id_token_signed_response_alg;
        let hash = |value: Option<&str>| value.map(|value| half_hash(algorithm, value));
        let [at_hash, c_hash, s_hash] = [beside.access_token, beside.code, beside.state].map(hash);
        let id_token = IdTokenClaims {
            iss: self.policy.issuer.as_str(),
            sub: &self.subject(client, family.account_id),
            aud: client_id,
            exp: now + Policy::ID_TOKEN_LIFETIME,
            iat: now,
            auth_time: family.authorized.auth_time,
            nonce: nonce.map(Nonce::as_str),
            acr: &family.authorized.acr.uri(&self.policy.prefixes),
            amr: &family.authorized.amr,
            azp: Some(client_id),
            at_hash: at_hash.as_deref(),
            c_hash: c_hash.as_deref(),
            s_hash: s_hash.as_deref(),
            sid: Some(&self.sid(client, family.session_id)),
            claims,
        };
        let signed = sign_jwt(self.keys().active(algorithm)?, JwtType::IdToken, &id_token)?;
        self.nested(signed, minting.encrypter)
    }
}
