//! Requests of devices without a keyboard (RFC 8628 §3.1): they wait until a person brings their code to us.

use serde::{Deserialize, Serialize};

use super::interaction::{LARGEST_REQUEST, check_scope};
use crate::base::Timestamp;
use crate::base::encoding::base64url;
use crate::crypto::token::{PlainToken, TokenKind};
use crate::crypto::{DigestPurpose, PagePurpose};
use crate::domain::audit::Place;
use crate::protocol::{
    AuthorizationError, AuthorizationErrorCode, AuthorizationRequest, ClientId, Confirmation,
    DeviceAuthorization, Endpoint, GrantType, RawParams, TokenError, TokenErrorCode, UserCode,
};
use crate::services::tokens::{AuthenticatedClient, ProvenKey};
use crate::services::{Failure, Policy, Provider};

/// What of an authorization request a device may send. There is nothing to redirect to, and nobody to be silent towards.
const TAKEN: [&str; 6] = ["scope", "resource", "authorization_details", "acr_values", "claims", "ui_locales"];

/// How often a user code that is taken is drawn again. With 20^8 of them, a second draw is a curiosity.
const DRAWS: usize = 8;

/// The name of a device's request, as it stands in the store: the keyed digest of the device code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceId(String);

/// A request that waits, as it stands sealed in the store: what a device wants to do exactly may be about somebody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::services) struct DeviceRequest {
    /// Whose device it is.
    pub client_id: ClientId,
    /// What it asks for, as a query.
    pub params: String,
    /// The key that it showed, which it shows again when it asks for the tokens.
    pub bound_to: Option<Confirmation>,
    /// What it says it is.
    pub agent: Option<String>,
    /// When both of its codes are over. It is kept for as long again, so that people are told what happened.
    pub expires_at: Timestamp,
}

impl DeviceId {
    /// Under this the request stands.
    pub(in crate::services) fn key(&self) -> String {
        format!("device:{}", self.0)
    }

    /// Under this stands what the person answered.
    pub(in crate::services) fn answer_key(&self) -> String {
        format!("device-answer:{}", self.0)
    }

    /// Under this stands how fast it may ask.
    pub(in crate::services) fn pace_key(&self) -> String {
        format!("device-pace:{}", self.0)
    }

    pub(in crate::services) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Provider {
    /// Takes the request of a device. Both codes stand in the store as digests alone.
    pub async fn begin_device(
        &self,
        client: &AuthenticatedClient,
        params: &RawParams,
        key: Option<&ProvenKey>,
        place: &Place,
    ) -> Result<Result<DeviceAuthorization, TokenError>, Failure> {
        let params = match self.device_params(client, params) {
            Ok(params) => params,
            Err(refused) => return Ok(Err(refused)),
        };
        let request = DeviceRequest {
            client_id: client.registration.client_id.clone(),
            params,
            bound_to: key.map(ProvenKey::confirmation),
            agent: place.device.clone(),
            expires_at: self.now() + Policy::DEVICE_CODE_LIFETIME,
        };
        let device_code = PlainToken::generate(TokenKind::Device, self.entropy());
        let id = self.device_id(&device_code);
        let content = postcard::to_stdvec(&request).unwrap_or_default();
        let sealed =
            self.keyring.seal_page(PagePurpose::DeviceRequest, id.as_bytes(), &content, self.entropy());
        let kept = Policy::DEVICE_CODE_REMEMBERED;
        self.shortlived.insert_if_absent(&id.key(), sealed.as_bytes(), kept).await?;
        self.begin_pace(&id).await?;
        let user_code = self.draw_user_code(&id).await?;
        let verification_uri = self.policy.issuer.endpoint(Endpoint::DeviceVerification);
        Ok(Ok(DeviceAuthorization {
            device_code: device_code.expose().to_owned(),
            user_code: user_code.to_string(),
            verification_uri_complete: format!("{verification_uri}?user_code={user_code}"),
            verification_uri,
            expires_in: Policy::DEVICE_CODE_LIFETIME,
            interval: Policy::DEVICE_INTERVAL,
        }))
    }

    /// The name under which the request of a device code stands.
    pub(in crate::services) fn device_id(&self, device_code: &PlainToken) -> DeviceId {
        DeviceId(base64url(device_code.hash(&self.keyring).as_bytes()))
    }

    /// The request of this name, where it is still known.
    pub(in crate::services) async fn device_request(
        &self,
        id: &DeviceId,
    ) -> Result<Option<DeviceRequest>, Failure> {
        let stored = self.shortlived.read(&id.key()).await?;
        let sealed = stored.and_then(|stored| String::from_utf8(stored).ok());
        let opened = sealed.and_then(|sealed| {
            self.keyring.open_page(PagePurpose::DeviceRequest, id.as_bytes(), &sealed).ok()
        });
        Ok(opened.and_then(|content| postcard::from_bytes(content.expose()).ok()))
    }

    /// The request that `code` leads to.
    pub(super) async fn device_of(&self, code: &UserCode) -> Result<Option<DeviceId>, Failure> {
        let stored = self.shortlived.read(&self.user_code_key(code)).await?;
        Ok(stored.and_then(|id| String::from_utf8(id).ok()).map(DeviceId))
    }

    async fn draw_user_code(&self, id: &DeviceId) -> Result<UserCode, Failure> {
        let mut code = UserCode::generate(self.entropy());
        for _ in 0..DRAWS {
            let (key, remembered) = (self.user_code_key(&code), Policy::DEVICE_CODE_REMEMBERED);
            if self.shortlived.insert_if_absent(&key, id.as_bytes(), remembered).await? {
                break;
            }
            code = UserCode::generate(self.entropy());
        }
        Ok(code)
    }

    /// Keyed: whoever reads the store cannot try all codes until he has the one that fits.
    fn user_code_key(&self, code: &UserCode) -> String {
        let digest = self.keyring.digest(DigestPurpose::UserCode, code.letters());
        format!("device-user:{}", base64url(digest.as_bytes()))
    }

    /// What the device asks for, judged as it would be at the authorization endpoint.
    fn device_params(&self, client: &AuthenticatedClient, params: &RawParams) -> Result<String, TokenError> {
        let registration = &client.registration;
        if !registration.grant_types.contains(&GrantType::DeviceCode) {
            let description = "This client is not registered for the grant type of device codes.";
            return Err(TokenError::new(TokenErrorCode::UnauthorizedClient, description));
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", registration.client_id.as_str()).append_pair("response_type", "code");
        query.extend_pairs(params.iter().filter(|(name, _)| TAKEN.contains(name)));
        let query = query.finish();
        let params = RawParams::parse(query.as_bytes(), LARGEST_REQUEST)
            .map_err(|error| TokenError::new(TokenErrorCode::InvalidRequest, error.to_string()))?;
        let request = AuthorizationRequest::parse(&params, &self.policy.prefixes);
        let judged = request.and_then(|request| {
            check_scope(&request, client)?;
            let details = self.wanted_details(&request, client)?;
            self.wanted_resources(&request, client, &details)
        });
        judged.map(|_| query).map_err(told)
    }
}

/// RFC 8628 §3.2: errors are those of the token endpoint.
fn told(error: AuthorizationError) -> TokenError {
    let code = match error.code {
        AuthorizationErrorCode::InvalidScope => TokenErrorCode::InvalidScope,
        AuthorizationErrorCode::InvalidTarget => TokenErrorCode::InvalidTarget,
        AuthorizationErrorCode::InvalidAuthorizationDetails => TokenErrorCode::InvalidAuthorizationDetails,
        _ => TokenErrorCode::InvalidRequest,
    };
    TokenError::new(code, error.description)
}
