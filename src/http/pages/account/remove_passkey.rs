//! `/account/passkeys/remove`: asks first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::passkeys::{done, passkey_view};
use crate::base::ids::CredentialId;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::PostedByMember;
use crate::http::pages::sign_in::BEFORE_PASSKEYS;
use crate::http::query::Asked;
use crate::http::render::{Sheet, see_other};
use crate::http::visitor::Member;
use crate::services::accounts::PasskeyRemoval;
use crate::view::pages::RemovePasskeyPage;
use crate::view::{Done, Trouble};

pub(super) async fn ask(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &member;
    if !app.provider.is_fresh(session) {
        return Ok(see_other(&app, visitor, BEFORE_PASSKEYS));
    }
    let id = query.get("id")?.and_then(CredentialId::parse).ok_or(Trouble::Gone)?;
    let own = app.provider.own_passkeys(session).await?;
    let is_last = own.len() == 1;
    let passkey = own.into_iter().find(|passkey| passkey.id == id).ok_or(Trouble::Gone)?;
    if is_last {
        return Err(Trouble::LastPasskey.into());
    }
    let signs_out = passkey.id == session.passkey_id;
    let page = RemovePasskeyPage { passkey: passkey_view(passkey), signs_out };
    Ok(Sheet::of(&app, visitor).await?.show(&page))
}

pub(super) async fn remove(
    State(app): State<Arc<App>>,
    posted: PostedByMember,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &posted.member;
    let id = CredentialId::parse(posted.field("id")?).ok_or(Trouble::Gone)?;
    match app.provider.remove_passkey(session, id, &visitor.origin).await? {
        PasskeyRemoval::Removed => Ok(done(&app, visitor, Done::PasskeyRemoved)),
        PasskeyRemoval::Last => Err(Trouble::LastPasskey.into()),
        PasskeyRemoval::Gone => Err(Trouble::Gone.into()),
        PasskeyRemoval::SignInFirst => Ok(see_other(&app, visitor, BEFORE_PASSKEYS)),
    }
}
