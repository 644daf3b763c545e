//! The attestation object, read for what the library does not hand out: the authenticator's model, and whether an
//! attestation of kind `none` is really empty.

use serde::Deserialize;
use serde_cbor_2::Value;
use uuid::Uuid;

use super::PasskeyError;

#[derive(Deserialize)]
struct AttestationObject<'a> {
    fmt: &'a str,
    #[serde(rename = "attStmt")]
    statement: Value,
    #[serde(rename = "authData", borrow)]
    authenticator_data: &'a [u8],
}

/// Where the AAGUID lies in authenticator data (WebAuthn §6.1, §6.5.1): after hash (32), flags (1) and counter (4).
const AAGUID: std::ops::Range<usize> = 37..53;

/// The authenticator's model (AAGUID; zero where it does not tell).
pub(super) fn model(attestation_object: &[u8]) -> Result<Uuid, PasskeyError> {
    let object: AttestationObject<'_> =
        serde_cbor_2::from_slice(attestation_object).map_err(|_| PasskeyError::Malformed)?;
    // WebAuthn §8.7: a statement of kind `none` is an empty map.
    if object.fmt == "none" && !matches!(&object.statement, Value::Map(entries) if entries.is_empty()) {
        return Err(PasskeyError::BadAttestation);
    }
    let bytes = object.authenticator_data.get(AAGUID).ok_or(PasskeyError::Malformed)?;
    Uuid::from_slice(bytes).map_err(|_| PasskeyError::Malformed)
}
