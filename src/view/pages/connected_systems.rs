//! `/account/systems`: which systems receive what, and taking it back.

use crate::base::Timestamp;
use crate::domain::client::LegalBasis;
use crate::protocol::{ClaimName, Locale};
use crate::view::chrome::SystemView;
use crate::view::page::page;
use crate::view::shared::SharedBy;

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
    /// What it receives, by right.
    pub shared: Vec<SharedBy>,
    /// The systems that it may call in the person's name.
    pub called: Vec<String>,
    /// The link that opens it, signed in.
    pub open: Option<String>,
    /// Whether anything rests on consent: only that can be withdrawn.
    pub can_withdraw: bool,
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
    /// What it receives no more once the consent is withdrawn.
    fn stops(&self) -> Vec<&SharedBy> {
        self.shared.iter().filter(|group| group.basis.is_consent()).collect()
    }

    /// What it goes on receiving all the same.
    fn stays(&self) -> Vec<&SharedBy> {
        self.shared.iter().filter(|group| !group.basis.is_consent()).collect()
    }

    fn example(locale: Locale) -> Self {
        Self {
            id: "dich-vu-cong".to_owned(),
            system: SystemView::sample(locale),
            purpose: Some(match locale {
                Locale::Vi => "Nộp và theo dõi hồ sơ thủ tục hành chính về giáo dục.".to_owned(),
                Locale::En => "To submit and follow dossiers in education.".to_owned(),
            }),
            shared: SharedBy::group([
                (ClaimName::Name.into(), LegalBasis::Law),
                (ClaimName::Birthdate.into(), LegalBasis::Consent),
                (ClaimName::Email.into(), LegalBasis::Consent),
            ]),
            called: vec![match locale {
                Locale::Vi => "Cơ sở dữ liệu học sinh".to_owned(),
                Locale::En => "Pupils' register".to_owned(),
            }],
            open: Some("https://dichvucong.example.vn/login?iss=https%3A%2F%2Fid.example.vn".to_owned()),
            can_withdraw: true,
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
    office.shared = SharedBy::group([(ClaimName::Name.into(), LegalBasis::Law)]);
    office.called.clear();
    office.open = None;
    office.can_withdraw = false;
    SystemsPage { systems: vec![ConnectedSystem::example(locale), office] }
});

page!(WithdrawPage, "system_withdraw.html", |locale| WithdrawPage {
    connected: ConnectedSystem::example(locale)
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Chrome, Page};

    #[test]
    fn withdrawing_says_what_stops_and_what_goes_on() {
        let html = WithdrawPage::sample(Locale::Vi).render(&Chrome::sample(Locale::Vi));
        let at = |what: &str| html.find(what).unwrap_or_else(|| panic!("{what}: {html}"));
        let (stops, goes_on) = (at("Thông tin ngừng chia sẻ"), at("Thông tin vẫn được chia sẻ"));
        assert!(stops < at("<li>Email") && at("<li>Email") < goes_on);
        assert!(goes_on < at("<li>Họ và tên") && at("<li>Họ và tên") < at("Quy định của pháp luật"));
        let mut page = WithdrawPage::sample(Locale::Vi);
        page.connected.shared.retain(|group| group.basis.is_consent());
        assert!(!page.render(&Chrome::sample(Locale::Vi)).contains("Thông tin vẫn được chia sẻ"));
    }
}
