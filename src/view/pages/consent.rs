//! `POST /consent`: what a system would receive, why and on which ground.

use crate::domain::client::LegalBasis;
use crate::protocol::{ClaimName, Locale};
use crate::view::detail::DetailView;
use crate::view::page::page;
use crate::view::shared::ClaimView;

/// Agreeing to what is shared. Posts `form_token`, `interaction`, `decision` (`allow`, `decline`) and one `claim` per
/// ticked box of the optional ones. Where no claim rests on consent, it is a notice: `decision` is `continue`.
/// "Không phải tôi" posts `form_token` and `interaction` to `/not-me`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentPage {
    /// The sealed request of the system.
    pub interaction: String,
    /// What the system is for, in the language of the page.
    pub purpose: Option<String>,
    /// Who answers for the data there.
    pub responsible: Option<String>,
    /// Where the system says how it keeps what it learns.
    pub policy: Option<String>,
    /// Where its terms stand.
    pub terms: Option<String>,
    /// Without these the system cannot serve the person.
    pub essential: Vec<ClaimView>,
    /// These are the person's free choice.
    pub optional: Vec<ClaimView>,
    /// The systems that this one wants to call in the person's name.
    pub called: Vec<CalledView>,
    /// What exactly it wants to do there.
    pub details: Vec<DetailView>,
}

/// A system that another one wants to call in the person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledView {
    /// Its name, in the language of the page.
    pub name: String,
    /// The address of the resource.
    pub resource: String,
    /// What it calls the rights that are asked for.
    pub rights: Vec<String>,
}

impl ConsentPage {
    /// Whether anything here is the person's to decide.
    fn asks(&self) -> bool {
        !self.optional.is_empty()
            || !self.called.is_empty()
            || !self.details.is_empty()
            || self.essential.iter().any(|claim| claim.basis == LegalBasis::Consent)
    }

    /// Every right that something here rests on, each once.
    fn bases(&self) -> Vec<LegalBasis> {
        let mut bases: Vec<LegalBasis> =
            self.essential.iter().chain(&self.optional).map(|claim| claim.basis).collect();
        bases.extend((!self.called.is_empty()).then_some(LegalBasis::Consent));
        bases.sort_unstable();
        bases.dedup();
        bases
    }

    /// Whether each line has to name its own.
    fn is_mixed(&self) -> bool {
        self.bases().len() > 1
    }

    fn agreed(&self) -> Vec<&ClaimView> {
        self.essential.iter().filter(|claim| claim.basis == LegalBasis::Consent).collect()
    }

    fn given(&self) -> Vec<&ClaimView> {
        self.essential.iter().filter(|claim| claim.basis != LegalBasis::Consent).collect()
    }
}

pub(super) fn sample_claims(locale: Locale) -> (Vec<ClaimView>, Vec<ClaimView>) {
    let say = |vi: &str, en: &str| match locale {
        Locale::Vi => Some(vi.to_owned()),
        Locale::En => Some(en.to_owned()),
    };
    let claim =
        |what, value: &str, purpose, basis| ClaimView { what, value: Some(value.to_owned()), purpose, basis };
    let essential = vec![
        claim(
            ClaimName::Name.into(),
            "Nguyễn Thị Ánh",
            say("Ghi tên bạn trên hồ sơ", "To put your name on the dossier"),
            LegalBasis::Consent,
        ),
        claim(
            ClaimName::Birthdate.into(),
            "1988-09-02",
            say("Kiểm tra điều kiện về độ tuổi", "To check the age condition"),
            LegalBasis::Consent,
        ),
    ];
    let optional = vec![
        claim(
            ClaimName::Email.into(),
            "anh.nguyen@example.vn",
            say("Gửi kết quả hồ sơ cho bạn", "To send you the result"),
            LegalBasis::Consent,
        ),
        claim(
            ClaimName::PhoneNumber.into(),
            "+84912345678",
            say("Nhắn tin khi hồ sơ thiếu giấy tờ", "To text you when a paper is missing"),
            LegalBasis::Consent,
        ),
    ];
    (essential, optional)
}

page!(ConsentPage, "consent.html", |locale| {
    let (essential, optional) = sample_claims(locale);
    ConsentPage {
        interaction: "c2VhbGVk".to_owned(),
        purpose: Some(match locale {
            Locale::Vi => "Nộp và theo dõi hồ sơ thủ tục hành chính về giáo dục.".to_owned(),
            Locale::En => {
                "To submit and follow dossiers of administrative procedures in education.".to_owned()
            }
        }),
        responsible: Some(match locale {
            Locale::Vi => "Văn phòng Bộ".to_owned(),
            Locale::En => "Office of the Ministry".to_owned(),
        }),
        policy: Some("https://dichvucong.example.vn/rieng-tu".to_owned()),
        terms: Some("https://dichvucong.example.vn/dieu-khoan".to_owned()),
        essential,
        optional,
        called: vec![CalledView {
            name: match locale {
                Locale::Vi => "Cơ sở dữ liệu học sinh".to_owned(),
                Locale::En => "Pupils' register".to_owned(),
            },
            resource: "https://hoc-sinh.example.vn/api".to_owned(),
            rights: vec!["diem:doc".to_owned(), "ho-so:doc".to_owned()],
        }],
        details: vec![DetailView::sample(locale)],
    }
});
