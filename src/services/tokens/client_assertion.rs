//! Assertions (RFC 7521 §4.2, RFC 7523 §3): the signature first, then what is said, then whether it was said before.

use std::sync::Arc;
use std::time::Duration;

use super::assertion_claims::{AssertionAudience, AssertionClaims};
use super::authenticate_client::{NotAuthenticated, refused};
use crate::base::Secret;
use crate::base::encoding::base64url;
use crate::crypto::DigestPurpose;
use crate::crypto::jwt::{ForeignJwt, verify_for_nothing};
use crate::crypto::signing::Jwks;
use crate::domain::client::{Client, ClientSecret};
use crate::protocol::{ClientAuthMethod, ClientProfile, Endpoint, TokenError, TokenErrorCode};
use crate::services::{Failure, Provider};

/// How long a `jti` is remembered: longer than any assertion is good.
pub(super) const REMEMBERED: Duration = Duration::from_secs(6 * 60);

/// The types that an assertion may say it has: older clients say nothing, or only that it is a JWT.
const TYPES: [&str; 2] = ["jwt", "client-authentication+jwt"];

impl Provider {
    /// The client, if `jwt` proves that it is the caller. Until a signature is verified nothing is told of what is wrong;
    /// after that its sender has the key, and is told.
    pub(super) async fn verify_assertion(
        &self,
        client: Option<Arc<Client>>,
        jwt: &str,
    ) -> Result<Arc<Client>, NotAuthenticated> {
        let (claims, client) = match (client, ForeignJwt::read(jwt)) {
            (Some(client), Ok(jwt)) if is_registered_way(&client, &jwt) => {
                let claims = self.signed_claims(&client, &jwt).await?.ok_or_else(refused)?;
                (claims, client)
            }
            _ => {
                verify_for_nothing(jwt);
                return Err(refused().into());
            }
        };
        let id = &client.registration.client_id;
        let jti = claims.check(id, &self.audience_of(&client), self.now()).map_err(wrong)?;
        // Only what is right in all else is marked: nobody can spoil what another one sends.
        let digest = self.keyring.digest(DigestPurpose::Once, format!("assertion {id} {jti}").as_bytes());
        let key = format!("assertion:{}", base64url(digest.as_bytes()));
        match self.shortlived.insert_if_absent(&key, b"", REMEMBERED).await {
            Ok(true) => Ok(client),
            Ok(false) => Err(wrong("jti was used before; make a new one for every request.").into()),
            Err(down) => Err(Failure::from(down).into()),
        }
    }

    /// What is meant for an endpoint could have been made for another server that named ours as its own: the address of
    /// one is taken from nobody but systems that know nothing better.
    fn audience_of(&self, client: &Client) -> AssertionAudience<'_> {
        /// Where clients authenticate.
        const ENDPOINTS: [Endpoint; 5] = [
            Endpoint::Token,
            Endpoint::PushedAuthorization,
            Endpoint::DeviceAuthorization,
            Endpoint::Introspect,
            Endpoint::Revoke,
        ];
        let issuer = &self.policy.issuer;
        match client.registration.profile {
            ClientProfile::Fapi2 => AssertionAudience::IssuerAsText(issuer.as_str()),
            ClientProfile::Modern => AssertionAudience::Issuer(issuer.as_str()),
            ClientProfile::Legacy => {
                let endpoints = ENDPOINTS.into_iter().flat_map(|endpoint| self.policy.addresses_of(endpoint));
                AssertionAudience::AnyOf(endpoints.chain([issuer.as_str().to_owned()]).collect())
            }
        }
    }

    /// What is said, if one of the client's keys signed it, or its secret did.
    async fn signed_claims(
        &self,
        client: &Client,
        jwt: &ForeignJwt<'_>,
    ) -> Result<Option<AssertionClaims>, Failure> {
        if jwt.algorithm().method() == ClientAuthMethod::ClientSecretJwt {
            return Ok(jwt.verify_mac(&self.signing_secrets(client)?).ok());
        }
        let by_key = |keys: &Jwks| jwt.verify(&jwt.candidates(keys)).ok();
        Ok(self.with_client_keys(client, by_key).await)
    }

    /// The client's live secrets themselves.
    pub(in crate::services) fn signing_secrets(
        &self,
        client: &Client,
    ) -> Result<Vec<Secret<Vec<u8>>>, Failure> {
        let (now, id) = (self.now(), client.registration.client_id.as_str());
        let open = |secret: &ClientSecret| {
            let opened = self.keyring.open_client_secret(id, &secret.digest, secret.sealed.as_deref()?);
            Some(opened.map_err(Failure::sealed("client_secret")))
        };
        client.secrets.iter().filter(|secret| secret.is_live(now)).filter_map(open).collect()
    }
}

/// Whether the registration has it so: the method, its algorithm, and a type that is no other thing's.
fn is_registered_way(client: &Client, jwt: &ForeignJwt<'_>) -> bool {
    let registration = &client.registration;
    let is_of_profile =
        jwt.algorithm().signing().is_none_or(|algorithm| registration.profile.takes(algorithm));
    registration.token_endpoint_auth_method == jwt.algorithm().method()
        && is_of_profile
        && registration.token_endpoint_auth_signing_alg.is_none_or(|algorithm| algorithm == jwt.algorithm())
        && jwt.typ().is_none_or(|typ| TYPES.contains(&typ.as_str()))
}

fn wrong(what: &'static str) -> TokenError {
    TokenError::new(TokenErrorCode::InvalidClient, format!("client_assertion: {what}"))
}
