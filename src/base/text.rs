//! Text at the edge: one Unicode form, nothing invisible, and the folded form that finds names.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Why a text was refused at the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// More characters than the field takes.
    #[error("is longer than {limit} characters")]
    TooLong {
        /// The most characters the field takes.
        limit: usize,
    },
    /// A control, zero-width or direction-changing character: it would show one text and store another.
    #[error("contains a character that cannot be seen")]
    Hidden,
}

/// Normalises to NFC, trims, folds runs of spaces into one, and refuses what cannot be seen.
pub fn clean(text: &str, limit: usize) -> Result<String, TextError> {
    let normal: String = text.nfc().collect();
    if normal.chars().any(is_hidden) {
        return Err(TextError::Hidden);
    }
    let spaced = normal.split_whitespace().collect::<Vec<_>>().join(" ");
    match spaced.chars().count() {
        0 => Err(TextError::Empty),
        count if count > limit => Err(TextError::TooLong { limit }),
        _ => Ok(spaced),
    }
}

/// The search form of a name: NFC, lower case, marks stripped, đ as d, single spaces.
pub fn fold(text: &str) -> String {
    let stripped: String = text
        .nfc()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    stripped.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_without_its_marks() {
        assert_eq!(fold("Nguyễn  Thị Ánh"), "nguyen thi anh");
        assert_eq!(fold("Đặng Y Moan Êban"), "dang y moan eban");
    }

    #[test]
    fn both_unicode_forms_of_a_name_become_one() {
        let decomposed: String = "Nguyễn Thị Ánh".nfd().collect();
        assert_eq!(clean(&decomposed, 100).as_deref(), Ok("Nguyễn Thị Ánh"));
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        for text in ["a\u{200B}b", "\u{202E}abc", "a\0b", "tab\tbed", "a\u{E0041}"] {
            assert_eq!(clean(text, 100), Err(TextError::Hidden), "{text:?}");
        }
    }

    #[test]
    fn names_stay_as_they_are_given() {
        for name in ["H'Hen Niê", "Tôn Nữ", "Y Moan Êban", "Anh-Thư"] {
            assert_eq!(clean(name, 100).as_deref(), Ok(name));
        }
        assert_eq!(clean("   ", 100), Err(TextError::Empty));
        assert_eq!(clean(&"á".repeat(101), 100), Err(TextError::TooLong { limit: 100 }));
    }
}
