//! `/account/log`: nhật ký truy cập, what happened with the account, each entry with its proof.

use crate::base::Timestamp;
use crate::domain::audit::EventKind;
use crate::domain::client::LegalBasis;
use crate::protocol::{ClaimName, Locale};
use crate::view::chrome::SystemView;
use crate::view::dates;
use crate::view::page::page;
use crate::view::shared::Shared;

/// The person's own log. Each proof is at `GET /account/log/proof?entry=…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The entries, newest first.
    pub entries: Vec<LogEntry>,
    /// The cursor of the next page: `GET /account/log?before=…`.
    pub older: Option<String>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its id, for the proof.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub event: LogEvent,
    /// The system it happened with.
    pub system: Option<String>,
    /// What that system received.
    pub shared: Vec<Shared>,
    /// On which ground.
    pub basis: Option<LegalBasis>,
    /// The address it came from.
    pub place: Option<String>,
    /// Browser and system (`view::agent::device_name`).
    pub device: Option<String>,
    /// A few words more, such as the name of a passkey.
    pub detail: Option<String>,
    /// Whether it can be proved yet.
    pub proof: Proof,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogEvent {
    /// The account was created.
    AccountCreated,
    /// The person signed in.
    SignedIn,
    /// The person confirmed once more that it is her.
    SignedInAgain,
    /// The person entered a system.
    EnteredSystem,
    /// Someone tried to sign in and failed.
    SignInFailed,
    /// The person signed out of every system.
    SignedOut,
    /// A session was ended.
    SessionEnded,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// The profile was changed.
    ProfileChanged,
    /// The person agreed to share.
    ConsentGiven,
    /// The person declined to share.
    ConsentDeclined,
    /// The person withdrew a consent.
    ConsentWithdrawn,
    /// A system received information.
    InformationShared,
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

/// Whether an entry can be proved yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Will be within seconds.
    Waiting,
    /// Sealed at this place in the log.
    Sealed {
        /// Its place, counted from zero.
        position: u64,
    },
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
            EventKind::TokensIssued => LogEvent::EnteredSystem,
            EventKind::TokensRefreshed => LogEvent::ConnectionRenewed,
            EventKind::CodeReused | EventKind::RefreshReused => LogEvent::ConnectionStopped,
            EventKind::CodeRefused | EventKind::RefreshRefused => LogEvent::ConnectionRefused,
            EventKind::FamilyEnded => LogEvent::ConnectionEnded,
            EventKind::ClaimsReleased => LogEvent::InformationShared,
            EventKind::Logout => LogEvent::SignedOut,
            EventKind::InstanceInitialised
            | EventKind::ClientRegistered
            | EventKind::ClientChanged
            | EventKind::ClientDisabled
            | EventKind::ClientEnabled
            | EventKind::ClientSecretRotated
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
    pub const ALL: [LogEvent; 19] = [
        LogEvent::AccountCreated,
        LogEvent::SignedIn,
        LogEvent::SignedInAgain,
        LogEvent::EnteredSystem,
        LogEvent::SignInFailed,
        LogEvent::SignedOut,
        LogEvent::SessionEnded,
        LogEvent::PasskeyAdded,
        LogEvent::PasskeyRemoved,
        LogEvent::ProfileChanged,
        LogEvent::ConsentGiven,
        LogEvent::ConsentDeclined,
        LogEvent::ConsentWithdrawn,
        LogEvent::InformationShared,
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
            LogEvent::EnteredSystem => "log-entered-system",
            LogEvent::SignInFailed => "log-sign-in-failed",
            LogEvent::SignedOut => "log-signed-out",
            LogEvent::SessionEnded => "log-session-ended",
            LogEvent::PasskeyAdded => "log-passkey-added",
            LogEvent::PasskeyRemoved => "log-passkey-removed",
            LogEvent::ProfileChanged => "log-profile-changed",
            LogEvent::ConsentGiven => "log-consent-given",
            LogEvent::ConsentDeclined => "log-consent-declined",
            LogEvent::ConsentWithdrawn => "log-consent-withdrawn",
            LogEvent::InformationShared => "log-information-shared",
            LogEvent::ConnectionRenewed => "log-connection-renewed",
            LogEvent::ConnectionStopped => "log-connection-stopped",
            LogEvent::ConnectionRefused => "log-connection-refused",
            LogEvent::ConnectionEnded => "log-connection-ended",
            LogEvent::Other => "log-other",
        }
    }

    /// Whether the person should look twice.
    const fn is_alarming(self) -> bool {
        matches!(self, LogEvent::SignInFailed | LogEvent::ConnectionStopped)
    }
}

impl Proof {
    /// The number that people see: counted from one.
    fn number(self) -> Option<u64> {
        match self {
            Proof::Waiting => None,
            Proof::Sealed { position } => Some(position.saturating_add(1)),
        }
    }
}

/// The entries of one day.
struct Day<'a> {
    date: String,
    entries: Vec<&'a LogEntry>,
}

impl LogPage {
    fn days(&self) -> Vec<Day<'_>> {
        let mut days: Vec<Day<'_>> = Vec::new();
        for entry in &self.entries {
            let date = dates::date(&entry.at);
            match days.last_mut() {
                Some(day) if day.date == date => day.entries.push(entry),
                _ => days.push(Day { date, entries: vec![entry] }),
            }
        }
        days
    }
}

fn example(locale: Locale, event: LogEvent, age: i64) -> LogEntry {
    LogEntry {
        id: format!("0197a0de-0000-7000-8000-{age:012}"),
        at: Timestamp::from_seconds(1_795_400_000 - age),
        event,
        system: None,
        shared: Vec::new(),
        basis: None,
        place: Some("203.0.113.7".to_owned()),
        device: Some("Chrome · Android".to_owned()),
        detail: None,
        proof: Proof::Sealed { position: 1_204_331 - u64::try_from(age).unwrap_or(0) },
    }
    .with_system(locale)
}

impl LogEntry {
    fn with_system(mut self, locale: Locale) -> Self {
        let with = matches!(
            self.event,
            LogEvent::InformationShared
                | LogEvent::ConsentGiven
                | LogEvent::EnteredSystem
                | LogEvent::ConsentDeclined
                | LogEvent::ConsentWithdrawn
                | LogEvent::ConnectionRenewed
                | LogEvent::ConnectionStopped
                | LogEvent::ConnectionRefused
                | LogEvent::ConnectionEnded
        );
        if with {
            self.system = Some(SystemView::sample(locale).name);
        }
        if matches!(self.event, LogEvent::InformationShared | LogEvent::ConsentGiven) {
            self.shared = vec![ClaimName::Name.into(), ClaimName::Birthdate.into(), ClaimName::Email.into()];
            self.basis = Some(LegalBasis::Consent);
        }
        self
    }
}

page!(LogPage, "log.html", |locale| {
    let mut entries = vec![
        example(locale, LogEvent::InformationShared, 0),
        example(locale, LogEvent::ConsentGiven, 3),
        example(locale, LogEvent::SignedIn, 40),
        example(locale, LogEvent::SignInFailed, 95),
        example(locale, LogEvent::PasskeyAdded, 90_000),
        example(locale, LogEvent::AccountCreated, 90_001),
    ];
    if let Some(newest) = entries.first_mut() {
        newest.proof = Proof::Waiting;
    }
    if let Some(added) = entries.iter_mut().find(|entry| entry.event == LogEvent::PasskeyAdded) {
        added.detail = Some("Chrome · Android".to_owned());
    }
    LogPage { entries, older: Some("b2xkZXI".to_owned()) }
});
