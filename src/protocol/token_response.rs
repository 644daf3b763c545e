//! The answer of the token endpoint.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::wire_enum::wire_enum;
use super::{AuthorizationDetail, Confirmation};

/// The tokens of a redeemed grant (RFC 6749 §5.1, OIDC Core §3.1.3.3). Sent with `Cache-Control: no-store`.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// What it is, said where another token was exchanged for it (RFC 8693 §2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<IssuedTokenType>,
    /// How it is used.
    pub token_type: TokenType,
    /// How long it is good.
    #[serde(serialize_with = "whole_seconds")]
    pub expires_in: Duration,
    /// The next refresh token, where offline access was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// What was granted, said even where it is what was asked for. Left out where it is nothing: RFC 6749 §3.3 knows no empty scope,
    /// and what is said by details alone needs none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// What exactly was authorized (RFC 9396 §7).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_details: Vec<AuthorizationDetail>,
    /// The ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}

wire_enum! {
    /// What kind of token is exchanged, and given in exchange (RFC 8693 §3).
    IssuedTokenType {
        /// An access token of ours.
        AccessToken = "urn:ietf:params:oauth:token-type:access_token",
    }
}

/// How an access token is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum TokenType {
    /// Whoever holds it may use it (RFC 6750).
    #[default]
    Bearer,
    /// Whoever presents it shows the key that it is bound to (RFC 9449 §5).
    DPoP,
}

impl TokenType {
    /// How a token is used that is bound to this, or to nothing.
    pub const fn of(confirmation: Option<Confirmation>) -> Self {
        match confirmation {
            // RFC 8705 §3: the connection shows the key, so the token is presented by itself.
            None | Some(Confirmation::X5tS256(_)) => Self::Bearer,
            Some(Confirmation::Jkt(_)) => Self::DPoP,
        }
    }

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::DPoP => "DPoP",
        }
    }
}

impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenResponse({} …)", self.scope)
    }
}

pub(super) fn whole_seconds<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(span.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_that_of_the_standard__rfc6749_5_1() {
        let mut response = TokenResponse {
            access_token: "a".to_owned(),
            issued_token_type: None,
            token_type: TokenType::Bearer,
            expires_in: Duration::from_secs(300),
            refresh_token: Some("r".to_owned()),
            scope: "openid offline_access".to_owned(),
            authorization_details: Vec::new(),
            id_token: Some("i".to_owned()),
        };
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"access_token":"a","token_type":"Bearer","expires_in":300,"refresh_token":"r","scope":"openid offline_access","id_token":"i"}"#
        );
        (response.refresh_token, response.id_token) = (None, None);
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"access_token":"a","token_type":"Bearer","expires_in":300,"scope":"openid offline_access"}"#
        );
        response.scope.clear();
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"access_token":"a","token_type":"Bearer","expires_in":300}"#
        );
    }
}
