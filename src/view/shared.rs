//! What a system receives about a person, in words and values that the person understands.

use super::dates::{birthdate_for_people, date_time};
use super::language;
use super::phone;
use super::texts::Texts;
use crate::base::Timestamp;
use crate::domain::client::LegalBasis;
use crate::domain::profile::Gender;
use crate::protocol::{ClaimName, Locale};

/// Something that a system may receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// A piece of information.
    Claim(ClaimName),
    /// The scope `offline_access`: staying connected while the person is away.
    StayConnected,
}

/// One line of what is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimView {
    /// What.
    pub what: Shared,
    /// The raw value of the claim, if it is to be shown; an address as one text.
    pub value: Option<String>,
    /// What the system needs it for, in the language of the page.
    pub purpose: Option<String>,
    /// By which right.
    pub basis: LegalBasis,
}

/// What is shared by one right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedBy {
    /// By which right.
    pub basis: LegalBasis,
    /// What, in the order given.
    pub what: Vec<Shared>,
}

impl SharedBy {
    /// What is shared, put together by right: consent first, then as the law lists them.
    pub fn group(shared: impl IntoIterator<Item = (Shared, LegalBasis)>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for (what, basis) in shared {
            match groups.iter_mut().find(|group| group.basis == basis) {
                Some(group) => group.what.push(what),
                None => groups.push(Self { basis, what: vec![what] }),
            }
        }
        groups.sort_by_key(|group| group.basis);
        groups
    }
}

impl From<ClaimName> for Shared {
    fn from(claim: ClaimName) -> Self {
        Self::Claim(claim)
    }
}

impl Shared {
    /// The stored name of the claim or scope: the value of the checkbox `claim` on the consent page.
    pub const fn code(self) -> &'static str {
        match self {
            Shared::Claim(claim) => claim.as_str(),
            Shared::StayConnected => "offline_access",
        }
    }

    /// The text that names it.
    pub const fn key(self) -> &'static str {
        match self {
            Shared::Claim(ClaimName::Name) => "shared-name",
            Shared::Claim(ClaimName::Birthdate) => "shared-birthdate",
            Shared::Claim(ClaimName::Gender) => "shared-gender",
            Shared::Claim(ClaimName::Email) => "shared-email",
            Shared::Claim(ClaimName::EmailVerified) => "shared-email-verified",
            Shared::Claim(ClaimName::PhoneNumber) => "shared-phone",
            Shared::Claim(ClaimName::PhoneNumberVerified) => "shared-phone-verified",
            Shared::Claim(ClaimName::Address) => "shared-address",
            Shared::Claim(ClaimName::Locale) => "shared-language",
            Shared::Claim(ClaimName::UpdatedAt) => "shared-updated-at",
            Shared::Claim(ClaimName::AgeOver14) => "shared-age-over-14",
            Shared::Claim(ClaimName::AgeOver16) => "shared-age-over-16",
            Shared::Claim(ClaimName::AgeOver18) => "shared-age-over-18",
            Shared::Claim(ClaimName::Ial) => "shared-proofing-level",
            Shared::StayConnected => "shared-stay-connected",
        }
    }
}

/// The text that names a legal basis.
pub const fn basis_key(basis: &LegalBasis) -> &'static str {
    match basis {
        LegalBasis::Consent => "basis-consent",
        LegalBasis::Law => "basis-law",
        LegalBasis::Contract => "basis-contract",
        LegalBasis::Emergency => "basis-emergency",
    }
}

/// The text that names a gender.
pub const fn gender_key(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "gender-female",
        Gender::Male => "gender-male",
        Gender::Other => "gender-other",
    }
}

impl ClaimView {
    /// The value as people read it.
    pub fn shown(&self, texts: &Texts) -> Option<String> {
        let value = self.value.as_deref()?;
        let Shared::Claim(claim) = self.what else { return None };
        let known = match claim {
            ClaimName::Birthdate => Some(birthdate_for_people(value)),
            ClaimName::PhoneNumber => Some(phone::for_people(value)),
            ClaimName::Gender => {
                Gender::parse(value).ok().map(|gender| texts.of(gender_key(gender)).into_owned())
            }
            ClaimName::Locale => {
                Locale::from_ui_locales(value).map(|locale| language::own_name(locale).to_owned())
            }
            ClaimName::Ial if value == "tk0" => Some(texts.of("proofing-self-asserted").into_owned()),
            ClaimName::EmailVerified
            | ClaimName::PhoneNumberVerified
            | ClaimName::AgeOver14
            | ClaimName::AgeOver16
            | ClaimName::AgeOver18 => answer(value).map(|key| texts.of(key).into_owned()),
            ClaimName::UpdatedAt => {
                value.parse().ok().map(|seconds| date_time(&Timestamp::from_seconds(seconds)))
            }
            ClaimName::Name | ClaimName::Email | ClaimName::Address | ClaimName::Ial => None,
        };
        Some(known.unwrap_or_else(|| value.to_owned()))
    }
}

fn answer(value: &str) -> Option<&'static str> {
    match value {
        "true" => Some("answer-yes"),
        "false" => Some("answer-no"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_stands_under_its_own_right() {
        let shared = [
            (ClaimName::Name.into(), LegalBasis::Law),
            (ClaimName::Email.into(), LegalBasis::Consent),
            (ClaimName::Birthdate.into(), LegalBasis::Law),
        ];
        let by_law = vec![ClaimName::Name.into(), ClaimName::Birthdate.into()];
        let expected = vec![
            SharedBy { basis: LegalBasis::Consent, what: vec![ClaimName::Email.into()] },
            SharedBy { basis: LegalBasis::Law, what: by_law },
        ];
        assert_eq!(SharedBy::group(shared), expected);
    }

    #[test]
    fn values_are_shown_as_people_read_them() {
        let texts = Texts::of_locale(Locale::Vi);
        let shown = |claim: ClaimName, value: &str| {
            let basis = LegalBasis::Consent;
            ClaimView { what: claim.into(), value: Some(value.to_owned()), purpose: None, basis }.shown(texts)
        };
        assert_eq!(shown(ClaimName::Birthdate, "2005-09-02").as_deref(), Some("02/09/2005"));
        assert_eq!(shown(ClaimName::PhoneNumber, "+84912345678").as_deref(), Some("0912 345 678"));
        assert_eq!(shown(ClaimName::Gender, "female").as_deref(), Some("Nữ"));
        assert_eq!(shown(ClaimName::AgeOver18, "true").as_deref(), Some("Có"));
        assert_eq!(shown(ClaimName::Locale, "en").as_deref(), Some("English"));
        assert_eq!(shown(ClaimName::UpdatedAt, "1795400000").as_deref(), Some("09:13, 23/11/2026"));
        assert_eq!(shown(ClaimName::Name, "true").as_deref(), Some("true"));
    }
}
