//! `/account/systems`: which systems receive what, and taking it back.

use crate::base::Timestamp;
use crate::view::chrome::SystemView;
use crate::view::locale::Locale;
use crate::view::page::page;
use crate::view::shared::{Basis, Shared};

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
    pub basis: Basis,
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
        self.basis == Basis::Consent
    }

    fn example(locale: Locale) -> Self {
        Self {
            id: "dich-vu-cong".to_owned(),
            system: SystemView::sample(locale),
            purpose: Some(match locale {
                Locale::Vi => "Nộp và theo dõi hồ sơ thủ tục hành chính về giáo dục.".to_owned(),
                Locale::En => "To submit and follow dossiers in education.".to_owned(),
            }),
            basis: Basis::Consent,
            shared: vec![Shared::Name, Shared::Birthdate, Shared::Email],
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
    office.basis = Basis::Law(Some(match locale {
        Locale::Vi => "Nghị định 30/2020/NĐ-CP".to_owned(),
        Locale::En => "Decree 30/2020/NĐ-CP".to_owned(),
    }));
    office.shared = vec![Shared::Name];
    SystemsPage { systems: vec![ConnectedSystem::example(locale), office] }
});

page!(WithdrawPage, "system_withdraw.html", |locale| WithdrawPage {
    connected: ConnectedSystem::example(locale)
});
