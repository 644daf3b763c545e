//! Telling a system about a person (OIDC Core §5.3).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::tokens::{AccessTokenId, ProvenKey, ResourceCall};
use super::{Encrypter, Failure, Provider};
use crate::crypto::data_key::DataKey;
use crate::crypto::jwe::Payload;
use crate::crypto::jwt::{JwtType, MintingFailed, sign_jwt};
use crate::domain::audit::{Actor, AuditEvent, Event, Origin, ReleasedBy, ReleasedClaim};
use crate::domain::client::Client;
use crate::domain::consent::ConsentTerms;
use crate::domain::profile::Profile;
use crate::domain::token_family::{Authorized, TokenFamily};
use crate::protocol::{
    BearerError, BearerErrorCode, ClaimName, ClaimSet, Scope, ScopeSet, SignedUserinfo, UserinfoResponse,
    VerifiedWish,
};
use crate::storage::KeyedAccount;

/// How strongly people here are proofed: by themselves alone.
const PROOFING_LEVEL: &str = "tk0";

/// What came of asking.
#[derive(Debug)]
pub enum Userinfo {
    /// What this system may know, and the key that it showed.
    Told(UserinfoAnswer, Option<ProvenKey>),
    /// The token is not good.
    Refused(BearerError),
}

/// What this system may know, in the form that it is registered for (OIDC Core §5.3.2).
#[derive(Debug)]
pub enum UserinfoAnswer {
    /// As it is.
    Plain(UserinfoResponse),
    /// As a JWT.
    Jwt(String),
}

/// What is asked about a person in one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub claims: &'a BTreeSet<ClaimName>,
    pub verified: &'a [VerifiedWish],
}

impl<'a> Asked<'a> {
    pub fn in_id_token(authorized: &'a Authorized) -> Self {
        let Authorized { id_token_claims: claims, verified, .. } = authorized;
        Self { claims, verified: verified.id_token.as_slice() }
    }

    pub fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.verified.is_empty()
    }
}

/// What is told of a person: exactly this stands in the record of it.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub names: BTreeSet<ClaimName>,
    pub claims: ClaimSet,
}

impl Provider {
    /// Tells the system that holds a token what its person agreed to. That it was told is on record before it is.
    pub async fn userinfo(&self, call: &ResourceCall<'_>, origin: &Origin) -> Result<Userinfo, Failure> {
        let refused = || {
            let description = "The access token is invalid, expired or has been revoked.";
            Ok(Userinfo::Refused(BearerError::new(BearerErrorCode::InvalidToken, description)))
        };
        let (id, token) = match self.verify_access_token(call.token).await? {
            Ok(verified) => verified,
            Err(error) => return Ok(Userinfo::Refused(error)),
        };
        let Some(living) = self.db.read().await?.living_family(id.family).await? else { return refused() };
        let Some(client) = self.client(&living.family.client_id) else { return refused() };
        let key_shown = match self.check_presenter(call, token.cnf, &client).await? {
            Ok(shown) => shown,
            Err(error) => return Ok(Userinfo::Refused(error)),
        };
        let scopes = ScopeSet::parse(&token.scope);
        // OIDC Core §5.3.1: a token of an OpenID request; one that was narrowed to less is none any more.
        if !scopes.contains(Scope::Openid) {
            let description = "The access token does not have the scope openid.";
            return Ok(Userinfo::Refused(BearerError::new(BearerErrorCode::InsufficientScope, description)));
        }
        let claims = within(&living.family, &scopes);
        let key = self.data_key(living.family.account_id, &living.owner.data_key)?;
        let told = self.told(
            &client,
            &living.owner,
            &key,
            Asked { claims: &claims, verified: &living.family.authorized.verified.userinfo },
            &living.agreed,
        )?;
        let subject = self.subject(&client, living.family.account_id);
        // Before it is on record that it was told.
        let encrypter = self.encrypter(&client, client.registration.userinfo_encrypted_response).await?;
        if !told.names.is_empty() {
            let once = self.once_key(id.family, &release(&id, &told.names));
            let event = self
                .released(&client, &living.family, &told.names, ReleasedBy::Userinfo)
                .from_origin(origin)
                .once(once);
            let record = self.personal_entry(&event, &key);
            self.db.record(&record).await?;
        }
        let response = UserinfoResponse { sub: subject, claims: told.claims };
        Ok(Userinfo::Told(self.in_registered_form(&client, response, encrypter.as_ref())?, key_shown))
    }

    /// OIDC Core §5.3.2: signed, encrypted, both in this order, or as it is.
    fn in_registered_form(
        &self,
        client: &Client,
        userinfo: UserinfoResponse,
        encrypter: Option<&Encrypter>,
    ) -> Result<UserinfoAnswer, Failure> {
        let Some(algorithm) = client.registration.userinfo_signed_response_alg else {
            let Some(encrypter) = encrypter else { return Ok(UserinfoAnswer::Plain(userinfo)) };
            let claims = serde_json::to_vec(&userinfo).map_err(MintingFailed::from)?;
            return Ok(UserinfoAnswer::Jwt(self.encrypted(Payload::Claims(&claims), encrypter)?));
        };
        let claims = SignedUserinfo {
            iss: self.policy.issuer.as_str(),
            aud: client.registration.client_id.as_str(),
            userinfo: &userinfo,
        };
        let signed = sign_jwt(self.keys().active(algorithm)?, JwtType::Userinfo, &claims)?;
        Ok(UserinfoAnswer::Jwt(self.nested(signed, encrypter)?))
    }

    /// The values of what is `asked`, as far as there are any, the registration still gives a right to them, and the person
    /// still agrees.
    pub(super) fn told(
        &self,
        client: &Client,
        owner: &KeyedAccount,
        key: &DataKey,
        asked: Asked<'_>,
        agreed: &ConsentTerms,
    ) -> Result<Told, Failure> {
        let may_know =
            |claim: &ClaimName| client.registration.grant_of(*claim).is_some_and(|grant| agreed.allow(grant));
        let allowed: Vec<ClaimName> = asked.claims.iter().copied().filter(may_know).collect();
        if allowed.is_empty() && asked.verified.is_empty() {
            return Ok(Told::default());
        }
        let profile = self.open_profile(owner, key)?;
        let value = |claim: ClaimName| (claim, self.value(claim, owner, &profile));
        let values: Vec<_> = allowed.into_iter().map(value).filter(|(_, value)| !value.is_null()).collect();
        let mut names: BTreeSet<_> = values.iter().map(|(claim, _)| *claim).collect();
        let verified = self.told_verified(asked.verified, owner, &profile, may_know);
        names.extend(verified.names);
        let claims = ClaimSet::new(values, &self.policy.prefixes)
            .with_verified(&verified.answers)
            .map_err(MintingFailed::from)?;
        Ok(Told { names, claims })
    }

    pub(super) fn released(
        &self,
        client: &Client,
        family: &TokenFamily,
        claims: &BTreeSet<ClaimName>,
        by: ReleasedBy,
    ) -> AuditEvent {
        let basis = |claim: &ClaimName| client.registration.grant_of(*claim).map(|grant| grant.basis);
        let released = |claim: &ClaimName| basis(claim).map(|basis| ReleasedClaim { claim: *claim, basis });
        let event = Event::ClaimsReleased {
            account: family.account_id,
            client: family.client_id.clone(),
            family: family.id,
            claims: claims.iter().filter_map(released).collect(),
            by,
        };
        self.event(Actor::Client(family.client_id.clone()), event)
    }

    pub(super) fn value(&self, claim: ClaimName, owner: &KeyedAccount, profile: &Profile) -> Value {
        let over = |age| profile.birthdate.as_ref().and_then(|birthdate| birthdate.is_over(age, self.now()));
        match claim {
            ClaimName::Name => json!(profile.name),
            ClaimName::Birthdate => json!(profile.birthdate),
            ClaimName::Gender => json!(profile.gender),
            ClaimName::Email => json!(profile.email),
            ClaimName::EmailVerified => json!(profile.email.as_ref().map(|_| false)),
            ClaimName::PhoneNumber => json!(profile.phone_number),
            ClaimName::PhoneNumberVerified => json!(profile.phone_number.as_ref().map(|_| false)),
            ClaimName::Address => match &profile.address {
                Some(address) => json!({ "formatted": address }),
                None => Value::Null,
            },
            ClaimName::Locale => json!(owner.account.locale),
            ClaimName::UpdatedAt => json!(owner.account.updated_at.seconds()),
            ClaimName::AgeOver14 => json!(over(14)),
            ClaimName::AgeOver16 => json!(over(16)),
            ClaimName::AgeOver18 => json!(over(18)),
            ClaimName::Ial => json!(PROOFING_LEVEL),
        }
    }
}

/// What a token tells that may reach less far than its family: no claim that only a dropped scope stands for.
fn within(family: &TokenFamily, scopes: &ScopeSet) -> BTreeSet<ClaimName> {
    let dropped = family.authorized.scopes.difference(scopes).claims();
    let kept = scopes.claims();
    let is_kept = |claim: &&ClaimName| kept.contains(*claim) || !dropped.contains(*claim);
    family.authorized.userinfo_claims.iter().filter(is_kept).copied().collect()
}

/// A release is recorded once per token and claim set, not once per call.
fn release(token: &AccessTokenId, claims: &BTreeSet<ClaimName>) -> String {
    let names: Vec<&str> = claims.iter().map(|claim| claim.as_str()).collect();
    format!("claims released {token} {}", names.join(" "))
}
