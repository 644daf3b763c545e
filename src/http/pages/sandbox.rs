//! `/sandbox/sign-in`: coming in as one of the invented people, by a form that needs no script. Only in a sandbox.

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;

use super::{Carried, Towards};
use crate::domain::invented::PEOPLE;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::Posted;
use crate::http::render::see_other;
use crate::http::visitor::Visitor;
use crate::services::sandbox::{Choice, Chosen};
use crate::view::Trouble;
use crate::view::pages::PersonOffer;

/// A request to an instance that is a sandbox. To any other there is no such page, whatever was sent with it.
pub(super) struct Sandbox;

impl FromRequestParts<Arc<App>> for Sandbox {
    type Rejection = PageError;

    async fn from_request_parts(_: &mut Parts, app: &Arc<App>) -> Result<Self, PageError> {
        match app.provider.policy().sandbox {
            true => Ok(Self),
            false => Err(Trouble::NotFound.into()),
        }
    }
}

/// As whom anybody may sign in here: nobody, but in a sandbox.
pub(super) fn people(app: &App, visitor: &Visitor) -> Vec<PersonOffer> {
    if !app.provider.policy().sandbox {
        return Vec::new();
    }
    let present = visitor.session.as_ref().map(|session| session.account_id);
    PEOPLE
        .iter()
        .map(|person| PersonOffer { person, is_present: present == Some(person.account()) })
        .collect()
}

pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    _: Sandbox,
    mut posted: Posted,
) -> Result<Response, PageError> {
    let sealed = posted.field("interaction")?.to_owned();
    let carried = Carried::open(&app, &mut posted.visitor, &sealed)?;
    let towards = carried.as_ref().map(Carried::towards);
    let choice = Choice {
        person: posted.field("person")?,
        current: posted.visitor.session.as_ref(),
        client: towards.map(Towards::client_id),
        origin: &posted.visitor.origin,
    };
    match app.provider.sign_in_as(&choice).await? {
        Chosen::SignedIn(token) => {
            posted.visitor.keep_session(&app, token.expose());
            let next = towards.map_or_else(|| "/account".to_owned(), Towards::path);
            Ok(see_other(&app, &posted.visitor, &next))
        }
        Chosen::Unknown | Chosen::Refused => Err(Trouble::BadInput.into()),
        Chosen::NoSandbox => Err(Trouble::NotFound.into()),
    }
}
