//! Errors of dynamic client registration.

use std::borrow::Cow;

use serde::Serialize;

use super::wire_enum::wire_enum;

wire_enum! {
    /// An error of the registration endpoint (RFC 7591 §3.2.2).
    RegistrationErrorCode {
        /// An address to which answers or people would be sent is refused.
        InvalidRedirectUri = "invalid_redirect_uri",
        /// Another member is refused.
        InvalidClientMetadata = "invalid_client_metadata",
        /// The software statement is no JWT of the system that it names, or not for us, or not good now.
        InvalidSoftwareStatement = "invalid_software_statement",
        /// Nobody whom we take such statements from made it.
        UnapprovedSoftwareStatement = "unapproved_software_statement",
        /// Too many registrations from one network.
        SlowDown = "slow_down",
        /// No more systems may register themselves, or a store is down.
        TemporarilyUnavailable = "temporarily_unavailable",
    }
}

impl RegistrationErrorCode {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRedirectUri
            | Self::InvalidClientMetadata
            | Self::InvalidSoftwareStatement
            | Self::UnapprovedSoftwareStatement => 400,
            Self::SlowDown => 429,
            Self::TemporarilyUnavailable => 503,
        }
    }
}

/// An error that the registration endpoint answers; serializes to its JSON body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code}: {description}")]
pub struct ClientRegistrationError {
    /// Which error.
    #[serde(rename = "error")]
    pub code: RegistrationErrorCode,
    /// What was wrong and how to repair it: plain ASCII English, never a value from the request but the name of a key or member.
    #[serde(rename = "error_description")]
    pub description: Cow<'static, str>,
}

impl ClientRegistrationError {
    /// An error with its sentence.
    pub fn new(code: RegistrationErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, description: description.into() }
    }
}
