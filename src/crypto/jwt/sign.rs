//! Minting. The signature is what costs; everything around it is kept to two buffers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::header::JwtType;
use crate::crypto::signing::{SigningFailed, SigningKey};

/// Why a JWT was not made.
#[derive(Debug, thiserror::Error)]
pub enum MintingFailed {
    /// The claims have no JSON form.
    #[error("the claims have no JSON form: {0}")]
    Claims(#[from] serde_json::Error),
    /// No signature was made.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
}

/// Signs `claims` into a JWT of the given type.
pub fn sign_jwt(key: &SigningKey, typ: JwtType, claims: &impl Serialize) -> Result<String, MintingFailed> {
    let mut json = Vec::with_capacity(1024);
    serde_json::to_writer(&mut json, claims)?;
    let header = key.headers().get(typ);
    // Base64 makes four characters of three bytes; 350 hold the full stop and a signature of RSA 2048.
    let mut token = String::with_capacity(header.len() + json.len().div_ceil(3) * 4 + 350);
    token.push_str(header);
    URL_SAFE_NO_PAD.encode_string(&json, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
    Ok(token)
}
