//! `/account/systems`: which systems receive what, and taking it back.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::domain::client::LegalBasis;
use crate::http::App;
use crate::http::error::PageError;
use crate::http::form_token::PostedByMember;
use crate::http::query::Asked;
use crate::http::render::{Sheet, see_other, system_view};
use crate::http::visitor::Member;
use crate::protocol::{ClientId, Locale};
use crate::services::accounts::{ConnectedSystem, Withdrawal};
use crate::view::pages::{ConnectedSystem as ConnectedView, SystemsPage, WithdrawPage};
use crate::view::{Done, Shared, SharedBy, Trouble};

pub(super) async fn open(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &member;
    let connected = app.provider.connected_systems(session).await?;
    let systems = connected.iter().map(|system| connected_view(&app, system, visitor.locale())).collect();
    Ok(Sheet::of(&app, visitor).await?.after(query.done()?).show(&SystemsPage { systems }))
}

pub(super) async fn ask(
    State(app): State<Arc<App>>,
    member: Member,
    query: Asked,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &member;
    let id = query.get("id")?.unwrap_or_default();
    let connected = app.provider.connected_systems(session).await?;
    let system = connected.iter().find(|system| system.consent.client_id.as_str() == id);
    let system = system.filter(|system| system.rests_on_consent()).ok_or(Trouble::Gone)?;
    let page = WithdrawPage { connected: connected_view(&app, system, visitor.locale()) };
    Ok(Sheet::of(&app, visitor).await?.show(&page))
}

pub(super) async fn withdraw(
    State(app): State<Arc<App>>,
    posted: PostedByMember,
) -> Result<Response, PageError> {
    let Member { visitor, session } = &posted.member;
    let client = ClientId::parse(posted.field("id")?).map_err(|_| Trouble::Gone)?;
    match app.provider.withdraw_consent(session, &client, &visitor.origin).await? {
        Withdrawal::Withdrawn => {
            let done = Done::ConsentWithdrawn.code();
            Ok(see_other(&app, visitor, &format!("/account/systems?{}={done}", Done::PARAMETER)))
        }
        Withdrawal::Nothing => Err(Trouble::Gone.into()),
    }
}

fn connected_view(app: &App, system: &ConnectedSystem, locale: Locale) -> ConnectedView {
    let stays = system.stays_connected().then_some((Shared::StayConnected, LegalBasis::Consent));
    let received = system.received().map(|(claim, basis)| (claim.into(), basis));
    ConnectedView {
        id: system.consent.client_id.as_str().to_owned(),
        system: system_view(app, &system.client, locale),
        purpose: Some(system.client.registration.client_purpose.get(locale).to_owned()),
        shared: SharedBy::group(received.chain(stays)),
        called: system.consent.terms.resources.values().map(|one| one.name.get(locale).to_owned()).collect(),
        open: system.way_in().map(|uri| uri.at(&app.provider.policy().issuer)),
        can_withdraw: system.rests_on_consent(),
        since: system.consent.confirmed_at,
        last_used: system.last_release,
    }
}
