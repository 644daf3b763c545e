//! Decryption (RFC 7516 §5.2).

use super::content;
use super::decryption_key::DecryptionKey;
use super::header::JweHeader;
use crate::base::Secret;
use crate::base::encoding::from_base64url;
use crate::crypto::jwt::LARGEST_JWT;
use crate::protocol::{DecryptionKeyKind, KeyManagementAlgorithm};

/// The longest encrypted JWT that is looked at: one with the longest JWT in it.
const LARGEST: usize = LARGEST_JWT / 3 * 4 + 4 * 1024;
/// The longest name of a key that is looked for.
const LONGEST_NAME: usize = 255;

/// Why an encrypted JWT was refused. For logs; one answer for all that a key is needed to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweRefused {
    /// Longer than any that is looked at.
    #[error("it is too long")]
    TooLong,
    /// Not five parts, or a header that is not understood, algorithms included.
    #[error("it is malformed, or encrypted by an algorithm that is not spoken here")]
    Malformed,
    /// Its header demands an extension, or is compressed.
    #[error("its header has a member that is never accepted")]
    ForbiddenHeader,
    /// It opens with no key of ours.
    #[error("it does not open")]
    DoesNotOpen,
}

/// An encrypted JWT whose header is understood.
pub struct EncryptedJwt<'a> {
    encoded_header: &'a str,
    header: JweHeader,
    encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
}

impl<'a> EncryptedJwt<'a> {
    /// Whether `token` has the form of one: five parts (RFC 7516 §9).
    pub fn has_form(token: &str) -> bool {
        token.bytes().filter(|byte| *byte == b'.').count() == 4
    }

    /// Reads the header.
    pub fn read(token: &'a str) -> Result<Self, JweRefused> {
        if token.len() > LARGEST {
            return Err(JweRefused::TooLong);
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [encoded_header, encrypted_key, iv, ciphertext, tag] = parts[..] else {
            return Err(JweRefused::Malformed);
        };
        let part = |text: &str| from_base64url(text).ok_or(JweRefused::Malformed);
        let header: JweHeader =
            serde_json::from_slice(&part(encoded_header)?).map_err(|_| JweRefused::Malformed)?;
        let forbidden = [&header.crit, &header.zip, &header.jku, &header.x5u];
        if forbidden.into_iter().any(Option::is_some) {
            return Err(JweRefused::ForbiddenHeader);
        }
        let (is_agreed, agrees) = (header.epk.is_some(), header.alg != KeyManagementAlgorithm::RsaOaep256);
        // RFC 7516 §5.2: where the key is agreed on and used as it is, none travels.
        let is_direct = header.alg == KeyManagementAlgorithm::EcdhEs;
        if is_agreed != agrees || is_direct != encrypted_key.is_empty() {
            return Err(JweRefused::Malformed);
        }
        Ok(Self {
            encoded_header,
            header,
            encrypted_key: part(encrypted_key)?,
            iv: part(iv)?,
            ciphertext: part(ciphertext)?,
            tag: part(tag)?,
        })
    }

    /// What is in it, if one of `keys` opens it: the one that it names, or any that reads its algorithm.
    pub fn open<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k DecryptionKey>,
    ) -> Result<Secret<Vec<u8>>, JweRefused> {
        let kind = DecryptionKeyKind::reading(self.header.alg);
        let name = self.header.kid.as_deref().filter(|kid| kid.len() <= LONGEST_NAME);
        let fits = |key: &&DecryptionKey| {
            key.kind() == kind && (self.header.kid.is_none() || name == Some(key.kid()))
        };
        let opened = keys.into_iter().filter(fits).find_map(|key| self.open_with(key).ok());
        opened.map(Secret::new).ok_or(JweRefused::DoesNotOpen)
    }

    fn open_with(&self, key: &DecryptionKey) -> Result<Vec<u8>, JweRefused> {
        let content_key =
            key.content_key(&self.header, &self.encrypted_key).ok_or(JweRefused::DoesNotOpen)?;
        content::open(
            self.header.enc,
            content_key.expose(),
            &self.iv,
            self.encoded_header,
            &self.ciphertext,
            &self.tag,
        )
    }
}
