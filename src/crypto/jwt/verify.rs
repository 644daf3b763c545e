//! Verification: the signature before the content, and only with the key and algorithm that we know.

use jsonwebtoken::{Header, decode_header};
use serde::de::DeserializeOwned;

use super::header::JwtType;
use super::provider;
use crate::base::encoding::from_base64url;
use crate::crypto::signing::{VerifyingKey, VerifyingKeys};
use crate::protocol::SigningAlgorithm;

/// The longest JWT that is looked at, in bytes.
pub const LARGEST_JWT: usize = 16 * 1024;

/// Why a JWT was refused. For logs; whoever sent it learns only that it is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtRefused {
    /// Longer than [`LARGEST_JWT`].
    #[error("it is too long")]
    TooLong,
    /// Not three parts, or its header is not one that is understood, algorithm included.
    #[error("it is malformed")]
    Malformed,
    /// Its header brings or points to a key, or demands an extension.
    #[error("its header has a member that is never accepted")]
    ForbiddenHeader,
    /// It is of another type.
    #[error("it is of another type")]
    OtherType,
    /// No key of that name.
    #[error("its key is unknown")]
    UnknownKey,
    /// It names an algorithm that is not its key's.
    #[error("its algorithm is not its key's")]
    OtherAlgorithm,
    /// The signature is wrong.
    #[error("its signature is wrong")]
    Signature,
    /// Rightly signed, but not the claims that were expected.
    #[error("its claims are not the expected ones")]
    Claims,
}

/// Verifies type, key, algorithm and signature, and gives the claims. What the claims say (issuer, audience, times)
/// is for the caller to judge: the time here is no ambient one.
pub fn verify_jwt<T: DeserializeOwned>(
    token: &str,
    typ: JwtType,
    keys: &VerifyingKeys,
) -> Result<T, JwtRefused> {
    verified(token, key_of(token, typ, keys)?)
}

/// The claims of `token`, once `key` has verified it. Its header has been read by then.
pub(super) fn verified<T: DeserializeOwned>(token: &str, key: &VerifyingKey) -> Result<T, JwtRefused> {
    provider::install();
    let (message, signature) = token.rsplit_once('.').ok_or(JwtRefused::Malformed)?;
    let algorithm = jsonwebtoken_algorithm(key.algorithm());
    match jsonwebtoken::crypto::verify(signature, message.as_bytes(), key.decoding_key(), algorithm) {
        Ok(true) => {}
        Ok(false) => return Err(JwtRefused::Signature),
        Err(_) => return Err(JwtRefused::Malformed),
    }
    let claims = message.split_once('.').and_then(|(_, claims)| from_base64url(claims));
    serde_json::from_slice(&claims.ok_or(JwtRefused::Malformed)?).map_err(|_| JwtRefused::Claims)
}

/// Reads a JWT that this very process is known to have signed. Everything but the signature is looked at again: a key
/// that was withdrawn meanwhile counts no more.
pub fn read_own_jwt<T: DeserializeOwned>(
    token: &str,
    typ: JwtType,
    keys: &VerifyingKeys,
) -> Result<T, JwtRefused> {
    key_of(token, typ, keys)?;
    let claims = token.split('.').nth(1).and_then(from_base64url).ok_or(JwtRefused::Malformed)?;
    serde_json::from_slice(&claims).map_err(|_| JwtRefused::Claims)
}

/// The key that a JWT names, where its header is one of ours.
fn key_of<'a>(token: &str, typ: JwtType, keys: &'a VerifyingKeys) -> Result<&'a VerifyingKey, JwtRefused> {
    if token.len() > LARGEST_JWT {
        return Err(JwtRefused::TooLong);
    }
    let header = decode_header(token).map_err(|_| JwtRefused::Malformed)?;
    refuse_foreign_keys(&header)?;
    if header.typ.as_deref() != Some(typ.as_str()) {
        return Err(JwtRefused::OtherType);
    }
    let key = header.kid.as_deref().and_then(|kid| keys.get(kid)).ok_or(JwtRefused::UnknownKey)?;
    // RFC 8725 §3.1: the key decides the algorithm; the header may only agree.
    if header.alg != jsonwebtoken_algorithm(key.algorithm()) {
        return Err(JwtRefused::OtherAlgorithm);
    }
    Ok(key)
}

/// RFC 8725 §3.10: a key that the token itself brings or points to proves nothing. RFC 7515 §4.1.11: an extension that
/// must be understood is not; none is understood here.
pub(super) fn refuse_foreign_keys(header: &Header) -> Result<(), JwtRefused> {
    let brings_key =
        header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some();
    let extends = header.crit.is_some() || header.zip.is_some() || header.enc.is_some();
    if brings_key || extends {
        return Err(JwtRefused::ForbiddenHeader);
    }
    Ok(())
}

pub(super) const fn jsonwebtoken_algorithm(algorithm: SigningAlgorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        SigningAlgorithm::ES256 => jsonwebtoken::Algorithm::ES256,
        SigningAlgorithm::ES384 => jsonwebtoken::Algorithm::ES384,
        SigningAlgorithm::RS256 => jsonwebtoken::Algorithm::RS256,
        SigningAlgorithm::PS256 => jsonwebtoken::Algorithm::PS256,
        SigningAlgorithm::EdDSA => jsonwebtoken::Algorithm::EdDSA,
    }
}
