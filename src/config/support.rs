//! `[support]`: where people find help by voice or letter.

use super::form::{Form, Wrong};
use super::reader::Reader;
use super::setting::{Section, Setting};

/// The most characters of a telephone number or address.
const LIMIT: usize = 100;

/// `[support]`, read.
#[derive(Clone, Debug)]
pub struct Support {
    /// Telephone, as it is to be shown.
    pub phone: Option<ContactText>,
    /// Electronic mail.
    pub email: Option<ContactText>,
}

/// A short text that people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactText(String);

impl ContactText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Form for ContactText {
    fn read(text: &str) -> Result<Self, Wrong> {
        crate::base::text::clean(text, LIMIT).map(Self).map_err(|error| {
            Wrong::new(error.to_string(), "write it as people shall read it, or leave it out")
        })
    }
}

const PHONE: Setting = Setting::new(
    "support",
    "phone",
    "a telephone number as it is to be shown",
    "Stands on the help page and on every page that tells of a trouble. Left out, no telephone is shown.",
);
const EMAIL: Setting = Setting::new(
    "support",
    "email",
    "an electronic mail address",
    "Stands beside the telephone. Left out, no address is shown.",
);

pub(super) const SECTION: Section = Section {
    name: "support",
    about: "Where people find help by voice or letter.",
    settings: &[&PHONE, &EMAIL],
};

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Support> {
    let phone = reader.optional(&PHONE);
    let email = reader.optional(&EMAIL);
    Some(Support { phone: phone?, email: email? })
}
