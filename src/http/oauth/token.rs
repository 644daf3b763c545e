//! `POST /token` (RFC 6749 §3.2).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use super::client_call::{ClientCall, Refused};
use super::sender::{TellNonce, proven_key};
use crate::domain::audit::Origin;
use crate::http::App;
use crate::protocol::token_request::{
    ClientCredentialsGrant, CodeGrant, DeviceCodeGrant, ExchangeGrant, JwtBearerGrant, RefreshGrant,
};
use crate::protocol::{Endpoint, GrantRequest, TokenError, TokenErrorCode, TokenResponse};
use crate::services::authorization::PresentedCode;
use crate::services::tokens::{
    AuthenticatedClient, DevicePoll, DeviceRefused, Exchange, ExchangeRefused, JwtBearer, JwtBearerRefused,
    ProvenKey, ReachRefused, Redemption, RefreshRefused, Refreshed, ServiceTokenRefused, ServiceTokens,
};

/// Gives tokens for a grant.
pub async fn token(State(app): State<Arc<App>>, call: ClientCall) -> Response {
    let key = match proven_key(&app, &call, Endpoint::Token).await {
        Ok(key) => key,
        Err(refused) => return TellNonce::after(&refused).on(&app, call.refuse(refused)),
    };
    let response = match answer(&app, &call, key).await {
        Ok(response) => ([(CACHE_CONTROL, "no-store")], Json(response)).into_response(),
        Err(refused) => call.refuse(refused),
    };
    TellNonce::to(key.as_ref()).on(&app, response)
}

async fn answer(app: &App, call: &ClientCall, key: Option<ProvenKey>) -> Result<TokenResponse, Refused> {
    let origin = &call.origin;
    let grant = GrantRequest::parse(&call.params)?;
    if !call.client.registration.grant_types.contains(&grant.grant_type()) {
        let description = "This client is not registered for this grant_type.";
        return Err(TokenError::new(TokenErrorCode::UnauthorizedClient, description).into());
    }
    match grant {
        GrantRequest::AuthorizationCode(grant) => redeem(app, &call.client, &grant, key, origin).await,
        GrantRequest::RefreshToken(grant) => refresh(app, &call.client, &grant, key, origin).await,
        GrantRequest::TokenExchange(grant) => exchange(app, &call.client, &grant, key, origin).await,
        GrantRequest::DeviceCode(grant) => for_device(app, &call.client, &grant, key, origin).await,
        GrantRequest::ClientCredentials(grant) => for_itself(app, &call.client, &grant, key, origin).await,
        GrantRequest::JwtBearer(grant) => for_workload(app, &call.client, &grant, key, origin).await,
    }
}

async fn redeem(
    app: &App,
    client: &AuthenticatedClient,
    grant: &CodeGrant,
    key: Option<ProvenKey>,
    origin: &Origin,
) -> Result<TokenResponse, Refused> {
    let invalid = |text: String| Err(TokenError::new(TokenErrorCode::InvalidGrant, text).into());
    let presented = PresentedCode {
        code: grant.code.expose(),
        redirect_uri: &grant.redirect_uri,
        verifier: grant.code_verifier.as_ref(),
        resources: &grant.resources,
        details: grant.details.as_deref(),
        key,
    };
    match app.provider.redeem_code(client, presented, origin).await? {
        Redemption::Redeemed(response) => Ok(*response),
        Redemption::Refused(refused) => invalid(refused.to_string()),
        Redemption::NoTarget(refused) => {
            Err(TokenError::new(reach_code(refused), refused.to_string()).into())
        }
        Redemption::Reused => invalid(
            "The code had been used before; for safety everything it gave has been revoked.".to_owned(),
        ),
        Redemption::NoLongerAuthorized => invalid(
            "The session or the consent that the code rested on has ended; the person has to sign in again."
                .to_owned(),
        ),
    }
}

async fn refresh(
    app: &App,
    client: &AuthenticatedClient,
    grant: &RefreshGrant,
    key: Option<ProvenKey>,
    origin: &Origin,
) -> Result<TokenResponse, Refused> {
    match app.provider.refresh(client, grant, key, origin).await? {
        Refreshed::Refreshed(response) => Ok(*response),
        Refreshed::Refused(refused) => {
            Err(TokenError::new(refresh_code(refused), refused.to_string()).into())
        }
    }
}

const fn reach_code(refused: ReachRefused) -> TokenErrorCode {
    match refused {
        ReachRefused::Target(_) => TokenErrorCode::InvalidTarget,
        ReachRefused::OtherDetails => TokenErrorCode::InvalidAuthorizationDetails,
        ReachRefused::WiderScope | ReachRefused::NoScope => TokenErrorCode::InvalidScope,
    }
}

const fn refresh_code(refused: RefreshRefused) -> TokenErrorCode {
    match refused {
        RefreshRefused::Reach(refused) => reach_code(refused),
        RefreshRefused::Foreign
        | RefreshRefused::Expired
        | RefreshRefused::NoLongerAuthorized
        | RefreshRefused::KeyMissing
        | RefreshRefused::OtherKey
        | RefreshRefused::Reused => TokenErrorCode::InvalidGrant,
    }
}

async fn exchange(
    app: &App,
    client: &AuthenticatedClient,
    grant: &ExchangeGrant,
    key: Option<ProvenKey>,
    origin: &Origin,
) -> Result<TokenResponse, Refused> {
    match app.provider.exchange(client, grant, key, origin).await? {
        Exchange::Given(response) => Ok(*response),
        Exchange::Refused(refused) => {
            Err(TokenError::new(exchange_code(refused), refused.to_string()).into())
        }
    }
}

/// RFC 8693 §2.2.2: tokens that are not good make the request a bad one; a target that may not be had is told as such.
const fn exchange_code(refused: ExchangeRefused) -> TokenErrorCode {
    match refused {
        ExchangeRefused::Subject
        | ExchangeRefused::SubjectKey
        | ExchangeRefused::Actor
        | ExchangeRefused::Chain => TokenErrorCode::InvalidRequest,
        ExchangeRefused::Target | ExchangeRefused::Unnamed => TokenErrorCode::InvalidTarget,
        ExchangeRefused::OfProvider | ExchangeRefused::WiderScope | ExchangeRefused::NoScope => {
            TokenErrorCode::InvalidScope
        }
    }
}

async fn for_device(
    app: &App,
    client: &AuthenticatedClient,
    grant: &DeviceCodeGrant,
    key: Option<ProvenKey>,
    origin: &Origin,
) -> Result<TokenResponse, Refused> {
    match app.provider.redeem_device_code(client, grant, key, origin).await? {
        DevicePoll::Redeemed(response) => Ok(*response),
        DevicePoll::Refused(refused) => {
            Err(TokenError::new(device_code(refused), refused.to_string()).into())
        }
    }
}

/// RFC 8628 §3.5. A level that cannot be reached has the name that it has at the authorization endpoint (RFC 9470 §5): on
/// whatever it does not know a device stops asking.
const fn device_code(refused: DeviceRefused) -> TokenErrorCode {
    match refused {
        DeviceRefused::Pending => TokenErrorCode::AuthorizationPending,
        DeviceRefused::TooFast => TokenErrorCode::SlowDown,
        DeviceRefused::Declined | DeviceRefused::OtherPerson => TokenErrorCode::AccessDenied,
        DeviceRefused::LevelNotMet => TokenErrorCode::UnmetAuthenticationRequirements,
        DeviceRefused::Expired => TokenErrorCode::ExpiredToken,
        DeviceRefused::Target(refused) => reach_code(refused),
        DeviceRefused::Foreign
        | DeviceRefused::KeyMissing
        | DeviceRefused::OtherKey
        | DeviceRefused::Reused
        | DeviceRefused::NoLongerAuthorized => TokenErrorCode::InvalidGrant,
    }
}

async fn for_itself(
    app: &App,
    client: &AuthenticatedClient,
    grant: &ClientCredentialsGrant,
    key: Option<ProvenKey>,
    origin: &Origin,
) -> Result<TokenResponse, Refused> {
    match app.provider.service_token(client, grant, key, None, origin).await? {
        ServiceTokens::Given(response) => Ok(*response),
        ServiceTokens::Refused(refused) => {
            Err(TokenError::new(service_code(refused), refused.to_string()).into())
        }
    }
}

const fn service_code(refused: ServiceTokenRefused) -> TokenErrorCode {
    match refused {
        ServiceTokenRefused::Target(_) => TokenErrorCode::InvalidTarget,
        ServiceTokenRefused::Details(_) => TokenErrorCode::InvalidAuthorizationDetails,
        ServiceTokenRefused::Personal | ServiceTokenRefused::WiderScope | ServiceTokenRefused::NoScope => {
            TokenErrorCode::InvalidScope
        }
    }
}

async fn for_workload(
    app: &App,
    client: &AuthenticatedClient,
    grant: &JwtBearerGrant,
    key: Option<ProvenKey>,
    origin: &Origin,
) -> Result<TokenResponse, Refused> {
    match app.provider.token_for_workload(client, grant, key, origin).await? {
        JwtBearer::Given(response) => Ok(*response),
        JwtBearer::Refused(refused) => Err(TokenError::new(bearer_code(refused), refused.to_string()).into()),
    }
}

/// RFC 7521 §4.1.1: an assertion that is not good is a grant that is not.
const fn bearer_code(refused: JwtBearerRefused) -> TokenErrorCode {
    match refused {
        JwtBearerRefused::Unverified
        | JwtBearerRefused::Claims(_)
        | JwtBearerRefused::OtherSubject
        | JwtBearerRefused::Reused => TokenErrorCode::InvalidGrant,
        JwtBearerRefused::Wanted(refused) => service_code(refused),
    }
}
