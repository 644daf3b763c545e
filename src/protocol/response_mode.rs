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
    /// The mode that `params` asks for; `query` where none is named, the default of the code flow.
    ///
    /// Known before the request is judged as a whole, because errors travel the same way.
    pub fn of(params: &RawParams) -> Result<Self, AuthorizationError> {
        match params.get("response_mode")? {
            None => Ok(Self::Query),
            Some(text) => Self::parse(text).ok_or(AuthorizationError {
                code: AuthorizationErrorCode::InvalidRequest,
                description: "response_mode must be query, fragment or form_post.".into(),
            }),
        }
    }
}
