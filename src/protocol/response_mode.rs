//! How the authorization endpoint's answer travels.

use super::RawParams;
use super::error::{AuthorizationError, AuthorizationErrorCode};
use super::wire_enum::wire_enum;

wire_enum! {
    /// A response mode (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode).
    ResponseMode {
        /// In the query of the redirect URI.
        Query = "query",
        /// In its fragment.
        Fragment = "fragment",
        /// Posted there by a page.
        FormPost = "form_post",
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
            Some(text) => Self::parse(text)
                .ok_or_else(|| invalid("response_mode must be query, fragment or form_post."))?,
        };
        // Multiple Response Types §5: what stands in a query stands in logs and referrers.
        if mode == Self::Query && wants_tokens(params) {
            return Err(invalid(
                "response_mode=query carries no tokens; leave it out, or send fragment or form_post.",
            ));
        }
        Ok(mode)
    }

    /// The mode in which `params` are answered that name none, or none that can be used.
    pub fn default_of(params: &RawParams) -> Self {
        if wants_tokens(params) { Self::Fragment } else { Self::Query }
    }
}

/// Whether a token is asked for, be it in words that are not served: the error travels where the token would have.
fn wants_tokens(params: &RawParams) -> bool {
    let response_type = params.get("response_type").ok().flatten().unwrap_or_default();
    response_type.split(' ').any(|word| matches!(word, "id_token" | "token"))
}
