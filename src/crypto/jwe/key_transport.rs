//! Keys that travel under RSA-OAEP with SHA-256 (RFC 7518 §4.3).

use aws_lc_rs::rsa::{
    OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PublicEncryptingKey,
};

use crate::base::Secret;
use crate::base::encoding::from_base64url;
use crate::crypto::signing::{UnusableKey, check_modulus};

/// The public key of modulus and exponent, as a JWK has them.
pub(super) fn public_key(n: &str, e: &str) -> Result<OaepPublicEncryptingKey, UnusableKey> {
    let number = |text| from_base64url(text).ok_or(UnusableKey::Malformed);
    let (n, e) = (number(n)?, number(e)?);
    check_modulus(&n, &e)?;
    let key = PublicEncryptingKey::from_der(&subject_public_key_info(&n, &e)).ok();
    key.and_then(|key| OaepPublicEncryptingKey::new(key).ok()).ok_or(UnusableKey::Malformed)
}

/// `key`, encrypted.
pub(super) fn encrypt(to: &OaepPublicEncryptingKey, key: &[u8]) -> Option<Vec<u8>> {
    let mut encrypted = vec![0; to.ciphertext_size()];
    let length = to.encrypt(&OAEP_SHA256_MGF1SHA256, key, &mut encrypted, None).ok()?.len();
    encrypted.truncate(length);
    Some(encrypted)
}

/// What [`encrypt`] encrypted.
pub(super) fn decrypt(own: &OaepPrivateDecryptingKey, encrypted: &[u8]) -> Option<Secret<Vec<u8>>> {
    let mut key = vec![0; own.min_output_size()];
    let length = own.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut key, None).ok()?.len();
    key.truncate(length);
    Some(Secret::new(key))
}

/// RFC 8017 A.1.1 in RFC 5280 §4.1.2.7: the one form in which the library takes such a key.
fn subject_public_key_info(n: &[u8], e: &[u8]) -> Vec<u8> {
    /// rsaEncryption, with the NULL that belongs to it.
    const ALGORITHM: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let numbers = [integer(n), integer(e)].concat();
    let key = [&[0][..], &element(0x30, &numbers)].concat();
    element(0x30, &[&ALGORITHM[..], &element(0x03, &key)].concat())
}

/// A number that is not negative: a first bit that is set would make it so.
fn integer(bytes: &[u8]) -> Vec<u8> {
    match bytes.first() {
        Some(first) if first & 0x80 == 0 => element(0x02, bytes),
        _ => element(0x02, &[&[0], bytes].concat()),
    }
}

/// An element of DER (X.690 §8.1).
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut written = vec![tag];
    match (&length[..], u8::try_from(length.len())) {
        ([], _) => written.push(0),
        ([short], _) if short & 0x80 == 0 => written.push(*short),
        (long, count) => {
            written.push(0x80 | count.unwrap_or_default());
            written.extend_from_slice(long);
        }
    }
    written.extend_from_slice(content);
    written
}
