//! `/device/verify`: letting a screen without a keyboard in, from one's own phone or computer.

use crate::domain::audit::AuthorizationRefusal;
use crate::view::page::page;
use crate::view::qr::QrCode;
use crate::view::trouble::UserCodeTrouble;

/// Takes the code that a device shows. Posts `form_token` and `user_code` to `/device/verify`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCodePage {
    /// The code that came with the address; it waits in the field.
    pub user_code: Option<String>,
    /// What was wrong with the last one.
    pub trouble: Option<UserCodeTrouble>,
    /// The way to this very page, for whoever would rather go on with a phone.
    pub qr: Option<QrCode>,
}

/// Asks whether the device before the person shows this very code. Posts `form_token`, `interaction` and `decision` (`same`,
/// `decline`) to `/device/confirm`. "Không phải tôi" posts `form_token` and `interaction` to `/not-me`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceConfirmPage {
    /// The code that she brought.
    pub user_code: String,
    /// What the device is (`view::agent::device_name`), where it says.
    pub device: Option<String>,
    /// The sealed request.
    pub interaction: String,
}

/// Says what became of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceDonePage {
    /// What.
    pub outcome: DeviceOutcome,
}

/// What became of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceOutcome {
    /// It goes on by itself.
    Approved,
    /// It hears that she declined.
    Declined,
    /// It demands a level that her sign-in cannot reach.
    LevelNotMet,
    /// It is meant for another person.
    OtherPerson,
    /// Its code is too old.
    Expired,
    /// Somebody answered it before.
    Used,
}

impl DeviceOutcome {
    /// Every one.
    pub const ALL: [DeviceOutcome; 6] = [
        DeviceOutcome::Approved,
        DeviceOutcome::Declined,
        DeviceOutcome::LevelNotMet,
        DeviceOutcome::OtherPerson,
        DeviceOutcome::Expired,
        DeviceOutcome::Used,
    ];

    const fn trouble(self) -> Option<UserCodeTrouble> {
        match self {
            DeviceOutcome::Approved
            | DeviceOutcome::Declined
            | DeviceOutcome::LevelNotMet
            | DeviceOutcome::OtherPerson => None,
            DeviceOutcome::Expired => Some(UserCodeTrouble::Expired),
            DeviceOutcome::Used => Some(UserCodeTrouble::Used),
        }
    }

    const fn key(self) -> &'static str {
        match self {
            DeviceOutcome::Approved => "device-approved",
            DeviceOutcome::Declined => "device-declined",
            DeviceOutcome::LevelNotMet => "device-level-not-met",
            DeviceOutcome::OtherPerson => "device-other-person",
            DeviceOutcome::Expired => UserCodeTrouble::Expired.key(),
            DeviceOutcome::Used => UserCodeTrouble::Used.key(),
        }
    }

    const fn is_approved(self) -> bool {
        matches!(self, DeviceOutcome::Approved)
    }
}

impl From<AuthorizationRefusal> for DeviceOutcome {
    fn from(why: AuthorizationRefusal) -> Self {
        match why {
            AuthorizationRefusal::LevelNotMet => DeviceOutcome::LevelNotMet,
            AuthorizationRefusal::OtherPerson => DeviceOutcome::OtherPerson,
        }
    }
}

page!(DeviceCodePage, "device_code.html", |_| DeviceCodePage {
    user_code: None,
    trouble: None,
    qr: QrCode::of("https://id.example.vn/device/verify"),
});
page!(DeviceConfirmPage, "device_confirm.html", |_| DeviceConfirmPage {
    user_code: "BCDF-GHJK".to_owned(),
    device: Some("Chrome · Android".to_owned()),
    interaction: "c2VhbGVk".to_owned(),
});
page!(DeviceDonePage, "device_done.html", |_| DeviceDonePage { outcome: DeviceOutcome::Approved });
