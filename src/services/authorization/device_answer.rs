//! What a person answered about a device: kept, sealed, until the device comes for it.

use serde::{Deserialize, Serialize};

use super::device_visit::Standing;
use super::{DeviceId, DeviceTarget};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, FamilyId, SessionId};
use crate::crypto::PagePurpose;
use crate::domain::access::GrantedDetail;
use crate::domain::audit::{Actor, AuthorizationRefusal, Event, Origin};
use crate::domain::session::Session;
use crate::domain::token_family::Authorized;
use crate::services::{Failure, Policy, Provider};

/// How it stands with a device when the person's part is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDevice {
    /// It may come for its tokens.
    Approved,
    /// It hears that she declined.
    Declined,
    /// It hears why it cannot have what it asked for.
    Refused(AuthorizationRefusal),
    /// Its code is too old.
    Expired,
    /// It was answered before, by somebody else or otherwise.
    Used,
}

/// An answer as it waits. Sealed: whoever can write to the store can answer for nobody.
#[derive(Serialize, Deserialize)]
pub(in crate::services) enum DeviceAnswer {
    /// The device may have this.
    Approved(Box<ApprovedDevice>),
    /// Its person said no.
    Declined(SessionId),
    /// It cannot have what it asked for.
    Refused(SessionId, AuthorizationRefusal),
}

/// What a device may have, once.
#[derive(Serialize, Deserialize)]
pub(in crate::services) struct ApprovedDevice {
    /// The family that it starts.
    pub family: FamilyId,
    /// Whose authorization it is.
    pub account: AccountId,
    /// The session in which it was given; when that ends, so does what was given.
    pub session: SessionId,
    /// What was authorized.
    pub authorized: Authorized,
    /// What exactly was authorized at resources.
    pub details: Vec<GrantedDetail>,
}

impl Provider {
    /// The person of `session` lets the device have what is `authorized`, and at resources exactly `details`. The first answer counts.
    pub(super) async fn approve_device(
        &self,
        device: &DeviceTarget,
        (authorized, details): (Authorized, Vec<GrantedDetail>),
        session: &Session,
        origin: &Origin,
    ) -> Result<OnDevice, Failure> {
        let approved = ApprovedDevice {
            family: FamilyId::generate(self.now(), self.entropy()),
            account: session.account_id,
            session: session.id,
            authorized,
            details,
        };
        let event = Event::DeviceApproved {
            account: session.account_id,
            session: session.id,
            client: device.client.registration.client_id.clone(),
        };
        self.answer_device(device, DeviceAnswer::Approved(Box::new(approved)), event, session, origin).await
    }

    /// The person of `session` does not let the device have anything.
    pub async fn decline_device(
        &self,
        device: &DeviceTarget,
        session: &Session,
        origin: &Origin,
    ) -> Result<OnDevice, Failure> {
        let event = Event::DeviceDeclined {
            account: session.account_id,
            session: session.id,
            client: device.client.registration.client_id.clone(),
        };
        self.answer_device(device, DeviceAnswer::Declined(session.id), event, session, origin).await
    }

    /// What the device asked for cannot be given to the person of `session`, who did not say no.
    pub(super) async fn refuse_device(
        &self,
        device: &DeviceTarget,
        why: AuthorizationRefusal,
        session: &Session,
        origin: &Origin,
    ) -> Result<OnDevice, Failure> {
        let event = Event::AuthorizationRefused {
            account: session.account_id,
            session: session.id,
            client: device.client.registration.client_id.clone(),
            why,
            is_device: true,
        };
        self.answer_device(device, DeviceAnswer::Refused(session.id, why), event, session, origin).await
    }

    /// What became of a device that the person of `session` has answered; nothing while it waits.
    pub(super) async fn device_outcome(
        &self,
        device: &DeviceTarget,
        session: Option<&Session>,
    ) -> Result<Option<OnDevice>, Failure> {
        let id = &device.visit.id;
        Ok(match self.device_standing(id).await? {
            Standing::Waiting(_) => None,
            Standing::Expired => Some(OnDevice::Expired),
            // She loads the last page again.
            Standing::Answered => Some(match (self.device_answer(id).await?, session) {
                (Some(answer), Some(session)) => answer.towards(session),
                _ => OnDevice::Used,
            }),
        })
    }

    /// What was answered about the device.
    pub(in crate::services) async fn device_answer(
        &self,
        id: &DeviceId,
    ) -> Result<Option<DeviceAnswer>, Failure> {
        let Some(stored) = self.shortlived.read(&id.answer_key()).await? else { return Ok(None) };
        let sealed = String::from_utf8(stored).unwrap_or_default();
        let unreadable = |_| Failure::Sealed { table: "device answers" };
        let opened = self.keyring.open_page(PagePurpose::DeviceAnswer, id.as_bytes(), &sealed);
        let answer = serde_json::from_slice(opened.map_err(unreadable)?.expose());
        answer.map(Some).map_err(|_| Failure::Unreadable { table: "device answers" })
    }

    async fn answer_device(
        &self,
        device: &DeviceTarget,
        answer: DeviceAnswer,
        event: Event,
        session: &Session,
        origin: &Origin,
    ) -> Result<OnDevice, Failure> {
        let id = &device.visit.id;
        let expires_at = match self.device_standing(id).await? {
            Standing::Waiting(expires_at) => expires_at,
            Standing::Expired => return Ok(OnDevice::Expired),
            Standing::Answered => {
                return Ok(self.device_outcome(device, Some(session)).await?.unwrap_or(OnDevice::Used));
            }
        };
        self.record_device_answer(id, expires_at, event, session, origin).await?;
        let content = serde_json::to_vec(&answer).unwrap_or_default();
        let sealed =
            self.keyring.seal_page(PagePurpose::DeviceAnswer, id.as_bytes(), &content, self.entropy());
        let kept = Policy::DEVICE_CODE_REMEMBERED;
        match self.shortlived.insert_if_absent(&id.answer_key(), sealed.as_bytes(), kept).await? {
            true => Ok(answer.towards(session)),
            false => Ok(self.device_outcome(device, Some(session)).await?.unwrap_or(OnDevice::Used)),
        }
    }

    /// On record before the device can come for it; once, however often the page is sent.
    async fn record_device_answer(
        &self,
        id: &DeviceId,
        expires_at: Timestamp,
        event: Event,
        session: &Session,
        origin: &Origin,
    ) -> Result<(), Failure> {
        let owner = self.owner(session.account_id).await?;
        let key = self.data_key(session.account_id, &owner.data_key)?;
        let what = format!("{} {} {}", event.kind(), session.id, String::from_utf8_lossy(id.as_bytes()));
        let once = self.once_key_at(expires_at, &what);
        let event = self.event(Actor::Person(session.account_id), event).from_origin(origin).once(once);
        self.db.record(&self.personal_entry(&event, &key)).await?;
        Ok(())
    }
}

impl DeviceAnswer {
    /// How it is told to the person of `session`.
    fn towards(&self, session: &Session) -> OnDevice {
        match self {
            Self::Approved(approved) if approved.session == session.id => OnDevice::Approved,
            Self::Declined(by) if *by == session.id => OnDevice::Declined,
            Self::Refused(by, why) if *by == session.id => OnDevice::Refused(*why),
            Self::Approved(_) | Self::Declined(_) | Self::Refused(..) => OnDevice::Used,
        }
    }
}
