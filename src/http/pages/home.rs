//! `/`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::http::App;
use crate::http::error::PageError;
use crate::http::render::Sheet;
use crate::http::visitor::Visitor;
use crate::protocol::Endpoint;
use crate::view::pages::HomePage;

pub(super) async fn home(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Response, PageError> {
    let discovery = app.provider.policy().issuer.endpoint(Endpoint::OpenidConfiguration);
    Ok(Sheet::of(&app, &visitor).await?.show(&HomePage { discovery }))
}
