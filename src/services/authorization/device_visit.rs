//! A person brings the code of a device (RFC 8628 §3.3).

use std::sync::Arc;
use std::time::Duration;

use super::defaults::with_defaults;
use super::destination::{DeviceTarget, DeviceVisit};
use super::interaction::{LARGEST_REQUEST, Understood, check_scope};
use super::{Destination, DeviceId, Interaction, NoReplyTarget};
use crate::base::Timestamp;
use crate::base::encoding::base64url;
use crate::base::ids::AccountId;
use crate::crypto::DigestPurpose;
use crate::domain::audit::Place;
use crate::protocol::{ClientId, GrantType, RawParams, UserCode};
use crate::services::guard::{Guarded, SPAN, Tries};
use crate::services::{Failure, Provider};

/// How many wrong codes one browser may bring before it has to wait.
const WRONG_CODES: u64 = 5;

/// What came of a code that somebody brought.
#[derive(Debug)]
pub enum Entered {
    /// A device waits for it.
    Known(Box<Interaction>),
    /// No code has this form.
    NoCode,
    /// No device shows it.
    Unknown,
    /// It is too old.
    Expired,
    /// Somebody answered it already.
    Used,
    /// There were too many wrong ones.
    TooMany(Duration),
}

/// How a device's request stands.
pub(super) enum Standing {
    Waiting(Timestamp),
    Expired,
    Answered,
}

impl Provider {
    /// Finds the device that shows what somebody typed in the browser whose digest is `holder`.
    ///
    /// RFC 8628 §5.1: a code is short. Every try of a network counts, right or wrong, and the wrong ones of a browser.
    pub async fn enter_user_code(
        &self,
        holder: &[u8],
        place: &Place,
        typed: &str,
    ) -> Result<Entered, Failure> {
        let Some(code) = UserCode::parse(typed) else { return Ok(Entered::NoCode) };
        if let Tries::TooMany(wait) = self.count_try(Guarded::UserCode, place).await? {
            return Ok(Entered::TooMany(wait));
        }
        if self.shortlived.read(&self.tired_key(holder)).await?.is_some() {
            return Ok(Entered::TooMany(SPAN));
        }
        let Some(id) = self.device_of(&code).await? else { return self.wrong_code(holder).await };
        let request = match (self.device_standing(&id).await?, self.device_request(&id).await?) {
            (Standing::Waiting(_), Some(request)) => request,
            (Standing::Answered, _) => return Ok(Entered::Used),
            (Standing::Expired, _) | (_, None) => return Ok(Entered::Expired),
        };
        let visit = DeviceVisit { id, user_code: code.to_string(), agent: request.agent, confirmed_by: None };
        let Ok(params) = RawParams::parse(request.params.as_bytes(), LARGEST_REQUEST) else {
            return Ok(Entered::Expired);
        };
        Ok(match self.understand_device(&params, self.now(), visit) {
            Understood::Good(interaction) => Entered::Known(interaction),
            // Its system was disabled or changed meanwhile.
            Understood::Refused(..) | Understood::NoReply(_) => Entered::Expired,
        })
    }

    /// The same request, now that `account` said that the device shows this very code.
    pub fn confirm_device(&self, mut interaction: Interaction, account: AccountId) -> Interaction {
        if let Destination::Device(device) = &mut interaction.destination {
            device.visit.confirmed_by = Some(account);
        }
        interaction
    }

    pub(super) fn understand_device(
        &self,
        params: &RawParams,
        received_at: Timestamp,
        visit: DeviceVisit,
    ) -> Understood {
        let client = params.get("client_id").ok().flatten().and_then(|id| ClientId::parse(id).ok());
        let client = client.and_then(|id| self.client(&id));
        let may = |client: &Arc<_>| is_registered(client);
        let Some(client) = client.filter(may) else {
            return Understood::NoReply(NoReplyTarget::UnknownClient);
        };
        let prefixes = &self.policy.prefixes;
        let request = self
            .authorization_request(params)
            .map(|request| with_defaults(request, &client.registration, prefixes));
        // What was good when the device began may be good no more: the registration has changed.
        let judged = request.and_then(|request| {
            check_scope(&request, &client)?;
            let details = self.wanted_details(&request, &client)?;
            Ok((self.wanted_resources(&request, &client, &details)?, details, request))
        });
        match judged {
            Ok((resources, details, request)) => Understood::Good(Box::new(Interaction {
                destination: Destination::Device(DeviceTarget { client, visit }),
                request,
                resources,
                details,
                received_at,
                chosen: None,
                pushed: None,
                params: params.to_query(),
                in_object: false,
            })),
            Err(_) => Understood::NoReply(NoReplyTarget::UnknownClient),
        }
    }

    pub(super) async fn device_standing(&self, id: &DeviceId) -> Result<Standing, Failure> {
        let Some(request) = self.device_request(id).await? else { return Ok(Standing::Expired) };
        if self.shortlived.read(&id.answer_key()).await?.is_some() {
            return Ok(Standing::Answered);
        }
        Ok(match self.now() < request.expires_at {
            true => Standing::Waiting(request.expires_at),
            false => Standing::Expired,
        })
    }

    async fn wrong_code(&self, holder: &[u8]) -> Result<Entered, Failure> {
        let wrong = self.shortlived.count(&self.visit_key("device-wrong", holder), SPAN).await?;
        if wrong >= WRONG_CODES {
            self.shortlived.insert_if_absent(&self.tired_key(holder), b"1", SPAN).await?;
        }
        Ok(Entered::Unknown)
    }

    /// Under this stands that a browser brought too many wrong codes.
    fn tired_key(&self, holder: &[u8]) -> String {
        self.visit_key("device-tired", holder)
    }

    fn visit_key(&self, what: &str, holder: &[u8]) -> String {
        let digest = self.keyring.digest(DigestPurpose::Once, &[what.as_bytes(), holder].concat());
        format!("{what}:{}", base64url(digest.as_bytes()))
    }
}

fn is_registered(client: &crate::domain::client::Client) -> bool {
    client.registration.grant_types.contains(&GrantType::DeviceCode)
}
