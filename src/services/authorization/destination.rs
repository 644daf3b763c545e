//! Where the answer to a request goes: by the browser to a system, or to a device that waits for it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{DeviceId, ReplyTarget};
use crate::base::ids::AccountId;
use crate::domain::client::Client;
use crate::domain::interaction::ForDevice;

/// Where the answer goes.
#[derive(Debug)]
pub enum Destination {
    /// The browser carries it to a system.
    System(ReplyTarget),
    /// It is kept for a device, which asks for it; the browser stays with us.
    Device(DeviceTarget),
}

/// A device that waits, and its system.
#[derive(Debug)]
pub struct DeviceTarget {
    /// Whose device it is.
    pub(super) client: Arc<Client>,
    /// What is known of it on the way.
    pub visit: DeviceVisit,
}

/// What travels in the pages of the person who brought a device's code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeviceVisit {
    /// Which device.
    pub id: DeviceId,
    /// The code that she brought.
    pub user_code: String,
    /// What the device says it is.
    pub agent: Option<String>,
    /// Who said that the device before her shows this very code.
    pub confirmed_by: Option<AccountId>,
}

impl Destination {
    /// The system that asked.
    pub const fn client(&self) -> &Arc<Client> {
        match self {
            Self::System(reply) => reply.client(),
            Self::Device(device) => &device.client,
        }
    }

    /// What a page's policy must allow as the end of its forms' way; nothing where that is here.
    pub fn csp_source(&self) -> Option<String> {
        match self {
            Self::System(reply) => Some(reply.redirect_uri().csp_source()),
            Self::Device(_) => None,
        }
    }

    /// The device that waits, where one does.
    pub const fn device(&self) -> Option<&DeviceTarget> {
        match self {
            Self::System(_) => None,
            Self::Device(device) => Some(device),
        }
    }

    pub(super) const fn for_device(&self) -> ForDevice {
        match self {
            Self::System(_) => ForDevice::No,
            Self::Device(DeviceTarget { visit, .. }) => match visit.confirmed_by {
                None => ForDevice::Unconfirmed,
                Some(account) => ForDevice::ConfirmedBy(account),
            },
        }
    }
}
