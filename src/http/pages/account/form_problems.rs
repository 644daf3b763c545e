//! What is wrong with a form, from the words of the use case to those of the page.

use crate::services::accounts::{ProfileField, WrongField};
use crate::view::{Field, Problems};

pub(in crate::http::pages) fn problems(wrong: &[WrongField]) -> Problems {
    let mut problems = Problems::none();
    for (field, error) in wrong {
        problems.add(shown(*field), *error);
    }
    problems
}

const fn shown(field: ProfileField) -> Field {
    match field {
        ProfileField::Name => Field::Name,
        ProfileField::Email => Field::Email,
        ProfileField::PhoneNumber => Field::Phone,
        ProfileField::Birthdate => Field::Birthdate,
        ProfileField::Gender => Field::Gender,
        ProfileField::Address => Field::Address,
    }
}
