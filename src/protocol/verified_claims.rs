//! What was verified about a person, and how (OpenID Connect for Identity Assurance 1.0).

use serde::Serialize;

use super::wire_enum::wire_enum;
use super::{ClaimName, ClaimSet};
use crate::base::Timestamp;

wire_enum! {
    /// Under which rules a person's data were verified.
    TrustFramework {
        /// Under none: the person was invented, and so was this. A name of our own, which nobody takes for a law's.
        Sandbox = "sandbox",
    }
}

/// The claims that a look at somebody's papers could verify. How she can be reached is not among them, nor what is ours.
pub const VERIFIABLE: &[ClaimName] = &[
    ClaimName::Name,
    ClaimName::Birthdate,
    ClaimName::Gender,
    ClaimName::Address,
    ClaimName::AgeOver14,
    ClaimName::AgeOver16,
    ClaimName::AgeOver18,
];

/// That a person's data were verified. There is no evidence that could be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    /// By whose rules.
    pub trust_framework: TrustFramework,
    /// When.
    pub time: Timestamp,
}

impl Verification {
    /// When, in the form of the standard: UTC, to the second.
    pub(super) fn time_text(&self) -> String {
        let whole = Timestamp::from_seconds(self.time.seconds()).to_string();
        whole.replace(".000000Z", "Z")
    }
}

/// A verification as far as it was asked for: nothing else is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldVerification {
    /// By whose rules.
    pub trust_framework: TrustFramework,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

/// One answer: these claims were verified in this way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifiedClaims {
    /// How.
    pub verification: ToldVerification,
    /// What.
    pub claims: ClaimSet,
}
