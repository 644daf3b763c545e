//! The answer of the authorization endpoint.

use std::collections::BTreeMap;

use serde::Serialize;

use super::id_token::numeric_date;
use super::token_response::{TokenResponse, TokenType};
use super::{AuthorizationError, Issuer, State};
use crate::base::{Secret, Timestamp};

/// What goes back to the client by way of the browser: what was asked for, or an error (RFC 6749 §4.1.2, §4.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationResponse {
    /// The person may come in.
    Granted(FrontChannelGrant),
    /// She may not, or the request was wrong.
    Error(AuthorizationError),
}

/// What the response type asked for. Everything in it opens something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontChannelGrant {
    /// To be redeemed at the token endpoint.
    pub code: Option<Secret<String>>,
    /// An access token, how it is used, how long, and how far.
    pub access_token: Option<FrontChannelToken>,
    /// An ID token (OIDC Core §3.2.2.5, §3.3.2.5).
    pub id_token: Option<Secret<String>>,
    /// What the system compares while the person is there (Session Management 1.0 §2).
    pub session_state: Option<String>,
}

/// An access token in an answer of the authorization endpoint (RFC 6749 §4.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontChannelToken {
    token: Secret<String>,
    token_type: TokenType,
    expires_in: String,
    scope: String,
}

impl FrontChannelToken {
    /// The access token of `response`.
    pub fn of(response: &TokenResponse) -> Self {
        Self {
            token: Secret::new(response.access_token.clone()),
            token_type: response.token_type,
            expires_in: response.expires_in.as_secs().to_string(),
            scope: response.scope.clone(),
        }
    }

    fn params(&self) -> [(&str, &str); 4] {
        [
            ("access_token", self.token.expose()),
            ("token_type", self.token_type.as_str()),
            ("expires_in", &self.expires_in),
            ("scope", &self.scope),
        ]
    }
}

impl FrontChannelGrant {
    fn params(&self) -> impl Iterator<Item = (&str, &str)> {
        let code = self.code.iter().map(|code| ("code", code.expose().as_str()));
        let token = self.access_token.iter().flat_map(FrontChannelToken::params);
        let id_token = self.id_token.iter().map(|token| ("id_token", token.expose().as_str()));
        let session = self.session_state.iter().map(|state| ("session_state", state.as_str()));
        code.chain(token).chain(id_token).chain(session)
    }
}

impl AuthorizationResponse {
    /// The parameters, in the order in which they are sent. Every answer names us (RFC 9207 §2) and carries the state
    /// as it came.
    pub fn params<'a>(
        &'a self,
        state: Option<&'a State>,
        issuer: &'a Issuer,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (grant, error) = match self {
            Self::Granted(grant) => (Some(grant), None),
            Self::Error(error) => (None, Some(error)),
        };
        let error = error.into_iter().flat_map(|error| {
            [("error", error.code.as_str()), ("error_description", error.description.as_ref())]
        });
        grant
            .into_iter()
            .flat_map(FrontChannelGrant::params)
            .chain(error)
            .chain(state.map(|state| ("state", state.as_str())))
            .chain(std::iter::once(("iss", issuer.as_str())))
    }
}

/// An answer as a signed JWT (JARM §2.1): the parameters, for whom they are, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedResponseClaims<'a> {
    /// The client.
    pub aud: &'a str,
    /// When it ends.
    #[serde(serialize_with = "numeric_date")]
    pub exp: Timestamp,
    /// The parameters, `iss` among them.
    #[serde(flatten)]
    pub params: BTreeMap<&'a str, &'a str>,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::protocol::AuthorizationErrorCode;

    #[test]
    fn every_answer_carries_state_and_iss__rfc9207_2() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        let state = State::parse("a b").unwrap();
        let code = Some(Secret::new("c".to_owned()));
        let code = AuthorizationResponse::Granted(FrontChannelGrant { code, ..FrontChannelGrant::default() });
        assert_eq!(
            code.params(Some(&state), &issuer).collect::<Vec<_>>(),
            [("code", "c"), ("state", "a b"), ("iss", "https://id.example")]
        );
        let error = AuthorizationError::new(AuthorizationErrorCode::AccessDenied, "The person declined.");
        assert_eq!(
            AuthorizationResponse::Error(error).params(None, &issuer).collect::<Vec<_>>(),
            [
                ("error", "access_denied"),
                ("error_description", "The person declined."),
                ("iss", "https://id.example")
            ]
        );
    }

    #[test]
    fn tokens_travel_with_all_that_the_standard_names__oidc_core_3_3_2_5() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        let tokens = TokenResponse {
            access_token: "a".to_owned(),
            issued_token_type: None,
            token_type: TokenType::Bearer,
            expires_in: Duration::from_secs(300),
            refresh_token: None,
            scope: "openid email".to_owned(),
            authorization_details: Vec::new(),
            id_token: None,
        };
        let grant = FrontChannelGrant {
            code: Some(Secret::new("c".to_owned())),
            access_token: Some(FrontChannelToken::of(&tokens)),
            id_token: Some(Secret::new("i".to_owned())),
            session_state: Some("s.x".to_owned()),
        };
        assert_eq!(
            AuthorizationResponse::Granted(grant).params(None, &issuer).collect::<Vec<_>>(),
            [
                ("code", "c"),
                ("access_token", "a"),
                ("token_type", "Bearer"),
                ("expires_in", "300"),
                ("scope", "openid email"),
                ("id_token", "i"),
                ("session_state", "s.x"),
                ("iss", "https://id.example")
            ]
        );
    }
}
