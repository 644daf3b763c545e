//! The people of a sandbox. Nobody is called so on purpose; their addresses and numbers lead to nobody.

use uuid::Uuid;

use super::profile::{Address, Birthdate, Email, Gender, PersonName, PhoneNumber, Profile, ProfileError};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, CredentialId};

/// RFC 9562 §5.8 leaves version 8 to whoever makes it up: the last byte counts the people.
const FIRST: u128 = 0x6b68_7565_0000_8000_8000_0000_0000_0000;

/// One of the people of a sandbox, as an outsider meets them: by what they come for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InventedPerson {
    /// What a form sends.
    pub code: &'static str,
    /// The full name.
    pub name: &'static str,
    birthdate: &'static str,
    gender: Gender,
    email: &'static str,
    phone: &'static str,
    address: &'static str,
    number: u8,
}

/// Everybody, in the order of the list.
pub const PEOPLE: &[InventedPerson] = &[
    InventedPerson {
        code: "parent",
        name: "Nguyễn Thị Ánh",
        birthdate: "1988-09-02",
        gender: Gender::Female,
        email: "anh.nguyen@khue.example",
        phone: "0900000001",
        address: "12 phố Hàng Trống, phường Hoàn Kiếm, Hà Nội",
        number: 1,
    },
    InventedPerson {
        code: "pupil",
        name: "Trần Minh Khôi",
        birthdate: "2013-04-15",
        gender: Gender::Male,
        email: "khoi.tran@khue.example",
        phone: "0900000002",
        address: "45 đường Lê Lợi, phường Thuận Hóa, Huế",
        number: 2,
    },
    InventedPerson {
        code: "teacher",
        name: "H'Mai Êban",
        birthdate: "1991-11-20",
        gender: Gender::Female,
        email: "hmai.eban@khue.example",
        phone: "0900000003",
        address: "8 đường Y Jút, phường Buôn Ma Thuột, Đắk Lắk",
        number: 3,
    },
    InventedPerson {
        code: "candidate",
        name: "Lê Hoàng Phúc",
        birthdate: "2008-06-30",
        gender: Gender::Male,
        email: "phuc.le@khue.example",
        phone: "0900000004",
        address: "210 đường Trần Hưng Đạo, phường Ninh Kiều, Cần Thơ",
        number: 4,
    },
    InventedPerson {
        code: "representative",
        name: "Phạm Quốc Dũng",
        birthdate: "1975-01-08",
        gender: Gender::Male,
        email: "dung.pham@khue.example",
        phone: "0900000005",
        address: "99 đường Nguyễn Huệ, phường Sài Gòn, Thành phố Hồ Chí Minh",
        number: 5,
    },
    InventedPerson {
        code: "clerk",
        name: "Vũ Thị Thu Hà",
        birthdate: "1996-03-12",
        gender: Gender::Female,
        email: "ha.vu@khue.example",
        phone: "0900000006",
        address: "3 đường Lạch Tray, phường Ngô Quyền, Hải Phòng",
        number: 6,
    },
    InventedPerson {
        code: "civil-servant",
        name: "Đặng Văn Sơn",
        birthdate: "1983-12-24",
        gender: Gender::Male,
        email: "son.dang@khue.example",
        phone: "0900000007",
        address: "17 đường Bạch Đằng, phường Hải Châu, Đà Nẵng",
        number: 7,
    },
    InventedPerson {
        code: "security-officer",
        name: "Hoàng Mai Chi",
        birthdate: "1990-07-27",
        gender: Gender::Female,
        email: "chi.hoang@khue.example",
        phone: "0900000008",
        address: "26 đường Hùng Vương, phường Việt Trì, Phú Thọ",
        number: 8,
    },
];

impl InventedPerson {
    /// Whom a form means.
    pub fn by_code(code: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.code == code)
    }

    /// Who has this account.
    pub fn by_account(account: AccountId) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.account() == account)
    }

    /// The account: the same in every sandbox, so that several nodes make one. Systems see a subject made of it.
    pub fn account(&self) -> AccountId {
        AccountId::from_uuid(self.uuid())
    }

    /// The passkey that the account has because every account has one. No device holds it.
    pub fn passkey(&self) -> CredentialId {
        CredentialId::from_uuid(self.uuid())
    }

    fn uuid(&self) -> Uuid {
        Uuid::from_u128(FIRST | u128::from(self.number))
    }

    /// Everything that a person can say of herself.
    pub fn profile(&self, now: Timestamp) -> Result<Profile, ProfileError> {
        Ok(Profile {
            name: PersonName::parse(self.name)?,
            email: Some(Email::parse(self.email)?),
            phone_number: Some(PhoneNumber::parse(self.phone)?),
            birthdate: Some(Birthdate::parse(self.birthdate, now)?),
            gender: Some(self.gender),
            address: Some(Address::parse(self.address)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_is_somebody_else_and_says_everything() {
        let now = Timestamp::from_seconds(1_795_000_000);
        let accounts: BTreeSet<_> = PEOPLE.iter().map(InventedPerson::account).collect();
        assert_eq!(accounts.len(), PEOPLE.len());
        for person in PEOPLE {
            assert_eq!(InventedPerson::by_code(person.code), Some(person));
            assert_eq!(InventedPerson::by_account(person.account()), Some(person));
            assert_eq!(person.account().uuid().get_version_num(), 8);
            let profile = person.profile(now).unwrap();
            assert_eq!(profile.birthdate.unwrap().as_str(), person.birthdate);
        }
        assert_eq!(InventedPerson::by_code("Parent"), None);
    }
}
