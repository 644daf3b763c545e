//! What is told of a token (RFC 7662 §2.2), and that signed (RFC 9701 §5).

use serde::{Serialize, Serializer};

use super::AccessTokenClaims;
use super::id_token::numeric_date;
use super::token_response::TokenType;
use crate::base::Timestamp;

/// What is told of a token. Of one that is not good, nothing more than that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Introspection {
    /// A good access token.
    Access(Box<AccessTokenState>),
    /// A good refresh token.
    Refresh(Box<RefreshTokenState>),
    /// Unknown, foreign, expired, revoked, or resting on something that has ended.
    Inactive {
        /// `false`.
        active: No,
    },
}

impl Introspection {
    /// The answer that tells nothing.
    pub const INACTIVE: Self = Self::Inactive { active: No };
}

/// A good access token: its claims, whatever its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessTokenState {
    /// `true`.
    pub active: Yes,
    /// How it is used.
    pub token_type: TokenType,
    /// What it says.
    #[serde(flatten)]
    pub claims: AccessTokenClaims<'static>,
}

/// A good refresh token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefreshTokenState {
    /// `true`.
    pub active: Yes,
    /// The issuer.
    pub iss: String,
    /// The person, as the client knows her.
    pub sub: String,
    /// Whose it is.
    pub client_id: String,
    /// Until when it may be used.
    #[serde(serialize_with = "numeric_date")]
    pub exp: Timestamp,
    /// When it was given.
    #[serde(serialize_with = "numeric_date")]
    pub iat: Timestamp,
    /// How far it reaches; left out where that is nothing any more.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
}

/// An introspection as claims (RFC 9701 §5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IntrospectionClaims<'a> {
    /// The issuer.
    pub iss: &'a str,
    /// Who asked.
    pub aud: &'a str,
    /// When it was so.
    #[serde(serialize_with = "numeric_date")]
    pub iat: Timestamp,
    /// What was told.
    pub token_introspection: &'a Introspection,
}

/// Always `true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Yes;

/// Always `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct No;

impl Serialize for Yes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

impl Serialize for No {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_token_that_is_not_good_nothing_is_told__rfc7662_2_2() {
        assert_eq!(serde_json::to_string(&Introspection::INACTIVE).unwrap(), r#"{"active":false}"#);
        let claims = IntrospectionClaims {
            iss: "https://id.example",
            aud: "rs",
            iat: Timestamp::from_seconds(1_000),
            token_introspection: &Introspection::INACTIVE,
        };
        assert_eq!(
            serde_json::to_string(&claims).unwrap(),
            r#"{"iss":"https://id.example","aud":"rs","iat":1000,"token_introspection":{"active":false}}"#
        );
    }
}
