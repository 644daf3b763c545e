//! The addresses under which our own words live.

use serde::{Deserialize, Serialize};

/// Prefixes of the names that are ours and not a standard's. Configurable, because they carry the operator's domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefixes {
    /// Before a level, as in `<acr>xt2-phr`.
    pub acr: String,
    /// Before a claim, as in `<claims>ial`.
    pub claims: String,
}

impl Default for Prefixes {
    fn default() -> Self {
        Self {
            acr: "https://id.moet.gov.vn/acr/".to_owned(),
            claims: "https://id.moet.gov.vn/claims/".to_owned(),
        }
    }
}
