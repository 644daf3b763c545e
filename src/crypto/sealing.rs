//! Sealing: authenticated encryption of everything that leaves the process or rests in a row.
//!
//! Each message has its own key, HMAC-SHA256 of the long-lived key over a random 16-byte salt, so that the number of
//! messages a single AES-GCM key may carry (NIST SP 800-38D §8.3) is never approached, whatever the load.
//!
//! Layout: format (1 byte) · salt (16) · ciphertext · tag (16).

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;

use super::binding::Binding;
use crate::base::entropy::random_bytes;
use crate::base::{Entropy, Secret, encoding};

const FORMAT: u8 = 1;
const SALT: usize = 16;
const TAG: usize = 16;

/// Bytes that sealing adds to a message.
pub const OVERHEAD: usize = 1 + SALT + TAG;

/// A sealed value that does not open: forged, cut, of another place or purpose, or under another key. One answer
/// for all of them, so that nothing can be learned by trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open here")]
pub struct DoesNotOpen;

/// A long-lived sealing key, ready for use.
pub struct SealingKey(hmac::Key);

impl SealingKey {
    /// From 32 random bytes.
    pub fn new(secret: &Secret<[u8; 32]>) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.expose()))
    }

    /// Seals `plaintext` so that it opens only under the same `binding`.
    pub fn seal(
        &self,
        binding: &Binding<'_>,
        plaintext: &[u8],
        entropy: &(impl Entropy + ?Sized),
    ) -> Vec<u8> {
        let salt: [u8; SALT] = random_bytes(entropy);
        let mut sealed = Vec::with_capacity(OVERHEAD + plaintext.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&salt);
        let body = sealed.len();
        sealed.extend_from_slice(plaintext);
        let tag = sealed.get_mut(body..).and_then(|body| {
            let key = self.message_key(&salt)?;
            key.seal_in_place_separate_tag(only_nonce(), Aad::from(binding.to_bytes()), body).ok()
        });
        // ring refuses only messages of more than 64 GiB, which no caller can hold.
        match tag {
            Some(tag) => sealed.extend_from_slice(tag.as_ref()),
            None => std::process::abort(),
        }
        sealed
    }

    /// Opens what [`seal`](Self::seal) made under the same `binding`.
    pub fn open(&self, binding: &Binding<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, DoesNotOpen> {
        let (format, rest) = sealed.split_first().ok_or(DoesNotOpen)?;
        let (salt, body) = rest.split_first_chunk::<SALT>().ok_or(DoesNotOpen)?;
        if *format != FORMAT || body.len() < TAG {
            return Err(DoesNotOpen);
        }
        let key = self.message_key(salt).ok_or(DoesNotOpen)?;
        let mut opened = body.to_vec();
        let length = key
            .open_in_place(only_nonce(), Aad::from(binding.to_bytes()), &mut opened)
            .map_err(|_| DoesNotOpen)?
            .len();
        opened.truncate(length);
        Ok(Secret::new(opened))
    }

    /// As [`seal`](Self::seal), in base64url.
    pub fn seal_text(
        &self,
        binding: &Binding<'_>,
        plaintext: &[u8],
        entropy: &(impl Entropy + ?Sized),
    ) -> String {
        encoding::base64url(self.seal(binding, plaintext, entropy))
    }

    /// Opens what [`seal_text`](Self::seal_text) made.
    pub fn open_text(&self, binding: &Binding<'_>, sealed: &str) -> Result<Secret<Vec<u8>>, DoesNotOpen> {
        let sealed = encoding::from_base64url(sealed).ok_or(DoesNotOpen)?;
        self.open(binding, &sealed)
    }

    fn message_key(&self, salt: &[u8; SALT]) -> Option<LessSafeKey> {
        let derived = hmac::sign(&self.0, salt);
        UnboundKey::new(&AES_256_GCM, derived.as_ref()).ok().map(LessSafeKey::new)
    }
}

/// Every message key is used once, so one fixed nonce never repeats under a key.
fn only_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::base::SeededEntropy;
    use crate::crypto::binding::{PagePurpose, Place};

    fn key(byte: u8) -> SealingKey {
        SealingKey::new(&Secret::new([byte; 32]))
    }

    fn place(column: &'static str, row: u128) -> Binding<'static> {
        Binding::Place(Place::new("accounts", column, Uuid::from_u128(row)))
    }

    #[test]
    fn sealed_value_moved_to_another_place_row_or_purpose_does_not_open() {
        let sealed = key(1).seal(&place("email", 7), b"an@example.vn", &SeededEntropy::new(1));
        assert_eq!(key(1).open(&place("email", 7), &sealed).unwrap().expose(), b"an@example.vn");
        assert_eq!(key(1).open(&place("phone", 7), &sealed), Err(DoesNotOpen));
        assert_eq!(key(1).open(&place("email", 8), &sealed), Err(DoesNotOpen));
        assert_eq!(key(2).open(&place("email", 7), &sealed), Err(DoesNotOpen));
        let page = Binding::Page { purpose: PagePurpose::Code, holder: b"" };
        assert_eq!(key(1).open(&page, &sealed), Err(DoesNotOpen));
    }

    #[test]
    fn the_same_message_is_never_sealed_to_the_same_bytes() {
        let entropy = SeededEntropy::new(1);
        let one = key(1).seal(&place("email", 7), b"x", &entropy);
        let two = key(1).seal(&place("email", 7), b"x", &entropy);
        assert_ne!(one, two);
        assert_eq!(one.len(), OVERHEAD + 1);
    }

    proptest! {
        #[test]
        fn every_changed_bit_and_every_cut_is_noticed(message: Vec<u8>, seed: u64, bit in 0_u8..8) {
            let sealed = key(1).seal(&place("email", 7), &message, &SeededEntropy::new(seed));
            let opened = key(1).open(&place("email", 7), &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &message);
            for at in 0..sealed.len() {
                let mut forged = sealed.clone();
                forged[at] ^= 1 << bit;
                prop_assert_eq!(key(1).open(&place("email", 7), &forged), Err(DoesNotOpen));
                prop_assert_eq!(key(1).open(&place("email", 7), &sealed[..at]), Err(DoesNotOpen));
            }
            let mut longer = sealed.clone();
            longer.push(0);
            prop_assert_eq!(key(1).open(&place("email", 7), &longer), Err(DoesNotOpen));
        }

        #[test]
        fn text_from_strangers_never_opens_and_never_panics(text: String) {
            let page = Binding::Page { purpose: PagePurpose::Interaction, holder: b"browser" };
            prop_assert_eq!(key(1).open_text(&page, &text), Err(DoesNotOpen));
        }
    }
}
