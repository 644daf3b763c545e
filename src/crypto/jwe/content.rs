//! AES-GCM over the content (RFC 7518 §5.3).

use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::decrypt::JweRefused;
use super::encrypt::EncryptionFailed;
use crate::protocol::ContentEncryptionAlgorithm;

/// RFC 7518 §5.3: 96 bits.
pub(super) const IV: usize = NONCE_LEN;
/// RFC 7518 §5.3: 128 bits.
pub(super) const TAG: usize = 16;

/// Ciphertext and tag of `plaintext`, bound to the encoded header.
pub(super) fn seal(
    enc: ContentEncryptionAlgorithm,
    key: &[u8],
    iv: [u8; IV],
    header: &str,
    plaintext: &[u8],
) -> Result<(Vec<u8>, [u8; TAG]), EncryptionFailed> {
    let key = aead(enc, key).ok_or(EncryptionFailed)?;
    let mut sealed = plaintext.to_vec();
    let nonce = Nonce::assume_unique_for_key(iv);
    let tag = key
        .seal_in_place_separate_tag(nonce, Aad::from(header.as_bytes()), &mut sealed)
        .map_err(|_| EncryptionFailed)?;
    let tag = tag.as_ref().try_into().map_err(|_| EncryptionFailed)?;
    Ok((sealed, tag))
}

/// What [`seal`] sealed.
pub(super) fn open(
    enc: ContentEncryptionAlgorithm,
    key: &[u8],
    iv: &[u8],
    header: &str,
    ciphertext: &[u8],
    tag: &[u8],
) -> Result<Vec<u8>, JweRefused> {
    // RFC 7518 §5.3: a shorter tag would be easier to guess.
    let iv: [u8; IV] = iv.try_into().map_err(|_| JweRefused::Malformed)?;
    let tag: [u8; TAG] = tag.try_into().map_err(|_| JweRefused::Malformed)?;
    let key = aead(enc, key).ok_or(JweRefused::DoesNotOpen)?;
    let mut opened = [ciphertext, &tag].concat();
    let nonce = Nonce::assume_unique_for_key(iv);
    let length = key
        .open_in_place(nonce, Aad::from(header.as_bytes()), &mut opened)
        .map_err(|_| JweRefused::DoesNotOpen)?
        .len();
    opened.truncate(length);
    Ok(opened)
}

fn aead(enc: ContentEncryptionAlgorithm, key: &[u8]) -> Option<LessSafeKey> {
    let algorithm = match enc {
        ContentEncryptionAlgorithm::A128Gcm => &AES_128_GCM,
        ContentEncryptionAlgorithm::A256Gcm => &AES_256_GCM,
    };
    UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new)
}
