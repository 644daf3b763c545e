//! Token exchange (RFC 8693): a system that was called for a person calls another one for her.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::access_token::{AccessTokenKind, ExchangedTokenId};
use super::opaque::MadeAccessToken;
use super::{AuthenticatedClient, ProvenKey};
use crate::base::ids::ServiceTokenId;
use crate::domain::audit::{Actor, Event, Origin, SealedEvent};
use crate::domain::client::ExchangePolicy;
use crate::protocol::access_token::ActorClaim;
use crate::protocol::token_request::ExchangeGrant;
use crate::protocol::token_response::TokenType;
use crate::protocol::{
    AccessTokenClaims, AccessTokenFormat, Audience, ClientId, IssuedTokenType, ResourceUri, Scope,
    ServiceScopes, TokenResponse,
};
use crate::services::{Failure, Policy, Provider};
use crate::storage::LivingFamily;

/// How many systems may stand between a person and the one that is called: longer chains are loops.
const LONGEST_CHAIN: usize = 4;

/// What came of asking.
#[derive(Debug)]
pub enum Exchange {
    /// Another token.
    Given(Box<TokenResponse>),
    /// None.
    Refused(ExchangeRefused),
}

/// Why a token is not exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeRefused {
    /// What is exchanged. The same text whatever is wrong with it.
    #[error("subject_token is not a good access token of a person that was issued to this client or for it.")]
    Subject,
    /// It is bound to another key than the one that its own client shows.
    #[error("subject_token is bound to a key; show that key.")]
    SubjectKey,
    /// Whoever acts is not the caller.
    #[error("actor_token is not a good access token that this client has for itself.")]
    Actor,
    /// Too many systems in a row.
    #[error("The act chain would have more than 4 systems.")]
    Chain,
    /// No such pair is registered.
    #[error("This client is not registered to exchange tokens of that client for this target.")]
    Target,
    /// Several are, and none was named.
    #[error("This client is registered for several targets; name one with resource.")]
    Unnamed,
    /// Scopes of the provider itself: with a token for another resource nobody gets at them.
    #[error(
        "scope names openid or another scope of the provider; the new token is for a resource, so ask for scopes of that."
    )]
    OfProvider,
    /// More than the token or the registration has.
    #[error("scope asks for more than subject_token has and this exchange is registered for.")]
    WiderScope,
    /// Nothing that both the token and the registration have.
    #[error(
        "Nothing is left that subject_token has, that this exchange is registered for, and that scope names."
    )]
    NoScope,
}

/// Where the new token leads.
struct Target {
    resource: ResourceUri,
    /// The scopes that it knows.
    known: ServiceScopes,
    /// As far as pair and resource go.
    allowed: ServiceScopes,
    /// In which form it takes tokens.
    format: AccessTokenFormat,
}

impl Provider {
    /// Gives `client` a token for another resource in place of a token with which it was called, or that it was given.
    ///
    /// RFC 8693 §1.1, delegation: the person stays the subject, and everybody between her and the resource is named. The
    /// new token has no word in its scope that the old one does not have, ends no later, and ends with the same family.
    pub async fn exchange(
        &self,
        client: &AuthenticatedClient,
        grant: &ExchangeGrant,
        key: Option<ProvenKey>,
        origin: &Origin,
    ) -> Result<Exchange, Failure> {
        Ok(match self.try_exchange(client, grant, key, origin).await? {
            Ok(response) => Exchange::Given(Box::new(response)),
            Err(refused) => Exchange::Refused(refused),
        })
    }

    async fn try_exchange(
        &self,
        client: &AuthenticatedClient,
        grant: &ExchangeGrant,
        key: Option<ProvenKey>,
        origin: &Origin,
    ) -> Result<Result<TokenResponse, ExchangeRefused>, Failure> {
        let Some((subject, living)) = self.subject_of_exchange(client, grant).await? else {
            return Ok(Err(ExchangeRefused::Subject));
        };
        let confirmation = key.map(|key| key.confirmation());
        if subject.client_id == client.registration.client_id.as_str()
            && subject.cnf.is_some()
            && subject.cnf != confirmation
        {
            return Ok(Err(ExchangeRefused::SubjectKey));
        }
        if let Some(actor) = &grant.actor_token
            && !self.is_for_itself(client, actor.expose()).await?
        {
            return Ok(Err(ExchangeRefused::Actor));
        }
        let target = match self.exchange_target(client, &subject, grant) {
            Ok(target) => target,
            Err(refused) => return Ok(Err(refused)),
        };
        let scopes = match scopes_of_exchange(&subject, &target, grant) {
            Ok(scopes) => scopes,
            Err(refused) => return Ok(Err(refused)),
        };
        let act = ActorClaim {
            sub: client.registration.client_id.as_str().to_owned(),
            act: subject.act.clone().map(Box::new),
        };
        if act.length() > LONGEST_CHAIN {
            return Ok(Err(ExchangeRefused::Chain));
        }
        let now = self.now();
        let exp = subject.exp.min(now + Policy::ACCESS_TOKEN_LIFETIME);
        let id = ServiceTokenId::generate(now, self.entropy());
        let sub = self.subject(client, living.family.account_id);
        let claims = AccessTokenClaims {
            iss: Cow::Borrowed(self.policy.issuer.as_str()),
            sub: Cow::Borrowed(&sub),
            aud: Audience::one(target.resource.to_string()),
            client_id: Cow::Borrowed(client.registration.client_id.as_str()),
            exp,
            iat: now,
            jti: Cow::Owned(ExchangedTokenId { family: living.family.id, token: id }.to_string()),
            scope: Cow::Owned(scopes.to_string()),
            authorization_details: Cow::Borrowed(&[]),
            sign_in: subject.sign_in.clone(),
            act: Some(act),
            cnf: confirmation,
        };
        let MadeAccessToken { text: access_token, kept } = self.make_access_token(&claims, target.format)?;
        let record = self.exchanged(client, &living, &subject, &target, &scopes, origin)?;
        self.record_given(Some(&record), kept.as_ref()).await?;
        Ok(Ok(TokenResponse {
            access_token,
            issued_token_type: Some(IssuedTokenType::AccessToken),
            token_type: TokenType::of(confirmation),
            expires_in: exp.since(now),
            authorization_details: Vec::new(),
            refresh_token: None,
            scope: scopes.to_string(),
            id_token: None,
        }))
    }

    /// The token to be exchanged and the family that it ends with: of a person, alive, and the caller's to exchange.
    async fn subject_of_exchange(
        &self,
        client: &AuthenticatedClient,
        grant: &ExchangeGrant,
    ) -> Result<Option<(AccessTokenClaims<'static>, LivingFamily)>, Failure> {
        let subject = self.own_access_token(grant.subject_token.expose()).await?;
        let Some(claims) = subject else { return Ok(None) };
        if !self.concerns(client, &claims) || !self.is_in_use(&claims) {
            return Ok(None);
        }
        let Some(kind) = AccessTokenKind::parse(&claims.jti) else { return Ok(None) };
        let Some(family) = kind.family() else { return Ok(None) };
        if !self.stands(kind).await? {
            return Ok(None);
        }
        let living = self.db.read().await?.living_family(family).await?;
        Ok(living.map(|living| (claims, living)))
    }

    /// RFC 8693 §2.1: whoever acts may show it by a token; here nobody acts but the one who asks.
    async fn is_for_itself(&self, client: &AuthenticatedClient, token: &str) -> Result<bool, Failure> {
        let Some(claims) = self.own_access_token(token).await? else { return Ok(false) };
        match AccessTokenKind::parse(&claims.jti) {
            Some(kind @ AccessTokenKind::Service(_)) => {
                Ok(claims.client_id == client.registration.client_id.as_str() && self.stands(kind).await?)
            }
            _ => Ok(false),
        }
    }

    /// What the caller's registration says of this pair: tokens of whom, towards which resource, how far.
    fn exchange_target(
        &self,
        client: &AuthenticatedClient,
        subject: &AccessTokenClaims<'_>,
        grant: &ExchangeGrant,
    ) -> Result<Target, ExchangeRefused> {
        let of_pair =
            client.registration.exchanges.iter().filter(|one| one.from.as_str() == subject.client_id);
        let is_named = |one: &&ExchangePolicy| {
            let protector = || self.protector(&one.resource).map(|one| one.registration.client_id.clone());
            let by_address = grant.resources.iter().any(|name| *name == one.resource.as_str());
            by_address || grant.audiences.iter().any(|name| is_system(name, protector().as_ref()))
        };
        let names = grant.resources.len() + grant.audiences.len();
        let meant: Vec<&ExchangePolicy> = match names {
            0 => of_pair.collect(),
            _ => of_pair.filter(is_named).collect(),
        };
        let policy = match (meant.as_slice(), names) {
            ([only], 0 | 1) => *only,
            ([_, _, ..], 0 | 1) => return Err(ExchangeRefused::Unnamed),
            _ => return Err(ExchangeRefused::Target),
        };
        let protector = self.protector(&policy.resource).ok_or(ExchangeRefused::Target)?;
        let known = protector.registration.protects(&policy.resource).ok_or(ExchangeRefused::Target)?;
        Ok(Target {
            resource: policy.resource.clone(),
            known: known.scope.clone(),
            allowed: known.scope.intersection(&policy.scope),
            format: known.access_token_format,
        })
    }

    /// What stands in the person's log before the token is given; once for each token and target.
    fn exchanged(
        &self,
        client: &AuthenticatedClient,
        living: &LivingFamily,
        subject: &AccessTokenClaims<'_>,
        target: &Target,
        scopes: &ServiceScopes,
        origin: &Origin,
    ) -> Result<SealedEvent, Failure> {
        let family = &living.family;
        let client = client.registration.client_id.clone();
        let event = Event::TokenExchanged {
            account: family.account_id,
            client: client.clone(),
            family: family.id,
            from: subject.client_id.clone().into_owned(),
            audience: BTreeSet::from([target.resource.clone()]),
            scopes: scopes.clone(),
        };
        let what = format!("exchanged {} {client} {} {scopes}", subject.jti, target.resource);
        let once = self.once_key(family.id, &what);
        let key = self.data_key(family.account_id, &living.owner.data_key)?;
        let event = self.event(Actor::Client(client), event).from_origin(origin).once(once);
        Ok(self.personal_entry(&event, &key))
    }
}

fn is_system(name: &str, protector: Option<&ClientId>) -> bool {
    protector.is_some_and(|id| id.as_str() == name)
}

/// RFC 8693 §2.1: what is asked for, where anything is; no word that the old token does not have. Words that nobody knows are
/// passed over, as everywhere.
fn scopes_of_exchange(
    subject: &AccessTokenClaims<'_>,
    target: &Target,
    grant: &ExchangeGrant,
) -> Result<ServiceScopes, ExchangeRefused> {
    let held = ServiceScopes::named_in(&subject.scope).intersection(&target.allowed);
    let given = match &grant.scope {
        None => held,
        Some(text) => {
            if text.split(' ').any(|word| Scope::parse(word).is_some()) {
                return Err(ExchangeRefused::OfProvider);
            }
            let asked = ServiceScopes::named_in(text).intersection(&target.known);
            if !asked.is_subset(&held) {
                return Err(ExchangeRefused::WiderScope);
            }
            asked
        }
    };
    if given.is_empty() { Err(ExchangeRefused::NoScope) } else { Ok(given) }
}
