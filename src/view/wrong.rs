//! What is wrong with a field of a form, as the handler found it and the page says it.

use crate::base::text::TextError;
use crate::domain::profile::ProfileError;

/// A field that a person fills in. `name()` is its name in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Full name.
    Name,
    /// Electronic mail.
    Email,
    /// Telephone.
    Phone,
    /// Date of birth.
    Birthdate,
    /// Gender.
    Gender,
    /// Address.
    Address,
    /// The name of a passkey.
    Label,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Required and empty.
    Missing,
    /// Too many characters.
    TooLong {
        /// The most that the field takes.
        limit: usize,
    },
    /// Holds a character that cannot be seen.
    Hidden,
    /// Not of the form that the field asks for.
    Malformed,
}

/// Everything that is wrong with a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<(Field, Wrong)>);

impl Field {
    /// Every field.
    pub const ALL: [Field; 7] = [
        Field::Name,
        Field::Email,
        Field::Phone,
        Field::Birthdate,
        Field::Gender,
        Field::Address,
        Field::Label,
    ];

    /// Its name in the form.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Email => "email",
            Field::Phone => "phone",
            Field::Birthdate => "birthdate",
            Field::Gender => "gender",
            Field::Address => "address",
            Field::Label => "label",
        }
    }

    /// The text of its label.
    pub const fn label_key(self) -> &'static str {
        match self {
            Field::Name => "field-name",
            Field::Email => "field-email",
            Field::Phone => "field-phone",
            Field::Birthdate => "field-birthdate",
            Field::Gender => "field-gender",
            Field::Address => "field-address",
            Field::Label => "field-label",
        }
    }

    /// The text that says which form is asked for.
    const fn malformed_key(self) -> &'static str {
        match self {
            Field::Name | Field::Gender | Field::Address | Field::Label => "wrong-malformed",
            Field::Email => "wrong-email",
            Field::Phone => "wrong-phone",
            Field::Birthdate => "wrong-birthdate",
        }
    }
}

impl Wrong {
    /// The text that says what is wrong with that field and how to put it right.
    pub const fn key(self, field: &Field) -> &'static str {
        match self {
            Wrong::Missing => "wrong-missing",
            Wrong::TooLong { .. } => "wrong-too-long",
            Wrong::Hidden => "wrong-hidden",
            Wrong::Malformed => field.malformed_key(),
        }
    }

    /// The number in the text.
    pub const fn limit(self) -> usize {
        match self {
            Wrong::TooLong { limit } => limit,
            Wrong::Missing | Wrong::Hidden | Wrong::Malformed => 0,
        }
    }
}

impl From<TextError> for Wrong {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Wrong::Missing,
            TextError::TooLong { limit } => Wrong::TooLong { limit },
            TextError::Hidden => Wrong::Hidden,
        }
    }
}

impl From<ProfileError> for Wrong {
    fn from(error: ProfileError) -> Self {
        match error {
            ProfileError::Text(text) => text.into(),
            ProfileError::Form => Wrong::Malformed,
        }
    }
}

impl Problems {
    /// Nothing wrong so far.
    pub fn none() -> Self {
        Self::default()
    }

    /// Notes what is wrong with a field.
    pub fn add(&mut self, field: Field, wrong: impl Into<Wrong>) {
        self.0.push((field, wrong.into()));
    }

    /// What is wrong with the field, if anything.
    pub fn of(&self, field: &Field) -> Option<Wrong> {
        self.0.iter().find(|(at, _)| at == field).map(|(_, wrong)| *wrong)
    }

    /// Everything found, in the order found.
    pub fn all(&self) -> &[(Field, Wrong)] {
        &self.0
    }

    /// Whether the form is right.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
