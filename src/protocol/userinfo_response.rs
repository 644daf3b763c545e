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

/// The same as the claims of a JWT (OIDC Core §5.3.2): it says who says so, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedUserinfo<'a> {
    /// The issuer.
    pub iss: &'a str,
    /// The client.
    pub aud: &'a str,
    /// What is told.
    #[serde(flatten)]
    pub userinfo: &'a UserinfoResponse,
}
