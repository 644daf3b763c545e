//! How the authorization endpoint's answer travels.

use super::RawParams;
use super::error::{AuthorizationError, AuthorizationErrorCode};
use super::wire_enum::wire_enum;

wire_enum! {
    /// A response mode (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode, JARM §2.3).
    ResponseMode {
        /// In the query of the redirect URI.
        Query = "query",
        /// In its fragment.
        Fragment = "fragment",
        /// Posted there by a page.
        FormPost = "form_post",
        /// As a signed JWT, where the response type's answers go by default. Understood as the one or the other of the next.
        Jwt = "jwt",
        /// As a signed JWT in the query.
        QueryJwt = "query.jwt",
        /// As a signed JWT in the fragment.
        FragmentJwt = "fragment.jwt",
        /// As a signed JWT, posted.
        FormPostJwt = "form_post.jwt",
    }
}

impl ResponseMode {
    /// The mode that `params` asks for; where none is named, the default of the response type (Multiple Response
    /// Types §2.1).
    ///
    /// Known before the request is judged as a whole, because errors travel the same way.
    pub fn of(params: &RawParams) -> Result<Self, AuthorizationError> {
        let invalid = |description: &'static str| {
            AuthorizationError::new(AuthorizationErrorCode::InvalidRequest, description)
        };
        let mode = match params.get("response_mode")? {
            None => return Ok(Self::default_of(params)),
            Some(text) => Self::parse(text).ok_or_else(|| {
                invalid("response_mode must be query, fragment or form_post, jwt, or one of them with .jwt after it.")
            })?,
        };
        match mode {
            // Multiple Response Types §5, JARM §2.3.1: what stands in a query stands in logs and referrers.
            Self::Query | Self::QueryJwt if wants_tokens(params) => Err(invalid(
                "The query carries no tokens; leave response_mode out, or send fragment or form_post.",
            )),
            // JARM §2.3.4.
            Self::Jwt if wants_tokens(params) => Ok(Self::FragmentJwt),
            Self::Jwt => Ok(Self::QueryJwt),
            mode => Ok(mode),
        }
    }

    /// The mode in which `params` are answered that name none, or none that can be used.
    pub fn default_of(params: &RawParams) -> Self {
        let asked = params.get("response_mode").ok().flatten().and_then(Self::parse);
        match (wants_tokens(params), asked.is_some_and(Self::is_signed)) {
            (true, true) => Self::FragmentJwt,
            (true, false) => Self::Fragment,
            (false, true) => Self::QueryJwt,
            (false, false) => Self::Query,
        }
    }

    /// Whether the answer is a signed JWT (JARM).
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Jwt | Self::QueryJwt | Self::FragmentJwt | Self::FormPostJwt)
    }
}

/// Whether a token is asked for, be it in words that are not served: the error travels where the token would have.
fn wants_tokens(params: &RawParams) -> bool {
    let response_type = params.get("response_type").ok().flatten().unwrap_or_default();
    response_type.split(' ').any(|word| matches!(word, "id_token" | "token"))
}
