//! Requests that clients push before they send the browser (RFC 9126).

use serde::{Deserialize, Serialize};

use super::NoReplyTarget;
use super::interaction::{Interaction, LARGEST_REQUEST, Understood};
use super::request_object::Unpacked;
use crate::base::encoding::base64url;
use crate::base::entropy::random_bytes;
use crate::crypto::digest::sha256;
use crate::domain::audit::Place;
use crate::protocol::{AuthorizationError, AuthorizationErrorCode, RawParams};
use crate::services::tokens::{AuthenticatedClient, ProvenKey};
use crate::services::{Failure, Policy, Provider};

/// RFC 9126 §2.2: before the name of a pushed request.
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// What authenticates the client at the endpoint is no part of the request.
const CREDENTIALS: [&str; 4] = ["client_id", "client_secret", "client_assertion", "client_assertion_type"];

/// The name of a pushed request, as it stands in the store: a digest, so that no key has a length that a stranger chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PushedId(String);

/// A request that waits for its browser (RFC 9126 §2.2); serializes to the body of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PushedRequest {
    /// What the browser is sent with.
    pub request_uri: String,
    /// How long it waits, in seconds.
    pub expires_in: u64,
}

/// What a browser was sent with.
pub(super) enum Pushed {
    /// A request as it stands.
    No,
    /// The name of a pushed one.
    Found(PushedId, RawParams),
    /// A name that stands for nothing.
    Unknown(NoReplyTarget),
}

impl PushedId {
    fn of(request_uri: &str) -> Self {
        Self(base64url(sha256(request_uri.as_bytes()).as_bytes()))
    }

    fn key(&self) -> String {
        format!("par:{}", self.0)
    }

    fn used_key(&self) -> String {
        format!("par-used:{}", self.0)
    }
}

impl Provider {
    /// Takes a request that `client` pushes, judged as it would be at the authorization endpoint.
    pub async fn push(
        &self,
        client: &AuthenticatedClient,
        params: &RawParams,
        key: Option<&ProvenKey>,
        place: &Place,
    ) -> Result<Result<PushedRequest, AuthorizationError>, Failure> {
        if params.iter().any(|(name, _)| name == "request_uri") {
            let description = "request_uri cannot be pushed; send the parameters themselves.";
            return Ok(Err(AuthorizationError::new(AuthorizationErrorCode::InvalidRequest, description)));
        }
        // RFC 9126 §3: where there is an object, nothing counts beside it.
        let request = match self.unpack(client, params, place).await? {
            Unpacked::Plain => None,
            Unpacked::Request(request) => Some(request),
            Unpacked::Refused(error, _) => return Ok(Err(error)),
        };
        let params = request.as_ref().unwrap_or(params);
        let query = match pushed_query(client, params, key) {
            Ok(query) => query,
            Err(refused) => return Ok(Err(refused)),
        };
        let request_uri = format!("{PREFIX}{}", base64url(random_bytes::<32>(self.entropy())));
        let id = PushedId::of(&request_uri);
        let params = match RawParams::parse(query.as_bytes(), LARGEST_REQUEST) {
            Ok(params) => params,
            Err(error) => return Ok(Err(error.into())),
        };
        match self.understand(&params, self.now(), Some(id.clone())) {
            Understood::Good(_) => {}
            Understood::Refused(_, error) => return Ok(Err(error)),
            Understood::NoReply(wrong) => return Ok(Err(told(&wrong))),
        }
        self.shortlived
            .insert_if_absent(&id.key(), query.as_bytes(), Policy::PUSHED_REQUEST_LIFETIME)
            .await?;
        Ok(Ok(PushedRequest { request_uri, expires_in: Policy::PUSHED_REQUEST_LIFETIME.as_secs() }))
    }

    /// What `params` name, where they name a pushed request. Everything else in them is passed over (RFC 9101 §6.3).
    pub(super) async fn pushed(&self, params: &RawParams) -> Result<Pushed, Failure> {
        let request_uri = match params.get("request_uri") {
            Ok(Some(request_uri)) if request_uri.starts_with(PREFIX) => request_uri,
            Ok(_) => return Ok(Pushed::No),
            Err(repeated) => return Ok(Pushed::Unknown(repeated.into())),
        };
        let id = PushedId::of(request_uri);
        let stored = self.shortlived.read(&id.key()).await?;
        let pushed = stored.and_then(|query| RawParams::parse(&query, LARGEST_REQUEST).ok());
        let client = |params: &RawParams| params.get("client_id").ok().flatten().map(str::to_owned);
        Ok(match pushed {
            Some(pushed) if client(&pushed) == client(params) => Pushed::Found(id, pushed),
            Some(_) | None => Pushed::Unknown(NoReplyTarget::UnknownRequestUri),
        })
    }

    /// `false` where `interaction` was pushed and has been granted before: at most one caller ever gets `true`.
    pub(super) async fn use_pushed(&self, interaction: &Interaction) -> Result<bool, Failure> {
        let Some(id) = &interaction.pushed else { return Ok(true) };
        // As long as any page of it may still be open.
        let lifetime = Policy::PUSHED_REQUEST_LIFETIME + Policy::INTERACTION_LIFETIME;
        Ok(self.shortlived.insert_if_absent(&id.used_key(), b"1", lifetime).await?)
    }
}

/// The request alone, in the name of the client that proved who it is, bound to the key that it showed.
fn pushed_query(
    client: &AuthenticatedClient,
    params: &RawParams,
    key: Option<&ProvenKey>,
) -> Result<String, AuthorizationError> {
    let invalid = |description: &'static str| {
        AuthorizationError::new(AuthorizationErrorCode::InvalidRequest, description)
    };
    let shown = key.and_then(|key| key.thumbprint()).map(|thumbprint| thumbprint.to_string());
    let named = params.get("dpop_jkt")?;
    if let (Some(named), Some(shown)) = (named, &shown)
        && named != shown
    {
        return Err(invalid("dpop_jkt is of another key than the DPoP proof."));
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", client.registration.client_id.as_str());
    query.extend_pairs(params.iter().filter(|(name, _)| !CREDENTIALS.contains(name)));
    if let (None, Some(shown)) = (named, &shown) {
        query.append_pair("dpop_jkt", shown);
    }
    Ok(query.finish())
}

fn told(wrong: &NoReplyTarget) -> AuthorizationError {
    AuthorizationError::new(AuthorizationErrorCode::InvalidRequest, format!("{wrong}."))
}
