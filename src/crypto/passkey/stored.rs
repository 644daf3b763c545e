//! What is kept of a passkey.

use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{
    AttestationFormat, AttestationMetadata, Credential, ParsedAttestation, ParsedAttestationData,
};

use super::PasskeyError;

/// A registered passkey: credential id, public key, counter and backup flags. Holds no secret and nothing personal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Passkey(pub(super) webauthn_rs::prelude::Passkey);

impl Passkey {
    /// Keeps `credential` without its attestation: certificates could tell devices, and so people, apart.
    pub(super) fn without_attestation(mut credential: Credential) -> Self {
        credential.attestation =
            ParsedAttestation { data: ParsedAttestationData::None, metadata: AttestationMetadata::None };
        credential.attestation_format = AttestationFormat::None;
        credential.transports = None;
        Self(credential.into())
    }

    /// A passkey that no device holds, and that therefore proves nobody.
    pub fn of_nobody(id: &[u8]) -> Result<Self, PasskeyError> {
        Ok(Self(super::stand_in::nobody(id, false)?.into()))
    }

    /// The id that the authenticator gave it.
    pub fn credential_id(&self) -> &[u8] {
        self.0.cred_id()
    }

    /// For storage: JSON of some 500 bytes, whose layout the library keeps readable across versions.
    pub fn to_json(&self) -> Result<String, PasskeyError> {
        serde_json::to_string(self).map_err(|_| PasskeyError::Unreadable)
    }

    /// As stored.
    pub fn from_json(json: &str) -> Result<Self, PasskeyError> {
        serde_json::from_str(json).map_err(|_| PasskeyError::Unreadable)
    }
}

/// How a browser reaches the authenticator (WebAuthn §5.8.4). What it says beyond these is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Plugged in.
    Usb,
    /// Held against.
    Nfc,
    /// Over Bluetooth.
    Ble,
    /// A phone beside this device.
    Hybrid,
    /// Built into this device.
    Internal,
}

impl Transport {
    /// The standard's name for it.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "usb" => Some(Self::Usb),
            "nfc" => Some(Self::Nfc),
            "ble" => Some(Self::Ble),
            "hybrid" => Some(Self::Hybrid),
            "internal" => Some(Self::Internal),
            _ => None,
        }
    }
}
