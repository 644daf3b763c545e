//! Encryption (RFC 7516 §5.1).

use super::recipient::{Recipient, RecipientKey};
use super::{agreement, content, key_transport};
use crate::base::encoding::base64url;
use crate::base::entropy::random_bytes;
use crate::base::{Entropy, Secret};
use crate::crypto::jwe::header::JweHeader;
use crate::protocol::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};

/// A key that cannot be used, or no randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing can be encrypted to the key")]
pub struct EncryptionFailed;

/// What is encrypted.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// A signed JWT (RFC 7519 §5.2: `cty` says so).
    Jwt(&'a str),
    /// Claims that nobody signed.
    Claims(&'a [u8]),
}

/// Encrypts `payload` to `recipient`, in compact form.
pub fn encrypt(
    recipient: &Recipient,
    enc: ContentEncryptionAlgorithm,
    payload: Payload<'_>,
    entropy: &dyn Entropy,
) -> Result<String, EncryptionFailed> {
    let (cty, plaintext) = match payload {
        Payload::Jwt(jwt) => (Some("JWT".to_owned()), jwt.as_bytes()),
        Payload::Claims(claims) => (None, claims),
    };
    let mut header = JweHeader {
        alg: recipient.algorithm,
        enc,
        kid: recipient.kid.clone(),
        cty,
        epk: None,
        apu: None,
        apv: None,
        crit: None,
        zip: None,
        jku: None,
        x5u: None,
    };
    let (key, encrypted_key) = content_key(recipient, &mut header, entropy).ok_or(EncryptionFailed)?;
    let header = base64url(serde_json::to_vec(&header).map_err(|_| EncryptionFailed)?);
    let iv = random_bytes(entropy);
    let (ciphertext, tag) = content::seal(enc, key.expose(), iv, &header, plaintext)?;
    let parts = [base64url(encrypted_key), base64url(iv), base64url(ciphertext), base64url(tag)];
    Ok(format!("{header}.{}", parts.join(".")))
}

/// The key of the content, and how it travels. `header` gets what its reader needs to know.
fn content_key(
    recipient: &Recipient,
    header: &mut JweHeader,
    entropy: &dyn Entropy,
) -> Option<(Secret<Vec<u8>>, Vec<u8>)> {
    let fresh = || {
        let mut key = vec![0; header.enc.key_length()];
        entropy.fill(&mut key);
        Secret::new(key)
    };
    match &recipient.key {
        RecipientKey::Rsa(public) => {
            let key = fresh();
            let encrypted = key_transport::encrypt(public, key.expose())?;
            Some((key, encrypted))
        }
        RecipientKey::Curve(point) => {
            let key = fresh();
            let own = point.fresh_key()?;
            header.epk = Some(agreement::public_half(&own)?);
            let agreed = point.agree(&own, header)?;
            match recipient.algorithm {
                KeyManagementAlgorithm::EcdhEsA256Kw => {
                    let wrapped = agreement::wrap(agreed.expose(), key.expose())?;
                    Some((key, wrapped))
                }
                // RFC 7518 §4.6: the agreed key is the content's own, and none travels.
                _ => Some((agreed, Vec::new())),
            }
        }
    }
}
