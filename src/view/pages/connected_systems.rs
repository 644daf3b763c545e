//! `/account/systems`: which systems receive what, and taking it back.

use crate::base::Timestamp;
use crate::domain::client::LegalBasis;
use crate::protocol::{ClaimName, Locale};
use crate::view::chrome::SystemView;
use crate::view::page::page;
use crate::view::shared::Shared;

/// Connected systems. Withdrawing leads to `GET /account/systems/withdraw?id=…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemsPage {
    /// The systems, most recently used first.
    pub systems: Vec<ConnectedSystem>,
}

/// One connected system and what it receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectedSystem {
    /// Its id in the form (`client_id` or the id of the consent).
    pub id: String,
    /// Its name and logo.
    pub system: SystemView,
    /// What it is for, in the language of the page.
    pub purpose: Option<String>,
    /// On which ground. Only a consent can be withdrawn.
    pub basis: LegalBasis,
    /// What it receives.
    pub shared: Vec<Shared>,
    /// When the person agreed or first used it.
    pub since: Timestamp,
    /// When it last received something.
    pub last_used: Option<Timestamp>,
}

/// Asks before a consent is withdrawn. Posts `form_token` and `id` to `/account/systems/withdraw`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawPage {
    /// The system.
    pub connected: ConnectedSystem,
}

impl ConnectedSystem {
    fn can_withdraw(&self) -> bool {
        self.basis == LegalBasis::Consent
    }

    fn example(locale: Locale) -> Self {
        Self {
            id: "dich-vu-cong".to_owned(),
            system: SystemView::sample(locale),
            purpose: Some(match locale {
                Locale::Vi => "Nộp và theo dõi hồ sơ thủ tục hành chính về giáo dục.".to_owned(),
                Locale::En => "To submit and follow dossiers in education.".to_owned(),
            }),
            basis: LegalBasis::Consent,
            shared: vec![ClaimName::Name.into(), ClaimName::Birthdate.into(), ClaimName::Email.into()],
            since: Timestamp::from_seconds(1_795_000_000),
            last_used: Some(Timestamp::from_seconds(1_795_400_000)),
        }
    }
}

page!(SystemsPage, "systems.html", |locale| {
    let mut office = ConnectedSystem::example(locale);
    office.id = "van-phong".to_owned();
    office.system.name = match locale {
        Locale::Vi => "Văn phòng điện tử".to_owned(),
        Locale::En => "Electronic Office".to_owned(),
    };
    office.purpose = None;
    office.basis = LegalBasis::Law;
    office.shared = vec![ClaimName::Name.into()];
    SystemsPage { systems: vec![ConnectedSystem::example(locale), office] }
});

page!(WithdrawPage, "system_withdraw.html", |locale| WithdrawPage {
    connected: ConnectedSystem::example(locale)
});
