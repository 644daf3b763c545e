//! Blind indexes: finding a person by what she gives, without keeping it readable.

use ring::hmac;
use unicode_normalization::UnicodeNormalization;

use super::digest::Digest;
use super::keyring::keyed;
use crate::base::{Secret, text};

/// Makes the values by which a person is found. The same text has another value in each kind.
pub struct BlindIndexKey(hmac::Key);

impl BlindIndexKey {
    pub(super) fn new(secret: &Secret<[u8; 32]>) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.expose()))
    }

    /// A citizen number: its digits, whatever stands between them.
    pub fn citizen_number(&self, number: &str) -> Digest {
        self.value("citizen-number", &digits(number))
    }

    /// An email address, in whatever case and Unicode form. Marks count: `á@` is not `a@`.
    pub fn email(&self, address: &str) -> Digest {
        let same: String = address.trim().nfc().flat_map(char::to_lowercase).nfc().collect();
        self.value("email", &same)
    }

    /// A phone number. Without a country it is Vietnamese: `0912…`, `+84 912…` and `0084912…` are one number.
    pub fn phone(&self, number: &str) -> Digest {
        let digits = digits(number);
        let same = match (digits.strip_prefix("00"), digits.strip_prefix('0')) {
            (Some(international), _) => international.to_owned(),
            (None, Some(national)) => format!("84{national}"),
            (None, None) => digits,
        };
        self.value("phone", &same)
    }

    /// Every value under which the bearer of `name` is kept: the whole name, its last two words, first with last.
    /// Never one word of several: how often it occurs would give it away.
    pub fn name(&self, name: &str) -> Vec<Digest> {
        let folded = text::fold(name);
        let mut values = vec![self.value("name", &folded)];
        let words: Vec<&str> = folded.split(' ').collect();
        if let [.., before, last] = words.as_slice() {
            values.push(self.value("name-last-two", &format!("{before} {last}")));
        }
        if let [first, .., last] = words.as_slice() {
            values.push(self.value("name-first-last", &format!("{first} {last}")));
        }
        values
    }

    /// The values to look for when somebody searches for `name`: people kept under any of them are found.
    pub fn name_search(&self, name: &str) -> Vec<Digest> {
        let folded = text::fold(name);
        let kinds: &[&str] = match folded.split(' ').count() {
            2 => &["name", "name-last-two", "name-first-last"],
            _ => &["name"],
        };
        kinds.iter().map(|kind| self.value(kind, &folded)).collect()
    }

    fn value(&self, kind: &str, text: &str) -> Digest {
        keyed(&self.0, &[kind.as_bytes(), text.as_bytes()])
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> BlindIndexKey {
        BlindIndexKey::new(&Secret::new([7; 32]))
    }

    fn finds(search: &str, name: &str) -> bool {
        let kept = index().name(name);
        index().name_search(search).iter().any(|value| kept.contains(value))
    }

    #[test]
    fn a_name_is_found_without_marks_by_whole_last_two_or_first_and_last() {
        assert!(finds("nguyen thi anh", "Nguyễn Thị Ánh"));
        assert!(finds("Thị Ánh", "Nguyễn Thị Ánh"));
        assert!(finds("nguyen anh", "Nguyễn Thị Ánh"));
        assert!(finds("NGUYỄN  ÁNH", "nguyen anh"));
        assert!(finds("Suharto", "Suharto"));
    }

    #[test]
    fn a_name_is_not_found_by_one_word_of_several_or_by_a_middle_pair() {
        for search in ["nguyen", "thi", "anh", "nguyen thi", "anh nguyen", ""] {
            assert!(!finds(search, "Nguyễn Thị Ánh"), "{search}");
        }
    }

    #[test]
    fn one_number_has_one_value_however_it_is_written() {
        let number = index().phone("+84 912 345 678");
        for spelling in ["0912345678", "0912.345.678", "84912345678", "0084 912-345-678"] {
            assert_eq!(index().phone(spelling), number, "{spelling}");
        }
        assert_ne!(index().phone("+1 912 345 678"), number);
        assert_eq!(index().citizen_number("001 099 012 345"), index().citizen_number("001099012345"));
    }

    #[test]
    fn one_address_has_one_value_in_every_case_and_form_but_marks_count() {
        assert_eq!(index().email(" An@Example.VN"), index().email("an@example.vn"));
        assert_eq!(index().email("a\u{301}@example.vn"), index().email("á@example.vn"));
        assert_ne!(index().email("á@example.vn"), index().email("a@example.vn"));
    }

    #[test]
    fn the_same_text_has_another_value_in_each_kind() {
        assert_ne!(index().phone("84912345678"), index().citizen_number("84912345678"));
        let values = index().name("Nguyễn Ánh");
        assert_eq!(values.len(), 3);
        assert!(values[0] != values[1] && values[1] != values[2] && values[0] != values[2]);
    }
}
