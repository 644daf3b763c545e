//! What the browser says about the ceremony, checked more strictly than the library does.

use serde::Deserialize;

use super::PasskeyError;

/// The members of `CollectedClientData` that carry a decision (WebAuthn §5.8.1).
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: Option<bool>,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<String>,
}

/// Checks type, origin and framing. The library compares origins as parsed addresses, which forgives a path or user
/// information behind the host, and looks at `crossOrigin` only when registering; here the text must be equal.
pub(super) fn check(json: &[u8], kind: &str, origin: &str) -> Result<(), PasskeyError> {
    let said: ClientData = serde_json::from_slice(json).map_err(|_| PasskeyError::Malformed)?;
    if said.kind != kind {
        return Err(PasskeyError::WrongType);
    }
    if said.origin != origin {
        return Err(PasskeyError::ForeignOrigin);
    }
    // WebAuthn §7.1 and §7.2: we never ask to be framed, so any other top-level page is an attack.
    if said.cross_origin == Some(true) || said.top_origin.is_some() {
        return Err(PasskeyError::CrossOrigin);
    }
    Ok(())
}
