//! The page on which a person says whether it is the account that is signed in (`prompt=select_account`).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::authorize::resume;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::Posted;
use crate::http::pages::{Towards, onward};
use crate::http::render::{Sheet, see_other};
use crate::http::visitor::Visitor;
use crate::services::authorization::Interaction;
use crate::view::pages::SelectAccountPage;

/// Shows who is signed in, and the way to somebody else.
pub async fn show(app: &App, visitor: &Visitor, interaction: &Interaction) -> Result<Response, PageError> {
    let sealed = app.provider.seal_interaction(&visitor.holder, interaction);
    let towards = Towards { interaction, sealed: &sealed };
    let sheet = towards.on(Sheet::of(app, visitor).await?).at(&towards.path());
    Ok(sheet.show(&SelectAccountPage { interaction: sealed.clone() }))
}

/// `POST /select-account`: it is. Whoever was signed out meanwhile is asked to sign in.
pub async fn chosen(State(app): State<Arc<App>>, posted: Posted) -> Result<Response, PageError> {
    let visitor = &posted.visitor;
    let mut interaction = resume(&app, visitor, posted.field("interaction")?)?;
    if let Some(session) = &visitor.session {
        interaction.choose(session);
    }
    let sealed = app.provider.seal_interaction(&visitor.holder, &interaction);
    Ok(see_other(&app, visitor, &onward(&sealed)))
}
