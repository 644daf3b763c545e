//! What an entry of a person's log tells her that happened.

use crate::domain::audit::{AuthorizationRefusal, EventKind};
use crate::protocol::Amr;
use crate::view::shared::SharedBy;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogEvent {
    /// The account was created.
    AccountCreated,
    /// The person signed in.
    SignedIn,
    /// The person confirmed once more that it is her.
    SignedInAgain,
    /// Somebody chose this person in a sandbox.
    Chosen,
    /// The person entered a system.
    EnteredSystem,
    /// Someone tried to sign in and failed.
    SignInFailed,
    /// The person signed out of every system.
    SignedOut,
    /// The person signed out of one system.
    SignedOutOfSystem,
    /// A session was ended.
    SessionEnded,
    /// A system was told that the person signed out.
    SignOutTold,
    /// A system could not be told that the person signed out.
    SignOutNotTold,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// The profile was changed.
    ProfileChanged,
    /// The person agreed to share.
    ConsentGiven,
    /// The person was told what is shared without her consent.
    SharingTold,
    /// The person declined to share.
    ConsentDeclined,
    /// The person withdrew a consent.
    ConsentWithdrawn,
    /// The person let a device of a system in.
    DeviceApproved,
    /// The person did not let a device of a system in.
    DeviceDeclined,
    /// A system demanded a level that the person's sign-in cannot reach.
    LevelNotMet,
    /// A system meant another person.
    OtherPersonMeant,
    /// A system received information.
    InformationShared,
    /// A system called another one for the person.
    CalledOnward,
    /// A system renewed its connection.
    ConnectionRenewed,
    /// A connection was used twice, which a thief would do; it was stopped.
    ConnectionStopped,
    /// A system asked with something too old or wrong, and received nothing.
    ConnectionRefused,
    /// The connection of a system ended.
    ConnectionEnded,
    /// Something that this version has no words for.
    Other,
}

impl From<EventKind> for LogEvent {
    fn from(kind: EventKind) -> Self {
        match kind {
            EventKind::AccountCreated => LogEvent::AccountCreated,
            EventKind::ProfileChanged => LogEvent::ProfileChanged,
            EventKind::PasskeyAdded => LogEvent::PasskeyAdded,
            EventKind::PasskeyRemoved => LogEvent::PasskeyRemoved,
            EventKind::SessionStarted => LogEvent::SignedIn,
            EventKind::SessionRenewed => LogEvent::SignedInAgain,
            EventKind::SessionEnded => LogEvent::SessionEnded,
            EventKind::SignInFailed => LogEvent::SignInFailed,
            EventKind::ConsentGiven => LogEvent::ConsentGiven,
            EventKind::ConsentDeclined => LogEvent::ConsentDeclined,
            EventKind::ConsentWithdrawn => LogEvent::ConsentWithdrawn,
            EventKind::DeviceApproved => LogEvent::DeviceApproved,
            EventKind::DeviceDeclined => LogEvent::DeviceDeclined,
            EventKind::AuthorizationRefused => LogEvent::LevelNotMet,
            EventKind::TokensIssued => LogEvent::EnteredSystem,
            EventKind::TokenExchanged => LogEvent::CalledOnward,
            EventKind::TokensRefreshed => LogEvent::ConnectionRenewed,
            EventKind::CodeReused | EventKind::RefreshReused => LogEvent::ConnectionStopped,
            EventKind::CodeRefused | EventKind::RefreshRefused => LogEvent::ConnectionRefused,
            EventKind::FamilyEnded => LogEvent::ConnectionEnded,
            EventKind::ClaimsReleased => LogEvent::InformationShared,
            EventKind::Logout => LogEvent::SignedOut,
            EventKind::SystemLogout => LogEvent::SignedOutOfSystem,
            EventKind::LogoutDelivered => LogEvent::SignOutTold,
            EventKind::LogoutGivenUp => LogEvent::SignOutNotTold,
            EventKind::InstanceInitialised
            | EventKind::ServiceTokensIssued
            | EventKind::LogoutPostponed
            | EventKind::ServiceTokenRevoked
            | EventKind::ClientRegistered
            | EventKind::ClientChanged
            | EventKind::ClientDisabled
            | EventKind::ClientEnabled
            | EventKind::ClientSecretRotated
            | EventKind::InitialTokenIssued
            | EventKind::SigningKeyCreated
            | EventKind::SigningKeyActivated
            | EventKind::SigningKeyRetiring
            | EventKind::SigningKeyRetired
            | EventKind::MasterKeyRotated
            | EventKind::AuditExported => LogEvent::Other,
        }
    }
}

impl LogEvent {
    /// Every event.
    pub const ALL: [LogEvent; 29] = [
        LogEvent::AccountCreated,
        LogEvent::SignedIn,
        LogEvent::SignedInAgain,
        LogEvent::Chosen,
        LogEvent::EnteredSystem,
        LogEvent::SignInFailed,
        LogEvent::SignedOut,
        LogEvent::SignedOutOfSystem,
        LogEvent::SessionEnded,
        LogEvent::SignOutTold,
        LogEvent::SignOutNotTold,
        LogEvent::PasskeyAdded,
        LogEvent::PasskeyRemoved,
        LogEvent::ProfileChanged,
        LogEvent::ConsentGiven,
        LogEvent::SharingTold,
        LogEvent::ConsentDeclined,
        LogEvent::ConsentWithdrawn,
        LogEvent::DeviceApproved,
        LogEvent::DeviceDeclined,
        LogEvent::LevelNotMet,
        LogEvent::OtherPersonMeant,
        LogEvent::InformationShared,
        LogEvent::CalledOnward,
        LogEvent::ConnectionRenewed,
        LogEvent::ConnectionStopped,
        LogEvent::ConnectionRefused,
        LogEvent::ConnectionEnded,
        LogEvent::Other,
    ];

    /// The text that says it.
    pub const fn key(self) -> &'static str {
        match self {
            LogEvent::AccountCreated => "log-account-created",
            LogEvent::SignedIn => "log-signed-in",
            LogEvent::SignedInAgain => "log-signed-in-again",
            LogEvent::Chosen => "log-chosen",
            LogEvent::EnteredSystem => "log-entered-system",
            LogEvent::SignInFailed => "log-sign-in-failed",
            LogEvent::SignedOut => "log-signed-out",
            LogEvent::SignedOutOfSystem => "log-signed-out-of-system",
            LogEvent::SessionEnded => "log-session-ended",
            LogEvent::SignOutTold => "log-sign-out-told",
            LogEvent::SignOutNotTold => "log-sign-out-not-told",
            LogEvent::PasskeyAdded => "log-passkey-added",
            LogEvent::PasskeyRemoved => "log-passkey-removed",
            LogEvent::ProfileChanged => "log-profile-changed",
            LogEvent::ConsentGiven => "log-consent-given",
            LogEvent::SharingTold => "log-sharing-told",
            LogEvent::ConsentDeclined => "log-consent-declined",
            LogEvent::ConsentWithdrawn => "log-consent-withdrawn",
            LogEvent::DeviceApproved => "log-device-approved",
            LogEvent::DeviceDeclined => "log-device-declined",
            LogEvent::LevelNotMet => "log-level-not-met",
            LogEvent::OtherPersonMeant => "log-other-person-meant",
            LogEvent::InformationShared => "log-information-shared",
            LogEvent::CalledOnward => "log-called-onward",
            LogEvent::ConnectionRenewed => "log-connection-renewed",
            LogEvent::ConnectionStopped => "log-connection-stopped",
            LogEvent::ConnectionRefused => "log-connection-refused",
            LogEvent::ConnectionEnded => "log-connection-ended",
            LogEvent::Other => "log-other",
        }
    }

    /// An agreement as it is to be called: where nothing rests on consent, nobody was asked to agree.
    pub fn resting_on(self, shared: &[SharedBy]) -> Self {
        let told = !shared.is_empty() && !shared.iter().any(|group| group.basis.is_consent());
        if self == LogEvent::ConsentGiven && told { LogEvent::SharingTold } else { self }
    }

    /// A sign-in as it is to be called: where nobody proved anything, nobody signed in with a passkey.
    pub fn by(self, methods: &[Amr]) -> Self {
        let is_sign_in = matches!(self, LogEvent::SignedIn | LogEvent::SignedInAgain);
        if is_sign_in && methods.contains(&Amr::Sandbox) { LogEvent::Chosen } else { self }
    }

    /// A refusal as it is to be called, by its reason.
    pub fn because(self, reason: Option<&str>) -> Self {
        let is_other =
            reason.and_then(AuthorizationRefusal::parse) == Some(AuthorizationRefusal::OtherPerson);
        if self == LogEvent::LevelNotMet && is_other { LogEvent::OtherPersonMeant } else { self }
    }

    /// The text that says what it came from, where the browser is not known. A system speaks for itself with us.
    pub(super) const fn unknown_device_key(self) -> &'static str {
        match self {
            LogEvent::EnteredSystem
            | LogEvent::InformationShared
            | LogEvent::CalledOnward
            | LogEvent::ConnectionRenewed
            | LogEvent::ConnectionStopped
            | LogEvent::ConnectionRefused => "log-own-server",
            LogEvent::SignOutTold | LogEvent::SignOutNotTold => "log-by-itself",
            _ => "device-unknown",
        }
    }

    /// Whether the person should look twice.
    pub(super) const fn is_alarming(self) -> bool {
        matches!(self, LogEvent::SignInFailed | LogEvent::ConnectionStopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::LegalBasis;
    use crate::protocol::ClaimName;

    #[test]
    fn nobody_agreed_to_what_rests_on_law_or_contract() {
        let by = |basis| SharedBy::group([(ClaimName::Name.into(), basis)]);
        for basis in [LegalBasis::Law, LegalBasis::Contract, LegalBasis::Emergency] {
            assert_eq!(LogEvent::ConsentGiven.resting_on(&by(basis)), LogEvent::SharingTold);
        }
        assert_eq!(LogEvent::ConsentGiven.resting_on(&by(LegalBasis::Consent)), LogEvent::ConsentGiven);
        assert_eq!(LogEvent::ConsentGiven.resting_on(&[]), LogEvent::ConsentGiven);
        assert_eq!(LogEvent::InformationShared.resting_on(&by(LegalBasis::Law)), LogEvent::InformationShared);
    }
}
