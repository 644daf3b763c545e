//! Telephone numbers as people in Vietnam read them.

use crate::domain::profile::PhoneNumber;

/// `+84912345678` to `0912 345 678`; what is no Vietnamese mobile number stays as it is.
pub fn for_people(number: &str) -> String {
    PhoneNumber::parse(number).map_or_else(|_| number.to_owned(), |parsed| parsed.national())
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_stand_in_groups() {
        assert_eq!(super::for_people("+84912345678"), "0912 345 678");
        assert_eq!(super::for_people("0912x"), "0912x");
    }
}
