//! Redeeming a device code (RFC 8628 §3.4): asked again and again until its person has answered.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::reach::ReachRefused;
use super::redeem_code::{Given, RedeemedWith};
use super::{AuthenticatedClient, ProvenKey, Redemption};
use crate::base::Timestamp;
use crate::crypto::token::{PlainToken, TokenKind};
use crate::domain::audit::{AuthorizationRefusal, IssuedBy, Origin};
use crate::protocol::Confirmation;
use crate::protocol::TokenResponse;
use crate::protocol::token_request::DeviceCodeGrant;
use crate::services::authorization::{ApprovedDevice, DeviceAnswer, DeviceId};
use crate::services::{Failure, Policy, Provider};

/// How much too early a question may come: networks are not even.
const TOLERANCE: Duration = Duration::from_secs(1);

/// What came of asking.
#[derive(Debug)]
pub enum DevicePoll {
    /// At most one caller ever gets this for one code.
    Redeemed(Box<TokenResponse>),
    /// Not this time, or never.
    Refused(DeviceRefused),
}

/// Why a device is given nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceRefused {
    /// Its person has not answered yet.
    #[error("The person has not answered yet; ask again after the interval.")]
    Pending,
    /// It asks too often.
    #[error("Asked too early; wait 5 seconds longer between questions from now on.")]
    TooFast,
    /// Its person said no.
    #[error("The person declined.")]
    Declined,
    /// It demands a level of sign-in that cannot be reached.
    #[error("No way of signing in here reaches an essential acr value that was asked for.")]
    LevelNotMet,
    /// It means another person than the one who came.
    #[error("Another person signed in than the one that was meant.")]
    OtherPerson,
    /// Its person did not come in time.
    #[error("The device code has expired; ask for a new one.")]
    Expired,
    /// Not a device code of this client.
    #[error("The device code is not one that was issued to this client.")]
    Foreign,
    /// The device showed a key when it began, and shows none now.
    #[error(
        "The device code is bound to a key; show that key, by a DPoP proof or the certificate of the connection."
    )]
    KeyMissing,
    /// The resources named are not among those that its person approved.
    #[error(transparent)]
    Target(#[from] ReachRefused),
    /// Another key is shown.
    #[error("The key that was shown is another than the one the device code is bound to.")]
    OtherKey,
    /// It was redeemed before.
    #[error("The device code had been used before; for safety everything it gave has been revoked.")]
    Reused,
    /// What the answer rested on has ended.
    #[error("The session in which the person agreed has ended; begin anew.")]
    NoLongerAuthorized,
}

/// How fast a device may ask.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Pace {
    interval: Duration,
    not_before: Timestamp,
}

impl Pace {
    fn of(interval: Duration, now: Timestamp) -> Self {
        Self { interval, not_before: now + interval.saturating_sub(TOLERANCE) }
    }
}

impl Provider {
    /// Gives a device what its person approved: at most one caller ever gets [`DevicePoll::Redeemed`] for one code.
    pub async fn redeem_device_code(
        &self,
        client: &AuthenticatedClient,
        grant: &DeviceCodeGrant,
        key: Option<ProvenKey>,
        origin: &Origin,
    ) -> Result<DevicePoll, Failure> {
        let with = RedeemedWith {
            by: IssuedBy::Device,
            key,
            resources: &grant.resources,
            details: grant.details.as_deref(),
        };
        Ok(match self.poll_device(client, grant, key).await? {
            Err(refused) => DevicePoll::Refused(refused),
            Ok(given) => match self.redeem(client, given, with, origin).await? {
                Redemption::Redeemed(response) => DevicePoll::Redeemed(response),
                Redemption::NoTarget(refused) => DevicePoll::Refused(refused.into()),
                Redemption::Reused => DevicePoll::Refused(DeviceRefused::Reused),
                Redemption::Refused(_) | Redemption::NoLongerAuthorized => {
                    DevicePoll::Refused(DeviceRefused::NoLongerAuthorized)
                }
            },
        })
    }

    /// A wrong try by whoever is not the device changes nothing for the device: it is counted only once all else is right.
    async fn poll_device(
        &self,
        client: &AuthenticatedClient,
        grant: &DeviceCodeGrant,
        key: Option<ProvenKey>,
    ) -> Result<Result<Given, DeviceRefused>, Failure> {
        let Some(code) = PlainToken::parse(TokenKind::Device, grant.device_code.expose()) else {
            return Ok(Err(DeviceRefused::Foreign));
        };
        let id = self.device_id(&code);
        let request = self.device_request(&id).await?;
        let own = request.filter(|request| request.client_id == client.registration.client_id);
        let Some(request) = own else { return Ok(Err(DeviceRefused::Foreign)) };
        if let Some(refused) = wrong_key(request.bound_to, key) {
            return Ok(Err(refused));
        }
        if self.now() >= request.expires_at {
            return Ok(Err(DeviceRefused::Expired));
        }
        if !self.keeps_pace(&id).await? {
            return Ok(Err(DeviceRefused::TooFast));
        }
        Ok(match self.device_answer(&id).await? {
            None => Err(DeviceRefused::Pending),
            Some(DeviceAnswer::Declined(_)) => Err(DeviceRefused::Declined),
            Some(DeviceAnswer::Refused(_, AuthorizationRefusal::LevelNotMet)) => {
                Err(DeviceRefused::LevelNotMet)
            }
            Some(DeviceAnswer::Refused(_, AuthorizationRefusal::OtherPerson)) => {
                Err(DeviceRefused::OtherPerson)
            }
            Some(DeviceAnswer::Approved(approved)) => {
                let ApprovedDevice { family, account, session, authorized, details } = *approved;
                Ok(Given { family, account, session, authorized, details })
            }
        })
    }

    /// Whether the device asks in time. RFC 8628 §3.5: whoever comes too early has to wait five seconds longer from then on.
    ///
    /// The pace is taken away and put back: of many who ask at once one finds it, and the others come too early.
    async fn keeps_pace(&self, id: &DeviceId) -> Result<bool, Failure> {
        let (key, now) = (id.pace_key(), self.now());
        let taken = self.shortlived.take(&key).await?;
        let pace = taken.and_then(|content| postcard::from_bytes::<Pace>(&content).ok());
        let (in_time, interval) = match pace {
            Some(pace) if pace.not_before <= now => (true, pace.interval),
            Some(pace) => (false, pace.interval + Policy::DEVICE_INTERVAL),
            None => (false, 2 * Policy::DEVICE_INTERVAL),
        };
        self.put_pace(&key, Pace::of(interval, now)).await?;
        Ok(in_time)
    }

    /// The first question may come at once.
    pub(in crate::services) async fn begin_pace(&self, id: &DeviceId) -> Result<(), Failure> {
        let pace = Pace { interval: Policy::DEVICE_INTERVAL, not_before: self.now() };
        self.put_pace(&id.pace_key(), pace).await
    }

    async fn put_pace(&self, key: &str, pace: Pace) -> Result<(), Failure> {
        let content = postcard::to_stdvec(&pace).unwrap_or_default();
        self.shortlived.insert_if_absent(key, &content, Policy::DEVICE_CODE_REMEMBERED).await?;
        Ok(())
    }
}

/// RFC 9449 binds codes of the browser by a parameter; a device shows its key at once, by a proof or by its certificate, and then
/// always the same.
fn wrong_key(bound_to: Option<Confirmation>, shown: Option<ProvenKey>) -> Option<DeviceRefused> {
    match (bound_to, shown) {
        (Some(bound), Some(shown)) if shown.confirmation() != bound => Some(DeviceRefused::OtherKey),
        (Some(_), None) => Some(DeviceRefused::KeyMissing),
        _ => None,
    }
}
