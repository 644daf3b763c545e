//! The access tokens that this process signed or verified last.

use std::sync::{Mutex, PoisonError};

use crate::crypto::digest::sha256;

/// How many are remembered at most: 128 KiB. A younger one takes the place of an older.
const PLACES: u16 = 4_096;

/// Remembers tokens by their digest. Systems ask userinfo moments after they were given a token, and resources about one
/// token again and again: what we signed or verified just now, to the last bit, needs no other proof of it.
pub struct RecentTokens(Vec<Mutex<[u8; 32]>>);

impl Default for RecentTokens {
    fn default() -> Self {
        Self((0..PLACES).map(|_| Mutex::default()).collect())
    }
}

impl RecentTokens {
    /// `token` was signed or verified just now.
    pub(super) fn remember(&self, token: &str) {
        let digest = *sha256(token.as_bytes()).as_bytes();
        if let Some(place) = self.place(&digest) {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = digest;
        }
    }

    /// Whether `token` is one that is known to be ours; `false` says nothing.
    pub(super) fn knows(&self, token: &str) -> bool {
        let digest = *sha256(token.as_bytes()).as_bytes();
        self.place(&digest)
            .is_some_and(|place| *place.lock().unwrap_or_else(PoisonError::into_inner) == digest)
    }

    fn place(&self, digest: &[u8; 32]) -> Option<&Mutex<[u8; 32]>> {
        let [high, low, ..] = digest;
        self.0.get(usize::from(u16::from_be_bytes([*high, *low]) % PLACES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_here_is_known_and_nothing_else() {
        let recent = RecentTokens::default();
        recent.remember("header.claims.signature");
        assert!(recent.knows("header.claims.signature"));
        assert!(!recent.knows("header.claims.signaturf"));
        assert!(!recent.knows(""));
    }

    #[test]
    fn however_many_are_signed_the_youngest_is_known() {
        let recent = RecentTokens::default();
        for number in 0..20_000 {
            let token = number.to_string();
            recent.remember(&token);
            assert!(recent.knows(&token));
        }
    }
}
