//! What a system receives about a person, in words and values that the person understands.

use super::dates::birthdate_for_people;
use super::locale::Locale;
use super::phone;
use super::texts::Texts;

/// A piece of information that systems may receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// `name`
    Name,
    /// `birthdate`
    Birthdate,
    /// `gender`
    Gender,
    /// `email`
    Email,
    /// `email_verified`
    EmailVerified,
    /// `phone_number`
    Phone,
    /// `phone_number_verified`
    PhoneVerified,
    /// `address`
    Address,
    /// `locale`
    Language,
    /// `updated_at`
    UpdatedAt,
    /// `age_over_14`
    AgeOver14,
    /// `age_over_16`
    AgeOver16,
    /// `age_over_18`
    AgeOver18,
    /// The proofing level, `…/claims/ial`
    ProofingLevel,
    /// The scope `offline_access`: staying connected while the person is away.
    StayConnected,
}

/// On which ground a system receives something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The person agrees (Law 91/2025).
    Consent,
    /// A law says so; which one, where the register names it.
    Law(Option<String>),
    /// A contract with the person.
    Contract,
    /// An emergency.
    Emergency,
}

/// One line of what is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimView {
    /// What.
    pub what: Shared,
    /// The raw value of the claim, if it is to be shown.
    pub value: Option<String>,
    /// What the system needs it for, in the language of the page.
    pub purpose: Option<String>,
    /// On which ground.
    pub basis: Basis,
}

impl Shared {
    /// Everything.
    pub const ALL: [Shared; 15] = [
        Shared::Name,
        Shared::Birthdate,
        Shared::Gender,
        Shared::Email,
        Shared::EmailVerified,
        Shared::Phone,
        Shared::PhoneVerified,
        Shared::Address,
        Shared::Language,
        Shared::UpdatedAt,
        Shared::AgeOver14,
        Shared::AgeOver16,
        Shared::AgeOver18,
        Shared::ProofingLevel,
        Shared::StayConnected,
    ];

    /// The name of the claim (or scope), also the value of the checkbox `claim` on the consent page.
    pub const fn claim(self) -> &'static str {
        match self {
            Shared::Name => "name",
            Shared::Birthdate => "birthdate",
            Shared::Gender => "gender",
            Shared::Email => "email",
            Shared::EmailVerified => "email_verified",
            Shared::Phone => "phone_number",
            Shared::PhoneVerified => "phone_number_verified",
            Shared::Address => "address",
            Shared::Language => "locale",
            Shared::UpdatedAt => "updated_at",
            Shared::AgeOver14 => "age_over_14",
            Shared::AgeOver16 => "age_over_16",
            Shared::AgeOver18 => "age_over_18",
            Shared::ProofingLevel => "ial",
            Shared::StayConnected => "offline_access",
        }
    }

    /// From the name of a claim; the namespace of ours may stand before it.
    pub fn from_claim(claim: &str) -> Option<Self> {
        let short = claim.rsplit('/').next().unwrap_or(claim);
        Self::ALL.into_iter().find(|shared| shared.claim() == short)
    }

    /// The text that names it.
    pub const fn key(self) -> &'static str {
        match self {
            Shared::Name => "shared-name",
            Shared::Birthdate => "shared-birthdate",
            Shared::Gender => "shared-gender",
            Shared::Email => "shared-email",
            Shared::EmailVerified => "shared-email-verified",
            Shared::Phone => "shared-phone",
            Shared::PhoneVerified => "shared-phone-verified",
            Shared::Address => "shared-address",
            Shared::Language => "shared-language",
            Shared::UpdatedAt => "shared-updated-at",
            Shared::AgeOver14 => "shared-age-over-14",
            Shared::AgeOver16 => "shared-age-over-16",
            Shared::AgeOver18 => "shared-age-over-18",
            Shared::ProofingLevel => "shared-proofing-level",
            Shared::StayConnected => "shared-stay-connected",
        }
    }
}

impl Basis {
    /// The text that names it.
    pub const fn key(&self) -> &'static str {
        match self {
            Basis::Consent => "basis-consent",
            Basis::Law(_) => "basis-law",
            Basis::Contract => "basis-contract",
            Basis::Emergency => "basis-emergency",
        }
    }

    /// The law, where it is one and named.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Basis::Law(reference) => reference.as_deref(),
            Basis::Consent | Basis::Contract | Basis::Emergency => None,
        }
    }
}

impl ClaimView {
    /// The value as people read it.
    pub fn shown(&self, texts: &Texts) -> Option<String> {
        let value = self.value.as_deref()?;
        let text = |key: &str| texts.of(key).into_owned();
        Some(match (self.what, value) {
            (Shared::Birthdate, date) => birthdate_for_people(date),
            (Shared::Phone, number) => phone::for_people(number),
            (Shared::Gender, value) => gender_key(value).map_or_else(|| value.to_owned(), text),
            (Shared::Language, tag) => {
                Locale::from_tag(tag).map_or_else(|| tag.to_owned(), |locale| locale.own_name().to_owned())
            }
            (Shared::ProofingLevel, "tk0") => text("proofing-self-asserted"),
            (_, "true") => text("answer-yes"),
            (_, "false") => text("answer-no"),
            (_, value) => value.to_owned(),
        })
    }
}

/// The text for a value of the claim `gender`.
pub(super) fn gender_key(value: &str) -> Option<&'static str> {
    match value {
        "male" => Some("gender-male"),
        "female" => Some("gender-female"),
        "other" => Some("gender-other"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_known_by_their_names() {
        for shared in Shared::ALL {
            assert_eq!(Shared::from_claim(shared.claim()), Some(shared));
        }
        assert_eq!(Shared::from_claim("https://id.moet.gov.vn/claims/ial"), Some(Shared::ProofingLevel));
        assert_eq!(Shared::from_claim("sub"), None);
    }

    #[test]
    fn values_are_shown_as_people_read_them() {
        let texts = Texts::of_locale(Locale::Vi);
        let shown = |what, value: &str| {
            ClaimView { what, value: Some(value.to_owned()), purpose: None, basis: Basis::Consent }
                .shown(texts)
        };
        assert_eq!(shown(Shared::Birthdate, "2005-09-02").as_deref(), Some("02/09/2005"));
        assert_eq!(shown(Shared::Phone, "+84912345678").as_deref(), Some("0912 345 678"));
        assert_eq!(shown(Shared::Gender, "female").as_deref(), Some("Nữ"));
        assert_eq!(shown(Shared::AgeOver18, "true").as_deref(), Some("Có"));
        assert_eq!(shown(Shared::Name, "H'Hen Niê").as_deref(), Some("H'Hen Niê"));
    }
}
