//! The permission to send a browser to a system. Nothing else in the house produces such an address.

use std::sync::Arc;

use super::Reply;
use crate::crypto::jwt::{JwtType, sign_jwt};
use crate::domain::client::Client;
use crate::protocol::{
    AuthorizationError, AuthorizationResponse, ClientId, FrontChannelGrant, Issuer, RawParams, RedirectUri,
    RegisteredRedirectUri, Repeated, ResponseMode, SignedResponseClaims, State,
};
use crate::services::{Encrypter, Failure, Policy, Provider};

/// A known system, one of its own redirect URIs, and how the answer travels there.
#[derive(Clone, Debug)]
pub struct ReplyTarget {
    client: Arc<Client>,
    redirect_uri: RedirectUri,
    mode: ResponseMode,
    state: Option<State>,
    issuer: Issuer,
}

/// Why nobody may be redirected: the fault is shown on a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReplyTarget {
    /// A parameter that decides where the answer goes was sent twice.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// `client_id` is missing or malformed.
    #[error("client_id is missing or malformed")]
    NoClient,
    /// There is no such system, or it was disabled.
    #[error("the client is unknown or disabled")]
    UnknownClient,
    /// A `request_uri` of ours that is unknown, another client's, or older than a minute (RFC 9126 §4).
    #[error("the request_uri is unknown, of another client, or has expired")]
    UnknownRequestUri,
    /// A pushed request that was answered already.
    #[error("the request_uri was used before")]
    UsedRequestUri,
    /// A request object that is not good, and no address beside it.
    #[error("{0}")]
    RequestObject(AuthorizationError),
    /// `redirect_uri` is missing (OIDC Core §3.1.2.1 demands it).
    #[error("redirect_uri is missing")]
    NoRedirectUri,
    /// The address is not registered for this system.
    #[error("the redirect_uri is not registered for this client")]
    UnregisteredRedirectUri,
}

impl ReplyTarget {
    /// Finds where the answer to `params` may go. The only constructor.
    ///
    /// RFC 9700 §4.11: until client and address are both known good, nothing is redirected. A response mode or state that
    /// cannot be used is answered in the default way: it is an error of the request, which the system shall hear of.
    pub fn resolve(provider: &Provider, params: &RawParams) -> Result<Self, NoReplyTarget> {
        let client = Self::client_of(provider, params)?;
        let presented = params.get("redirect_uri")?.ok_or(NoReplyTarget::NoRedirectUri)?;
        // What a sandbox has taken stays in it.
        let is_good_here = |registered: &&RegisteredRedirectUri| {
            client.registration.profile.redirects_to(registered.as_str()).holds(provider.policy().sandbox)
        };
        let accept = |registered: &RegisteredRedirectUri| registered.accept(presented);
        let redirect_uri = client
            .registration
            .redirect_uris
            .iter()
            .filter(is_good_here)
            .find_map(accept)
            .ok_or(NoReplyTarget::UnregisteredRedirectUri)?;
        Ok(Self {
            client,
            redirect_uri,
            mode: ResponseMode::of(params).unwrap_or_else(|_| ResponseMode::default_of(params)),
            state: State::of(params).unwrap_or_default(),
            issuer: provider.policy().issuer.clone(),
        })
    }

    /// The active client that `params` name.
    pub(super) fn client_of(provider: &Provider, params: &RawParams) -> Result<Arc<Client>, NoReplyTarget> {
        let id = params.get("client_id")?.and_then(|text| ClientId::parse(text).ok());
        provider.client(&id.ok_or(NoReplyTarget::NoClient)?).ok_or(NoReplyTarget::UnknownClient)
    }

    /// The system.
    pub const fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// The address.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// Given back with the answer.
    pub const fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    fn carry<'a>(&'a self, params: impl Iterator<Item = (&'a str, &'a str)>) -> Reply {
        match self.mode {
            ResponseMode::Query | ResponseMode::QueryJwt => {
                Reply::Redirect { location: self.redirect_uri.with_query(params) }
            }
            ResponseMode::Fragment | ResponseMode::FragmentJwt | ResponseMode::Jwt => {
                Reply::Redirect { location: self.redirect_uri.with_fragment(params) }
            }
            ResponseMode::FormPost | ResponseMode::FormPostJwt => Reply::FormPost {
                action: self.redirect_uri.as_str().to_owned(),
                csp_source: self.redirect_uri.csp_source(),
                fields: params.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            },
        }
    }
}

impl Provider {
    /// The answer that carries what was granted.
    pub(super) async fn grant(
        &self,
        target: &ReplyTarget,
        grant: FrontChannelGrant,
    ) -> Result<Reply, Failure> {
        self.reply(target, &AuthorizationResponse::Granted(grant)).await
    }

    /// The answer that carries `error`.
    pub(super) async fn refuse(
        &self,
        target: &ReplyTarget,
        error: AuthorizationError,
    ) -> Result<Reply, Failure> {
        self.reply(target, &AuthorizationResponse::Error(error)).await
    }

    /// What encrypts the answer, where it is one that is signed and the system wants that (JARM §2.2).
    pub(super) async fn reply_encrypter(&self, target: &ReplyTarget) -> Result<Option<Encrypter>, Failure> {
        match target.mode.is_signed() {
            true => {
                let registered = target.client.registration.authorization_encrypted_response;
                self.encrypter(&target.client, registered).await
            }
            false => Ok(None),
        }
    }

    async fn reply(&self, target: &ReplyTarget, response: &AuthorizationResponse) -> Result<Reply, Failure> {
        let encrypter = self.reply_encrypter(target).await?;
        let params = response.params(target.state.as_ref(), &target.issuer);
        if !target.mode.is_signed() {
            return Ok(target.carry(params));
        }
        let registration = &target.client.registration;
        let keys = self.keys();
        let claims = SignedResponseClaims {
            aud: registration.client_id.as_str(),
            exp: self.now() + Policy::SIGNED_RESPONSE_LIFETIME,
            params: params.collect(),
        };
        let key = keys.active(registration.authorization_signed_response_alg)?;
        let signed = sign_jwt(key, JwtType::AuthorizationResponse, &claims)?;
        let signed = self.nested(signed, encrypter.as_ref())?;
        Ok(target.carry(std::iter::once(("response", signed.as_str()))))
    }
}
