//! Parameters as they arrive: in the query of a GET, in the form body of a POST.

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};

use crate::protocol::{AuthorizationHeader, AuthorizationHeaderError, ParamsError, RawParams};

/// The most bytes of a form body; the router refuses larger ones with 413 before they are read whole.
pub const LARGEST_BODY: usize = 64 * 1024;

/// What is said where the headers of a proxy, or the body, cannot be read at all.
pub const UNREADABLE: &str = "The body did not arrive whole, or a header that a proxy sets (X-Forwarded-For, the certificate) cannot be read.";

/// Why a request's parameters cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Not `application/x-www-form-urlencoded`.
    #[error("The body must be application/x-www-form-urlencoded.")]
    ContentType,
    /// Not well-formed.
    #[error(transparent)]
    Params(#[from] ParamsError),
}

/// Reads a form body.
pub fn body_params(headers: &HeaderMap, body: &[u8]) -> Result<RawParams, FormError> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(FormError::ContentType);
    }
    Ok(RawParams::parse(body, LARGEST_BODY)?)
}

/// Reads the one Authorization header that a request may have.
pub fn authorization(
    headers: &HeaderMap,
) -> Result<Option<AuthorizationHeader<'_>>, AuthorizationHeaderError> {
    AuthorizationHeader::parse(headers.get_all(AUTHORIZATION).iter().map(|value| value.as_bytes()))
}
