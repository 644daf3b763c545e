//! What a system may learn, what for, and by which right.

use serde::{Deserialize, Serialize};

use super::Bilingual;
use crate::protocol::ClaimName;

/// One claim that a system may be given: registered as system × purpose × claim with its legal basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimGrant {
    /// Which claim.
    pub claim: ClaimName,
    /// What the system needs it for.
    pub purpose: Bilingual,
    /// By which right.
    pub basis: LegalBasis,
    /// Whether the service is impossible without it. What is not essential is left for the person to tick.
    #[serde(default)]
    pub essential: bool,
}

/// Law 91/2025 Art 19: by which right personal data is processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// The person agrees, and may take it back.
    Consent,
    /// A state body acts under law: no consent is asked.
    Law,
    /// Performance of a contract with the person.
    Contract,
    /// Protection of life and health in an emergency.
    Emergency,
}

impl LegalBasis {
    /// Whether the person is asked.
    pub const fn is_consent(self) -> bool {
        matches!(self, Self::Consent)
    }

    /// As written in client files and recorded.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Law => "law",
            Self::Contract => "contract",
            Self::Emergency => "emergency",
        }
    }
}
