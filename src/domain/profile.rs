//! What a person says of herself. Every value that exists has been checked; the whole is sealed before it is stored.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::base::text::{self, TextError};

/// The most characters a name has.
const NAME_LIMIT: usize = 100;
/// The most characters an address has.
const ADDRESS_LIMIT: usize = 300;
/// RFC 5321 §4.5.3.1: a path holds 256 octets, two of them brackets.
const EMAIL_LIMIT: usize = 254;

/// Why a value was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Empty, too long or with characters that cannot be seen.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Not of the form this field has.
    #[error("has another form than this field")]
    Form,
}

/// The personal fields of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The full name as given, never split or re-cased.
    pub name: PersonName,
    /// Not verified here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Not verified here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<PhoneNumber>,
    /// Year alone, or the whole date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<Birthdate>,
    /// As registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// One text, as a letter would carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

macro_rules! personal_text {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text. Personal: never to be logged.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

personal_text! {
    /// A person's full name: NFC, at most 100 characters, nothing invisible.
    PersonName
    /// An electronic mail address, in NFC and lower case.
    Email
    /// A Vietnamese telephone number in E.164 form (`+84912345678`).
    PhoneNumber
    /// `YYYY` or `YYYY-MM-DD` (OIDC Core §5.1).
    Birthdate
    /// A postal address in one text.
    Address
}

impl PersonName {
    /// Takes a name as given.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let name = text::clean(text, NAME_LIMIT)?;
        let allowed = |c: char| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '-' | '.') || is_mark(c);
        match name.chars().all(allowed) && name.chars().any(char::is_alphabetic) {
            true => Ok(Self(name)),
            false => Err(ProfileError::Form),
        }
    }
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

impl Email {
    /// Takes an address of the shape `local@domain.tld`; whether it is reachable is another question.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let email = text::clean(text, EMAIL_LIMIT)?.to_lowercase();
        let (local, domain) = email.rsplit_once('@').ok_or(ProfileError::Form)?;
        let labels_ok = domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && local.split('.').all(|atom| !atom.is_empty())
            && local.chars().all(|c| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
        match local_ok && labels_ok && domain.contains('.') {
            true => Ok(Self(email)),
            false => Err(ProfileError::Form),
        }
    }
}

impl PhoneNumber {
    /// Takes a Vietnamese mobile number with `0` or `+84` before it; spaces, dots and hyphens are left out.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let plain: String =
            text::clean(text, 30)?.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
        let subscriber =
            plain.strip_prefix("+84").or_else(|| plain.strip_prefix('0')).ok_or(ProfileError::Form)?;
        let digits = subscriber.as_bytes();
        let carrier = match digits {
            [b'3', second, ..] => (b'2'..=b'9').contains(second),
            [b'5', second, ..] => matches!(second, b'2' | b'5' | b'6' | b'8' | b'9'),
            [b'7', second, ..] => matches!(second, b'0' | b'6'..=b'9'),
            [b'8', second, ..] => (b'1'..=b'9').contains(second),
            [b'9', second, ..] => second.is_ascii_digit(),
            _ => false,
        };
        match carrier && digits.len() == 9 && digits.iter().all(u8::is_ascii_digit) {
            true => Ok(Self(format!("+84{subscriber}"))),
            false => Err(ProfileError::Form),
        }
    }

    /// As people write it: `0912 345 678`.
    pub fn national(&self) -> String {
        let subscriber = self.0.strip_prefix("+84").unwrap_or(&self.0);
        match (subscriber.get(..3), subscriber.get(3..6), subscriber.get(6..)) {
            (Some(first), Some(second), Some(third)) => format!("0{first} {second} {third}"),
            _ => format!("0{subscriber}"),
        }
    }
}

impl Birthdate {
    /// Takes `YYYY`, `YYYY-MM-DD` or, as people write it, `dd/mm/yyyy`; it must lie before `now` and after 1900.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, ProfileError> {
        let text = text::clean(text, 10)?;
        let parts: Vec<&str> = text.split(['-', '/']).collect();
        let (year, rest) = match parts.as_slice() {
            [year] => (*year, None),
            [year, month, day] if text.contains('-') => (*year, Some((*month, *day))),
            [day, month, year] => (*year, Some((*month, *day))),
            _ => return Err(ProfileError::Form),
        };
        let today = now.to_utc().date();
        let year: i32 = number(year, 4)?;
        if !(1900..=today.year()).contains(&year) {
            return Err(ProfileError::Form);
        }
        let Some((month, day)) = rest else { return Ok(Self(format!("{year:04}"))) };
        let month = time::Month::try_from(number::<u8>(month, 2)?).map_err(|_| ProfileError::Form)?;
        let date =
            time::Date::from_calendar_date(year, month, number(day, 2)?).map_err(|_| ProfileError::Form)?;
        match date <= today {
            true => Ok(Self(format!("{year:04}-{:02}-{:02}", u8::from(month), date.day()))),
            false => Err(ProfileError::Form),
        }
    }

    /// Whether the person has had the birthday of that age; `None` where only the year is known and does not tell.
    pub fn is_over(&self, age: i32, now: Timestamp) -> Option<bool> {
        let today = now.to_utc().to_offset(time::macros::offset!(+7)).date();
        let year: i32 = self.0.get(..4)?.parse().ok()?;
        let years = today.year() - year;
        match self.0.get(5..) {
            Some(month_day) => {
                let reached =
                    format!("{:02}-{:02}", u8::from(today.month()), today.day()).as_str() >= month_day;
                Some(years > age || (years == age && reached))
            }
            None if years == age => None,
            None => Some(years > age),
        }
    }
}

fn number<T: std::str::FromStr>(text: &str, digits: usize) -> Result<T, ProfileError> {
    match text.len() <= digits && text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse().map_err(|_| ProfileError::Form),
        false => Err(ProfileError::Form),
    }
}

impl Address {
    /// Takes an address in one text.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        Ok(Self(text::clean(text, ADDRESS_LIMIT)?))
    }
}

/// Gender as OIDC Core §5.1 names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// Nữ.
    Female,
    /// Nam.
    Male,
    /// Khác.
    Other,
}

impl Gender {
    /// The claim's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
        }
    }

    /// Reads the claim's value.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        match text {
            "female" => Ok(Self::Female),
            "male" => Ok(Self::Male),
            "other" => Ok(Self::Other),
            _ => Err(ProfileError::Form),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_000_000); // 2026-11-18

    #[test]
    fn names_are_taken_as_given_and_markup_is_not_a_name() {
        for name in ["Nguyễn Thị Ánh", "H'Hen Niê", "Y Moan Êban", "Tôn Nữ", "Anh-Thư"] {
            assert_eq!(PersonName::parse(name).unwrap().as_str(), name);
        }
        for not in ["<b>An</b>", "a@b", "12", "", "-", "An\u{202E}"] {
            assert!(PersonName::parse(not).is_err(), "{not:?}");
        }
    }

    #[test]
    fn telephone_numbers_become_e164() {
        for text in ["0912 345 678", "+84912345678", "0912.345.678"] {
            let number = PhoneNumber::parse(text).unwrap();
            assert_eq!(number.as_str(), "+84912345678");
            assert_eq!(number.national(), "0912 345 678");
        }
        for not in ["0112345678", "091234567", "+85912345678", "091234567x", ""] {
            assert!(PhoneNumber::parse(not).is_err(), "{not:?}");
        }
    }

    #[test]
    fn birthdates_are_years_or_whole_dates_in_the_past() {
        assert_eq!(Birthdate::parse("2010", NOW).unwrap().as_str(), "2010");
        assert_eq!(Birthdate::parse("05/09/2010", NOW).unwrap().as_str(), "2010-09-05");
        assert_eq!(Birthdate::parse("2010-09-05", NOW).unwrap().as_str(), "2010-09-05");
        for not in ["2027", "1899", "31/02/2010", "2010-13-01", "05-09", "x", "2030-01-01"] {
            assert!(Birthdate::parse(not, NOW).is_err(), "{not:?}");
        }
    }

    #[test]
    fn an_age_is_told_only_where_the_birthdate_tells_it() {
        let over = |birthdate: &str, age| Birthdate::parse(birthdate, NOW).unwrap().is_over(age, NOW);
        assert_eq!(over("2010-11-18", 16), Some(true));
        assert_eq!(over("2010-12-31", 16), Some(false));
        assert_eq!(over("2010", 16), None);
        assert_eq!(over("2009", 16), Some(true));
    }

    #[test]
    fn addresses_of_mail_are_folded_to_lower_case_and_bad_ones_refused() {
        assert_eq!(Email::parse("An.Nguyen@Example.VN").unwrap().as_str(), "an.nguyen@example.vn");
        for not in ["an", "an@", "@x.vn", "an@x", "a b@x.vn", "a@-x.vn", "a..b@x.vn", "a@x..vn"] {
            assert!(Email::parse(not).is_err(), "{not:?}");
        }
    }
}
