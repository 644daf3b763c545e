//! A form that a page of another site posted for the person, asked again by GET.

use axum::response::Response;

use crate::http::App;
use crate::http::error::PageError;
use crate::http::render::redirect_stranger;
use crate::protocol::{Endpoint, RawParams};
use crate::services::authorization::LARGEST_REQUEST;
use crate::view::Trouble;

/// Browsers send no `SameSite=Lax` cookie with such a form, so here nobody is known. The same request by GET brings them
/// along; answering at once would take a signed-in person for a stranger, and give her browser a second cookie.
pub fn again_by_get(app: &App, endpoint: Endpoint, params: &RawParams) -> Result<Response, PageError> {
    let query = params.to_query();
    if query.len() > LARGEST_REQUEST {
        return Err(PageError::new(Trouble::TooLarge));
    }
    let here = app.provider.policy().issuer.path().to_owned() + endpoint.as_str();
    Ok(redirect_stranger(app, &format!("{here}?{query}")))
}
