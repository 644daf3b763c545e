//! The code that a person reads on one device and types on another (RFC 8628 §6.1).

use std::fmt;

use crate::base::Entropy;
use crate::base::entropy::random_bytes;

/// RFC 8628 §6.1: consonants alone, so that no word comes of it and nothing looks like a digit.
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// 20^8 codes: 34 bits, of which a guesser is given a handful of tries.
const LENGTH: usize = 8;

/// Eight consonants, shown in two groups of four.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode([u8; LENGTH]);

impl UserCode {
    /// A fresh one; each letter is as likely as any other.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        let mut letters = [b'B'; LENGTH];
        for place in &mut letters {
            *place = loop {
                let [byte] = random_bytes::<1>(entropy);
                // 240 is the greatest multiple of 20 in a byte: what lies above would favour the first letters.
                let letter = ALPHABET.get(usize::from(byte % 20)).filter(|_| byte < 240);
                if let Some(letter) = letter {
                    break *letter;
                }
            };
        }
        Self(letters)
    }

    /// Reads what somebody typed: in either case, with or without dash and spaces. `None` where it can be no code.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut letters = [b'B'; LENGTH];
        let mut given = typed.chars().filter(|c| !c.is_whitespace() && !is_dash(*c));
        for place in &mut letters {
            let letter = u8::try_from(given.next()?.to_ascii_uppercase()).ok()?;
            *place = ALPHABET.contains(&letter).then_some(letter)?;
        }
        given.next().is_none().then_some(Self(letters))
    }

    /// The letters without the dash, as they are looked up.
    pub const fn letters(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

/// Keyboards of phones turn a hyphen into other dashes.
const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, letter) in self.0.iter().enumerate() {
            if place == LENGTH / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for UserCode {
    /// It opens a door for ten minutes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::SeededEntropy;

    #[test]
    fn a_code_is_typed_in_any_way__rfc8628_6_1() {
        let code = UserCode::parse("BCDF-GHJK").unwrap();
        assert_eq!(code.to_string(), "BCDF-GHJK");
        for typed in ["bcdfghjk", " BcDf ghJK ", "B-C-D-F-G-H-J-K", "bcdf–ghjk", "BCDF\u{2212}GHJK"] {
            assert_eq!(UserCode::parse(typed).as_ref(), Some(&code), "{typed}");
        }
        for typed in
            ["", "BCDF-GHJ", "BCDF-GHJKL", "ABCD-FGHJ", "BCDF-GHJ1", "BCDF_GHJK", "ＢCDFGHJK", "ÐCDFGHJK"]
        {
            assert_eq!(UserCode::parse(typed), None, "{typed}");
        }
        assert_eq!(format!("{code:?}"), "UserCode(…)");
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed(seed: u64) {
            let code = UserCode::generate(&SeededEntropy::new(seed));
            prop_assert_eq!(UserCode::parse(&code.to_string()), Some(code));
        }

        #[test]
        fn whatever_is_typed_is_read_without_harm(typed: String) {
            let _ = UserCode::parse(&typed);
        }
    }
}
