//! Telephone numbers as people in Vietnam read them.

/// `+84912345678` to `0912 345 678`; anything else as it is.
pub fn for_people(number: &str) -> String {
    let Some(rest) = number.strip_prefix("+84").filter(|rest| rest.len() == 9 && rest.is_ascii()) else {
        return number.to_owned();
    };
    let (first, rest) = rest.split_at(3);
    let (second, third) = rest.split_at(3);
    format!("0{first} {second} {third}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_stand_in_groups() {
        assert_eq!(super::for_people("+84912345678"), "0912 345 678");
        assert_eq!(super::for_people("+15550100"), "+15550100");
        assert_eq!(super::for_people("+84é2345678"), "+84é2345678");
    }
}
