//! Requests that come in an object (RFC 9101, OIDC Core §6): by value, or from an address that was registered for it.

use std::borrow::Cow;

use url::Url;

use crate::base::encoding::base64url;
use crate::crypto::digest::sha256;
use crate::crypto::jwe::EncryptedJwt;
use crate::crypto::jwt::{ForeignJwt, read_unsigned_jwt, says_unsigned};
use crate::crypto::signing::Jwks;
use crate::domain::audit::Place;
use crate::domain::client::Client;
use crate::outbound::Limits;
use crate::protocol::request_object::{Expected, RequestObject};
use crate::protocol::{
    AssertionAlgorithm, AuthorizationError, AuthorizationErrorCode as Code, ClientAuthMethod, RawParams,
    RequestObjectAlgorithm, RequestUri,
};
use crate::services::guard::{Guarded, Tries};
use crate::services::{Failure, Provider};

use super::LARGEST_REQUEST;

/// The types that an object may say it has: older clients say nothing, or only that it is a JWT.
const TYPES: [&str; 2] = ["jwt", "oauth-authz-req+jwt"];

/// What came of looking for an object.
pub(super) enum Unpacked {
    /// There is none: the parameters are the request.
    Plain,
    /// The request that was in it. What stood beside it counts no more.
    Request(RawParams),
    /// It is not good. Where it is the client's own all the same, it says where the answer goes.
    Refused(AuthorizationError, Option<RawParams>),
}

/// An object that its client made, as far as a registration demands that that be shown.
struct Opened {
    object: RequestObject,
    is_signed: bool,
}

impl Provider {
    /// The request in the object that `params` hold or name, for `client`, who has to have made it.
    pub(super) async fn unpack(
        &self,
        client: &Client,
        params: &RawParams,
        place: &Place,
    ) -> Result<Unpacked, Failure> {
        let (object, address) = match (params.get("request"), params.get("request_uri")) {
            (Ok(object), Ok(address)) => (object, address),
            (Err(repeated), _) | (_, Err(repeated)) => return Ok(refused(repeated.into())),
        };
        let object = match (object, address) {
            (None, None) if client.registration.require_signed_request_object => {
                let description = "This client must send its requests as signed request objects.";
                return Ok(refused(AuthorizationError::new(Code::InvalidRequest, description)));
            }
            (None, None) => return Ok(Unpacked::Plain),
            (Some(_), Some(_)) => {
                let description = "request and request_uri cannot be sent together.";
                return Ok(refused(AuthorizationError::new(Code::InvalidRequest, description)));
            }
            (Some(object), None) => Cow::Borrowed(object),
            (None, Some(address)) => match self.fetch_object(client, address, place).await? {
                Ok(object) => Cow::Owned(object),
                Err(error) => return Ok(refused(error)),
            },
        };
        let Opened { object, is_signed } = match self.open_object(client, &object).await? {
            Ok(opened) => opened,
            Err(description) => return Ok(refused(invalid(description))),
        };
        let Ok(request) = RawParams::parse(object.to_query().as_bytes(), LARGEST_REQUEST) else {
            return Ok(refused(invalid("The request in it is over 8 KiB, or holds what no parameter can.")));
        };
        let expected = Expected {
            client_id: client.registration.client_id.as_str(),
            issuer: self.policy.issuer.as_str(),
            profile: client.registration.profile,
            is_signed,
        };
        Ok(match object.check(&expected, self.now()) {
            Ok(()) => Unpacked::Request(request),
            Err(wrong) => Unpacked::Refused(invalid(wrong), is_signed.then_some(request)),
        })
    }

    /// What lies at `address`, where that is one of the client's.
    async fn fetch_object(
        &self,
        client: &Client,
        address: &str,
        place: &Place,
    ) -> Result<Result<String, AuthorizationError>, Failure> {
        let wrong = |description: &'static str| {
            Ok(Err(AuthorizationError::new(Code::InvalidRequestUri, description)))
        };
        let is_registered =
            client.registration.request_uris.iter().any(|uri: &RequestUri| uri.accepts(address));
        let Some(url) = Url::parse(address).ok().filter(|_| is_registered) else {
            return wrong("request_uri must be one of /par, or among the client's request_uris.");
        };
        // Anybody can have this server ask that one.
        if let Tries::TooMany(_) = self.count_try(Guarded::RequestUri, place).await? {
            return wrong(
                "Too many requests by address came from there; try again later, or push the request.",
            );
        }
        let fetched = match self.outbound.get(&url, Limits::default()).await {
            Ok(fetched) => fetched,
            Err(error) => {
                let client = &client.registration.client_id;
                tracing::warn!(%client, %error, "a system's request_uri gave no request object");
                return wrong(
                    "Nothing could be fetched from request_uri: https, a public address, 5 seconds, 64 KiB.",
                );
            }
        };
        // OIDC Core §6.2: the fragment, where there is one, is the hash of what lies there.
        let hash = base64url(sha256(&fetched.body).as_bytes());
        if url.fragment().is_some_and(|fragment| fragment != hash) {
            return wrong("What lies at request_uri has another hash than its fragment says.");
        }
        match std::str::from_utf8(&fetched.body) {
            Ok(object) => Ok(Ok(object.trim().to_owned())),
            Err(_) => wrong("What lies at request_uri is not a request object."),
        }
    }

    /// The object in `text`, if `client` made it in the way that it is registered for.
    async fn open_object(
        &self,
        client: &Client,
        text: &str,
    ) -> Result<Result<Opened, &'static str>, Failure> {
        let text = match EncryptedJwt::has_form(text) {
            false => Cow::Borrowed(text),
            true => match self.decrypted(text) {
                Some(inner) => Cow::Owned(inner),
                None => return Ok(Err("It cannot be decrypted; encrypt to a key of jwks_uri with use enc.")),
            },
        };
        let registration = &client.registration;
        if says_unsigned(&text) {
            let is_registered = registration.request_object_signing_alg == Some(RequestObjectAlgorithm::None);
            if !is_registered || registration.require_signed_request_object {
                return Ok(Err("It must be signed."));
            }
            return Ok(match read_unsigned_jwt(&text) {
                Ok((typ, _)) if !is_taken(typ.as_deref()) => Err("typ must be oauth-authz-req+jwt."),
                Ok((_, object)) => Ok(Opened { object, is_signed: false }),
                Err(_) => Err("It is not a JWT."),
            });
        }
        let Ok(jwt) = ForeignJwt::read(&text) else {
            return Ok(Err(
                "It is not a JWT that is signed by one of request_object_signing_alg_values_supported.",
            ));
        };
        if !is_registered_way(client, jwt.algorithm()) {
            return Ok(Err("It is signed by another algorithm than this client is registered for."));
        }
        if !is_taken(jwt.typ().as_deref()) {
            return Ok(Err("typ must be oauth-authz-req+jwt."));
        }
        let object = match jwt.algorithm() {
            AssertionAlgorithm::HS256 => jwt.verify_mac(&self.signing_secrets(client)?).ok(),
            _ => {
                let by_key = |keys: &Jwks| jwt.verify(&jwt.candidates(keys)).ok();
                self.with_client_keys(client, by_key).await
            }
        };
        Ok(object
            .map(|object| Opened { object, is_signed: true })
            .ok_or("Its signature is not by a key of this client, or it holds no object of claims."))
    }
}

/// OIDC Registration §2: the registered algorithm and no other; where none is, any of the client's keys, and its secret where
/// it signs with that.
fn is_registered_way(client: &Client, algorithm: AssertionAlgorithm) -> bool {
    let registration = &client.registration;
    if let Some(registered) = registration.request_object_signing_alg {
        return registered.signed() == Some(algorithm);
    }
    match algorithm.signing() {
        Some(algorithm) => registration.profile.takes(algorithm),
        None => registration.token_endpoint_auth_method == ClientAuthMethod::ClientSecretJwt,
    }
}

fn is_taken(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| TYPES.contains(&typ))
}

fn invalid(description: impl Into<Cow<'static, str>>) -> AuthorizationError {
    AuthorizationError::new(Code::InvalidRequestObject, description)
}

fn refused(error: AuthorizationError) -> Unpacked {
    Unpacked::Refused(error, None)
}
