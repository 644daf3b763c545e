//! The answer of the authorization endpoint.

use super::{AuthorizationError, Issuer, State};
use crate::base::Secret;

/// What goes back to the client by way of the browser: a code or an error (RFC 6749 §4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationResponse {
    /// The person may come in.
    Code(Secret<String>),
    /// She may not, or the request was wrong.
    Error(AuthorizationError),
}

impl AuthorizationResponse {
    /// The parameters, in the order in which they are sent. Every answer names us (RFC 9207 §2) and carries the state
    /// as it came.
    pub fn params<'a>(
        &'a self,
        state: Option<&'a State>,
        issuer: &'a Issuer,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (first, second) = match self {
            Self::Code(code) => (("code", code.expose().as_str()), None),
            Self::Error(error) => {
                (("error", error.code.as_str()), Some(("error_description", error.description.as_ref())))
            }
        };
        std::iter::once(first)
            .chain(second)
            .chain(state.map(|state| ("state", state.as_str())))
            .chain(std::iter::once(("iss", issuer.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::AuthorizationErrorCode;

    #[test]
    fn every_answer_carries_state_and_iss__rfc9207_2() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        let state = State::parse("a b").unwrap();
        let code = AuthorizationResponse::Code(Secret::new("c".to_owned()));
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
}
