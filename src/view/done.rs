//! What was just done: carried over the redirect after a form as `?done=…`, shown at the top of the next page.

/// A finished action. A closed list, so that nobody can put words into our mouth by a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The account exists.
    AccountCreated,
    /// The profile was saved.
    ProfileSaved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey has a new name.
    PasskeyRenamed,
    /// A passkey was removed.
    PasskeyRemoved,
    /// One session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OtherSessionsEnded,
    /// A consent was withdrawn.
    ConsentWithdrawn,
}

impl Done {
    /// Every action.
    pub const ALL: [Done; 8] = [
        Done::AccountCreated,
        Done::ProfileSaved,
        Done::PasskeyAdded,
        Done::PasskeyRenamed,
        Done::PasskeyRemoved,
        Done::SessionEnded,
        Done::OtherSessionsEnded,
        Done::ConsentWithdrawn,
    ];

    /// The name of the parameter.
    pub const PARAMETER: &'static str = "done";

    /// The value of the parameter.
    pub const fn code(self) -> &'static str {
        match self {
            Done::AccountCreated => "account-created",
            Done::ProfileSaved => "profile-saved",
            Done::PasskeyAdded => "passkey-added",
            Done::PasskeyRenamed => "passkey-renamed",
            Done::PasskeyRemoved => "passkey-removed",
            Done::SessionEnded => "session-ended",
            Done::OtherSessionsEnded => "other-sessions-ended",
            Done::ConsentWithdrawn => "consent-withdrawn",
        }
    }

    /// From the value of the parameter.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.code() == code)
    }

    /// The text that says so.
    pub const fn key(self) -> &'static str {
        match self {
            Done::AccountCreated => "done-account-created",
            Done::ProfileSaved => "done-profile-saved",
            Done::PasskeyAdded => "done-passkey-added",
            Done::PasskeyRenamed => "done-passkey-renamed",
            Done::PasskeyRemoved => "done-passkey-removed",
            Done::SessionEnded => "done-session-ended",
            Done::OtherSessionsEnded => "done-other-sessions-ended",
            Done::ConsentWithdrawn => "done-consent-withdrawn",
        }
    }
}
