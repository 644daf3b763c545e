//! A client's wish to sign the person out.

use super::opaque_text::{OpaqueParamError, opaque};
use super::{ClientId, IdTokenHint, Locale, LoginHint, RawParams, Repeated, State};

/// A request to the end-session endpoint (RP-Initiated Logout 1.0 §2). All of it is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogoutRequest {
    /// An ID token that we gave to the client: says who and from where.
    pub id_token_hint: Option<IdTokenHint>,
    /// The client, where there is no hint or in agreement with it.
    pub client_id: Option<ClientId>,
    /// Where the person wants to go afterwards; nothing is sent there unless it is registered.
    pub post_logout_redirect_uri: Option<String>,
    /// Given back there.
    pub state: Option<State>,
    /// Who the client thinks is signed in.
    pub logout_hint: Option<LoginHint>,
    /// The first language of `ui_locales` that we serve.
    pub ui_locale: Option<Locale>,
}

/// Why a sign-out request can't be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoutRequestError {
    /// A parameter that came twice, is too long, or contains what can't be given back.
    #[error(transparent)]
    Param(#[from] OpaqueParamError),
    /// The client can't exist.
    #[error("The client_id is not the name of a client.")]
    ClientId,
}

impl From<Repeated> for LogoutRequestError {
    fn from(repeated: Repeated) -> Self {
        Self::Param(repeated.into())
    }
}

impl LogoutRequest {
    /// Reads a request.
    pub fn parse(params: &RawParams) -> Result<Self, LogoutRequestError> {
        let client_id = params.get("client_id")?.map(ClientId::parse).transpose();
        Ok(Self {
            id_token_hint: opaque(params, "id_token_hint", IdTokenHint::parse)?,
            client_id: client_id.map_err(|_| LogoutRequestError::ClientId)?,
            post_logout_redirect_uri: params.get("post_logout_redirect_uri")?.map(str::to_owned),
            state: opaque(params, "state", State::parse)?,
            logout_hint: opaque(params, "logout_hint", LoginHint::parse)?,
            ui_locale: params.get("ui_locales")?.and_then(Locale::from_ui_locales),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<LogoutRequest, LogoutRequestError> {
        LogoutRequest::parse(&RawParams::parse(query.as_bytes(), 8192).unwrap())
    }

    #[test]
    fn everything_is_optional__rp_initiated_logout_2() {
        assert_eq!(parse("unknown=1"), Ok(LogoutRequest::default()));
        let request = parse(
            "id_token_hint=a.b.c&client_id=rp&post_logout_redirect_uri=https%3A%2F%2Frp.example%2Fbye\
             &state=s&logout_hint=an&ui_locales=en",
        )
        .unwrap();
        assert_eq!(request.id_token_hint.as_ref().map(IdTokenHint::as_str), Some("a.b.c"));
        assert_eq!(request.client_id.as_ref().map(ClientId::as_str), Some("rp"));
        assert_eq!(request.post_logout_redirect_uri.as_deref(), Some("https://rp.example/bye"));
        assert_eq!(request.state.as_ref().map(State::as_str), Some("s"));
        assert_eq!(request.logout_hint.as_ref().map(LoginHint::as_str), Some("an"));
        assert_eq!(request.ui_locale, Some(Locale::En));
    }

    #[test]
    fn repeated_or_malformed_parameters_are_refused() {
        for query in ["state=a&state=b", "client_id=a%20b", "state=a%0A", "logout_hint=a&logout_hint=a"] {
            assert!(parse(query).is_err(), "{query}");
        }
    }
}
