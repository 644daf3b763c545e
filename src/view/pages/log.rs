//! `/account/log`: nhật ký truy cập, what happened with the account, each entry with its proof.

use super::log_event::LogEvent;
use crate::base::Timestamp;
use crate::domain::client::LegalBasis;
use crate::protocol::{ClaimName, Locale};
use crate::view::chrome::SystemView;
use crate::view::dates;
use crate::view::detail::DetailView;
use crate::view::page::page;
use crate::view::shared::{Shared, SharedBy};

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
    /// What that system received or is to receive, by right.
    pub shared: Vec<SharedBy>,
    /// What it asked for and did not get.
    pub asked: Vec<Shared>,
    /// The systems that it may call in the person's name.
    pub called: Vec<String>,
    /// What exactly she agreed that it does there.
    pub agreed: Vec<DetailView>,
    /// The address it came from.
    pub place: Option<String>,
    /// Browser and system (`view::agent::device_name`).
    pub device: Option<String>,
    /// A few words more, such as the name of a passkey.
    pub detail: Option<String>,
    /// Whether it can be proved yet.
    pub proof: Proof,
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
        asked: Vec::new(),
        called: Vec::new(),
        agreed: Vec::new(),
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
                | LogEvent::SharingTold
                | LogEvent::EnteredSystem
                | LogEvent::ConsentDeclined
                | LogEvent::ConsentWithdrawn
                | LogEvent::DeviceApproved
                | LogEvent::DeviceDeclined
                | LogEvent::LevelNotMet
                | LogEvent::OtherPersonMeant
                | LogEvent::CalledOnward
                | LogEvent::ConnectionRenewed
                | LogEvent::ConnectionStopped
                | LogEvent::ConnectionRefused
                | LogEvent::ConnectionEnded
                | LogEvent::SignedOutOfSystem
                | LogEvent::SignOutTold
                | LogEvent::SignOutNotTold
        );
        if with {
            self.system = Some(SystemView::sample(locale).name);
        }
        if matches!(self.event, LogEvent::InformationShared | LogEvent::ConsentGiven) {
            self.shared = SharedBy::group([
                (ClaimName::Name.into(), LegalBasis::Law),
                (ClaimName::Birthdate.into(), LegalBasis::Consent),
                (ClaimName::Email.into(), LegalBasis::Consent),
            ]);
        }
        if self.event == LogEvent::ConsentGiven {
            self.agreed = vec![DetailView::sample(locale)];
        }
        if self.event == LogEvent::SharingTold {
            self.shared = SharedBy::group([(ClaimName::Name.into(), LegalBasis::Contract)]);
        }
        if self.event == LogEvent::ConsentDeclined {
            self.asked = vec![ClaimName::Name.into(), ClaimName::Email.into()];
        }
        if self.event.unknown_device_key() != "device-unknown" {
            self.device = None;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Chrome, Page};

    fn shown(entry: LogEntry) -> String {
        LogPage { entries: vec![entry], older: None }.render(&Chrome::sample(Locale::Vi))
    }

    #[test]
    fn a_declined_request_shared_nothing() {
        let html = shown(example(Locale::Vi, LogEvent::ConsentDeclined, 0));
        assert!(html.contains("Được hỏi: Họ và tên, Email"), "{html}");
        assert!(!html.contains("Đã chia sẻ"), "{html}");
    }

    #[test]
    fn each_claim_stands_under_its_own_right() {
        let html = shown(example(Locale::Vi, LogEvent::InformationShared, 0));
        let by_consent = html.find("Sự đồng ý của bạn").unwrap();
        let by_law = html.find("Quy định của pháp luật").unwrap();
        let at = |what: &str| html.find(what).unwrap();
        assert!(
            at("Ngày sinh, Email") < by_consent && by_consent < at("Họ và tên<") && at("Họ và tên<") < by_law
        );
    }

    #[test]
    fn a_system_that_speaks_for_itself_is_no_unknown_device() {
        for event in [LogEvent::EnteredSystem, LogEvent::InformationShared, LogEvent::ConnectionRenewed] {
            let html = shown(LogEntry { device: None, ..example(Locale::Vi, event, 0) });
            assert!(html.contains("Máy chủ của hệ thống") && !html.contains("Thiết bị chưa rõ"), "{event:?}");
        }
        let html = shown(LogEntry { device: None, ..example(Locale::Vi, LogEvent::SignInFailed, 0) });
        assert!(html.contains("Thiết bị chưa rõ"));
    }
}
