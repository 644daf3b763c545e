//! `/help`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::http::App;
use crate::http::error::PageError;
use crate::http::render::Sheet;
use crate::http::visitor::Visitor;
use crate::view::pages::HelpPage;

pub(super) async fn help(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Response, PageError> {
    Ok(Sheet::of(&app, &visitor).await?.show(&HelpPage))
}
