//! The answer of the userinfo endpoint.

use serde::Serialize;

use super::ClaimSet;

/// Who the person is and what may be told (OIDC Core §5.3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserinfoResponse {
    /// The subject, the same as in the ID token.
    pub sub: String,
    /// The rest.
    #[serde(flatten)]
    pub claims: ClaimSet,
}
