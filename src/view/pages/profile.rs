//! `POST /account/profile`: what the person says about herself.

use crate::view::dates::birthdate_for_people;
use crate::view::page::page;
use crate::view::phone;
use crate::view::wrong::Problems;

/// The profile as a form. Posts `form_token`, `name`, `email`, `phone`, `birthdate` (dd/mm/yyyy
/// or yyyy), `gender` (`male`, `female`, `other`, empty), `address`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfilePage {
    /// What stands in the fields: the stored values, or what the person wrote where something is wrong with it.
    pub values: ProfileValues,
    /// What is wrong.
    pub problems: Problems,
}

/// What a person says about herself. Everything but the name may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileValues {
    /// Full name.
    pub name: String,
    /// Electronic mail.
    pub email: String,
    /// Telephone: as stored (E.164) or as written.
    pub phone: String,
    /// Date of birth: as stored (`yyyy-mm-dd`, `yyyy`) or as written.
    pub birthdate: String,
    /// `male`, `female`, `other` or empty.
    pub gender: String,
    /// Address in one text.
    pub address: String,
}

impl ProfileValues {
    /// Telephone as people read it.
    pub fn phone_shown(&self) -> String {
        phone::for_people(&self.phone)
    }

    /// Date of birth as people read it.
    pub fn birthdate_shown(&self) -> String {
        birthdate_for_people(&self.birthdate)
    }

    pub(super) fn example() -> Self {
        Self {
            name: "Nguyễn Thị Ánh".to_owned(),
            email: "anh.nguyen@example.vn".to_owned(),
            phone: "+84912345678".to_owned(),
            birthdate: "1988-09-02".to_owned(),
            gender: "female".to_owned(),
            address: "58 Quốc Tử Giám, phường Văn Miếu - Quốc Tử Giám, Hà Nội".to_owned(),
        }
    }
}

impl ProfilePage {
    /// Each value of `gender` with its text.
    fn genders(&self) -> [(&'static str, &'static str); 4] {
        [
            ("female", "gender-female"),
            ("male", "gender-male"),
            ("other", "gender-other"),
            ("", "gender-unsaid"),
        ]
    }
}

page!(ProfilePage, "profile.html", |_| ProfilePage {
    values: ProfileValues::example(),
    problems: Problems::none()
});
