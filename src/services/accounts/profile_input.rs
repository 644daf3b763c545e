//! A profile as a person writes it.

use crate::base::Timestamp;
use crate::base::text::TextError;
use crate::domain::profile::{
    Address, Birthdate, Email, Gender, PersonName, PhoneNumber, Profile, ProfileError,
};

/// A field of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileField {
    /// Full name.
    Name,
    /// Electronic mail.
    Email,
    /// Telephone.
    PhoneNumber,
    /// Date of birth.
    Birthdate,
    /// Gender.
    Gender,
    /// Address.
    Address,
}

/// A field that cannot be taken as it was written, and why.
pub type WrongField = (ProfileField, ProfileError);

/// What a person wrote. Everything but the name may be empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProfileInput<'a> {
    /// Full name.
    pub name: &'a str,
    /// Electronic mail.
    pub email: &'a str,
    /// Telephone.
    pub phone_number: &'a str,
    /// Date of birth: `dd/mm/yyyy`, `yyyy`, or as the claim has it.
    pub birthdate: &'a str,
    /// `female`, `male`, `other` or nothing.
    pub gender: &'a str,
    /// Address in one text.
    pub address: &'a str,
}

impl ProfileField {
    /// As the claim and the audit log name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
            Self::Birthdate => "birthdate",
            Self::Gender => "gender",
            Self::Address => "address",
        }
    }
}

impl ProfileInput<'_> {
    /// Reads every field, and says everything that is wrong at once.
    pub fn read(&self, now: Timestamp) -> Result<Profile, Vec<WrongField>> {
        let mut wrong = Vec::new();
        let name = PersonName::parse(self.name);
        let name = name.inspect_err(|error| wrong.push((ProfileField::Name, *error))).ok();
        let mut reading = Reading { wrong: &mut wrong };
        let email = reading.optional(ProfileField::Email, self.email, Email::parse);
        let phone_number = reading.optional(ProfileField::PhoneNumber, self.phone_number, PhoneNumber::parse);
        let birthdate =
            reading.optional(ProfileField::Birthdate, self.birthdate, |text| Birthdate::parse(text, now));
        let gender = reading.optional(ProfileField::Gender, self.gender, Gender::parse);
        let address = reading.optional(ProfileField::Address, self.address, Address::parse);
        match name {
            Some(name) if wrong.is_empty() => {
                Ok(Profile { name, email, phone_number, birthdate, gender, address })
            }
            _ => Err(wrong),
        }
    }
}

struct Reading<'a> {
    wrong: &'a mut Vec<WrongField>,
}

impl Reading<'_> {
    /// Nothing but white space is nothing said.
    fn optional<T>(
        &mut self,
        field: ProfileField,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, ProfileError>,
    ) -> Option<T> {
        match parse(text) {
            Ok(value) => Some(value),
            Err(ProfileError::Text(TextError::Empty)) => None,
            Err(_) if text.trim().is_empty() => None,
            Err(error) => {
                self.wrong.push((field, error));
                None
            }
        }
    }
}

/// The names of the fields in which two profiles differ.
pub(super) fn differences(before: &Profile, after: &Profile) -> Vec<&'static str> {
    let fields = [
        (ProfileField::Name, before.name != after.name),
        (ProfileField::Email, before.email != after.email),
        (ProfileField::PhoneNumber, before.phone_number != after.phone_number),
        (ProfileField::Birthdate, before.birthdate != after.birthdate),
        (ProfileField::Gender, before.gender != after.gender),
        (ProfileField::Address, before.address != after.address),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_000_000);

    #[test]
    fn everything_wrong_is_said_at_once() {
        let input =
            ProfileInput { email: "an@", phone_number: "12", birthdate: "31/02/2000", ..Default::default() };
        let fields: Vec<ProfileField> =
            input.read(NOW).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(
            fields,
            [ProfileField::Name, ProfileField::Email, ProfileField::PhoneNumber, ProfileField::Birthdate]
        );
    }

    #[test]
    fn only_the_name_is_needed() {
        let input = ProfileInput { name: "Y Moan Êban", email: "  ", ..Default::default() };
        let profile = input.read(NOW).unwrap();
        assert_eq!((profile.name.as_str(), profile.email), ("Y Moan Êban", None));
    }

    #[test]
    fn changes_are_named_by_field_alone() {
        let before = ProfileInput { name: "An", ..Default::default() }.read(NOW).unwrap();
        let after =
            ProfileInput { name: "An", email: "an@example.vn", gender: "female", ..Default::default() };
        assert_eq!(differences(&before, &after.read(NOW).unwrap()), ["email", "gender"]);
    }
}
