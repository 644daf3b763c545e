//! Tokens that a system is given for itself (RFC 6749 §4.4): nobody's data, no refresh token, no ID token.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use super::opaque::MadeAccessToken;
use super::target::{Target, TargetRefused};
use super::{AuthenticatedClient, ProvenKey};
use crate::base::Timestamp;
use crate::base::encoding::base64url;
use crate::base::ids::ServiceTokenId;
use crate::domain::access::GrantedDetail;
use crate::domain::audit::{Actor, Event, NamedDetail, Origin};
use crate::domain::client::WorkloadSubject;
use crate::protocol::token_request::ClientCredentialsGrant;
use crate::protocol::token_response::TokenType;
use crate::protocol::{AccessTokenClaims, Confirmation, Scope, ServiceScopes, TokenResponse};
use crate::services::authorization::DetailsRefused;
use crate::services::{Failure, Policy, Provider};
use crate::storage::StoredOpaqueToken;

/// How often the same issue is recorded again while it goes on.
const RECORDED_EVERY: Duration = Duration::from_secs(60);

/// What came of asking.
#[derive(Debug)]
pub enum ServiceTokens {
    /// A token.
    Given(Box<TokenResponse>),
    /// No token.
    Refused(ServiceTokenRefused),
}

/// What a system wants and may have.
struct Wanted {
    target: Target,
    scopes: ServiceScopes,
    details: Vec<GrantedDetail>,
}

/// What a system is given, as it stands on record.
struct Issue<'a> {
    wanted: &'a Wanted,
    confirmation: Option<Confirmation>,
    workload: Option<&'a WorkloadSubject>,
}

/// Why a system was given no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceTokenRefused {
    /// For the resource.
    #[error(transparent)]
    Target(#[from] TargetRefused),
    /// For what exactly it wants to do there.
    #[error(transparent)]
    Details(#[from] DetailsRefused),
    /// For scopes that are about people.
    #[error(
        "scope names openid or personal data; no person takes part in this grant, so ask for scopes of a resource."
    )]
    Personal,
    /// For scopes that the resource knows and the client is not registered for.
    #[error("scope asks for more than this client is registered for at this resource.")]
    WiderScope,
    /// For scopes that nobody knows, or no scope being registered.
    #[error("scope names no scope of this resource; leave it out to be given all that is registered.")]
    NoScope,
}

impl Provider {
    /// Gives a system a token for itself. That it is given tokens stands on record before it has one, and for which
    /// workload of it where somebody vouches for one.
    pub async fn service_token(
        &self,
        client: &AuthenticatedClient,
        grant: &ClientCredentialsGrant,
        key: Option<ProvenKey>,
        workload: Option<&WorkloadSubject>,
        origin: &Origin,
    ) -> Result<ServiceTokens, Failure> {
        let wanted = match self.wanted_for_itself(client, grant) {
            Ok(wanted) => wanted,
            Err(refused) => return Ok(ServiceTokens::Refused(refused)),
        };
        let confirmation = key.map(|key| key.confirmation());
        let now = self.now();
        let client_id = client.registration.client_id.as_str();
        let id = ServiceTokenId::generate(now, self.entropy());
        let details: Vec<_> = wanted.details.iter().map(|granted| granted.detail.clone()).collect();
        let claims = AccessTokenClaims {
            iss: Cow::Borrowed(self.policy.issuer.as_str()),
            sub: Cow::Borrowed(client_id),
            aud: wanted.target.resources.iter().map(ToString::to_string).collect(),
            client_id: Cow::Borrowed(client_id),
            exp: now + Policy::ACCESS_TOKEN_LIFETIME,
            iat: now,
            jti: Cow::Owned(base64url(id.uuid().as_bytes())),
            scope: Cow::Owned(wanted.scopes.to_string()),
            authorization_details: Cow::Borrowed(&details),
            sign_in: None,
            act: None,
            cnf: confirmation,
        };
        let MadeAccessToken { text: access_token, kept } =
            self.make_access_token(&claims, wanted.target.format)?;
        let issue = Issue { wanted: &wanted, confirmation, workload };
        self.record_service_token(client, &issue, kept.as_ref(), origin).await?;
        Ok(ServiceTokens::Given(Box::new(TokenResponse {
            access_token,
            issued_token_type: None,
            token_type: TokenType::of(confirmation),
            expires_in: Policy::ACCESS_TOKEN_LIFETIME,
            refresh_token: None,
            scope: wanted.scopes.to_string(),
            authorization_details: details,
            id_token: None,
        })))
    }

    /// RFC 9396 §3.1: details may stand beside scopes, and need none. The token is for their resources too; one that nothing but
    /// they name gives a scope only where that is asked for.
    fn wanted_for_itself(
        &self,
        client: &AuthenticatedClient,
        grant: &ClientCredentialsGrant,
    ) -> Result<Wanted, ServiceTokenRefused> {
        let details = self.details_for_itself(client, &grant.details)?;
        let mut names = grant.resources.clone();
        names.extend(details.iter().map(|granted| granted.resource.to_string()));
        let target = self.target(client, &names)?;
        let scopes = match &grant.scope {
            Some(text) => wanted(text, &target)?,
            None if details.is_empty() => target.allowed.clone(),
            None if grant.resources.is_empty() => ServiceScopes::default(),
            None => self.target(client, &grant.resources)?.allowed.intersection(&target.allowed),
        };
        if scopes.is_empty() && details.is_empty() {
            return Err(ServiceTokenRefused::NoScope);
        }
        Ok(Wanted { target, scopes, details })
    }

    /// Once a minute for each client, target, scope, types of details, workload and address: a service asks thousands of times a second for the same.
    /// A token that has to be kept is kept by the same write.
    async fn record_service_token(
        &self,
        client: &AuthenticatedClient,
        issue: &Issue<'_>,
        kept: Option<&StoredOpaqueToken>,
        origin: &Origin,
    ) -> Result<(), Failure> {
        let Issue { wanted: Wanted { target, scopes, details }, confirmation, workload } = *issue;
        let minute = minute_of(self.now());
        let client = &client.registration.client_id;
        let bound = confirmation.map(|bound| bound.method());
        let details: BTreeSet<NamedDetail> = details.iter().map(NamedDetail::of).collect();
        let address = origin.place.address;
        let what = serde_json::json!([client, target.resources, scopes, details, bound, workload, address])
            .to_string();
        if self.issues_recorded.knows(minute, &what) {
            return match kept {
                Some(_) => self.record_given(None, kept).await,
                None => Ok(()),
            };
        }
        let event = Event::ServiceTokensIssued {
            client: client.clone(),
            audience: target.resources.clone(),
            scopes: scopes.clone(),
            details,
            bound,
            workload: workload.cloned(),
        };
        let once = self.once_key_at(minute, &format!("service tokens {what}"));
        let event = self.event(Actor::Client(client.clone()), event).from_origin(origin).once(once);
        self.record_given(Some(&self.entry(&event)), kept).await?;
        self.issues_recorded.remember(minute, what);
        Ok(())
    }
}

fn minute_of(now: Timestamp) -> Timestamp {
    let span = i64::try_from(RECORDED_EVERY.as_secs()).unwrap_or(1);
    Timestamp::from_seconds(now.seconds().div_euclid(span) * span)
}

/// Scopes that nobody knows are ignored, as everywhere; what is known and not allowed is refused.
fn wanted(text: &str, target: &Target) -> Result<ServiceScopes, ServiceTokenRefused> {
    let words: BTreeSet<&str> = text.split(' ').collect();
    if words.iter().any(|word| Scope::parse(word).is_some()) {
        return Err(ServiceTokenRefused::Personal);
    }
    let known = target.known.among(&words);
    let allowed = target.allowed.among(&words);
    if known == allowed { Ok(allowed) } else { Err(ServiceTokenRefused::WiderScope) }
}
