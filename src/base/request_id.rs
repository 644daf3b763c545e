//! The number that finds one request again: on the page, in every log line about it, in the audit log.

use std::fmt;

use super::Timestamp;
use super::entropy::{Entropy, random_bytes};

/// Digits and small letters without `i`, `l`, `o` and `u`, in the order of their bytes: what is written with them sorts as
/// its bits do, and none is taken for another over the telephone.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The millisecond, then 38 random bits: sixteen characters in groups of four. Never taken from outside.
///
/// They begin with the time so that an index of them grows at its end, however many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// A fresh one.
    pub fn generate(now: Timestamp, entropy: &(impl Entropy + ?Sized)) -> Self {
        let millis = u128::try_from(now.micros() / 1_000).unwrap_or_default();
        let random = u128::from(u64::from_be_bytes(random_bytes(entropy)));
        let bits = (millis << 38 | random >> 26) & ((1 << 80) - 1);
        let mut text = String::with_capacity(19);
        for place in 0..16_u32 {
            if place > 0 && place.is_multiple_of(4) {
                text.push('-');
            }
            let digit = (bits >> (75 - 5 * place)) & 31;
            text.extend(
                usize::try_from(digit).ok().and_then(|digit| ALPHABET.get(digit)).copied().map(char::from),
            );
        }
        Self(text)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SystemEntropy;

    #[test]
    fn sorts_by_its_millisecond_and_differs_within_it() {
        let at =
            |millis: i64| RequestId::generate(Timestamp::from_micros(millis * 1_000), &SystemEntropy::new());
        let millis = [0, 1, 1_795_000_000_000, 1_795_000_000_001, 4_398_046_511_103];
        let ids = millis.map(at);
        assert!(ids.is_sorted_by(|one, next| one.as_str() < next.as_str()), "{ids:?}");
        assert_ne!(at(7), at(7));
    }

    #[test]
    fn is_four_groups_of_four() {
        let id = RequestId::generate(Timestamp::from_micros(1_795_000_000_000_000), &SystemEntropy::new());
        assert_eq!(id.as_str().split('-').map(str::len).collect::<Vec<_>>(), [4; 4], "{id}");
        assert!(id.as_str().bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)));
    }
}
