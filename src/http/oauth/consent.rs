//! The page on which a person sees what will be shared, before anything is.

use axum::response::Response;

use crate::domain::client::Client;
use crate::domain::client::LegalBasis;
use crate::domain::interaction::{OfferedClaim, OfferedResource};
use crate::http::App;
use crate::http::error::PageError;
use crate::http::pages::Towards;
use crate::http::render::Sheet;
use crate::http::visitor::Visitor;
use crate::protocol::{Locale, Scope};
use crate::services::authorization::{ConsentPage, Interaction};
use crate::view::pages::CalledView;
use crate::view::{ClaimView, DetailView, Shared, pages};

/// Shows what `interaction` asks for.
pub async fn show(
    app: &App,
    visitor: &Visitor,
    interaction: &Interaction,
    page: &ConsentPage,
) -> Result<Response, PageError> {
    let client = interaction.client();
    let sealed = app.provider.seal_interaction(&visitor.holder, interaction);
    let towards = Towards { interaction, sealed: &sealed };
    let sheet = towards.on(Sheet::of(app, visitor).await?).at(&towards.path());
    let locale = sheet.locale();
    let (essential, optional): (Vec<&OfferedClaim>, Vec<&OfferedClaim>) =
        page.offer.claims.iter().partition(|offered| !offered.is_choice());
    let view = |offered: &&OfferedClaim| claim_view(offered, page, locale);
    let mut essential: Vec<ClaimView> = essential.iter().map(view).collect();
    if page.offer.scopes.contains(Scope::OfflineAccess) {
        essential.push(stay_connected(client, locale));
    }
    Ok(sheet.show(&pages::ConsentPage {
        interaction: sealed,
        purpose: Some(client.registration.client_purpose.get(locale).to_owned()),
        responsible: client.registration.contacts.first().cloned(),
        policy: client.registration.policy_uri.clone(),
        terms: client.registration.tos_uri.clone(),
        essential,
        optional: optional.iter().map(view).collect(),
        called: page.offer.resources.iter().map(|offered| called_view(offered, locale)).collect(),
        details: page.offer.details.iter().map(|offered| DetailView::of(offered, locale)).collect(),
    }))
}

fn claim_view(offered: &OfferedClaim, page: &ConsentPage, locale: Locale) -> ClaimView {
    let grant = &offered.grant;
    ClaimView {
        what: grant.claim.into(),
        value: page.values.get(&grant.claim).cloned(),
        purpose: Some(grant.purpose.get(locale).to_owned()),
        basis: grant.basis,
    }
}

fn called_view(offered: &OfferedResource, locale: Locale) -> CalledView {
    CalledView {
        name: offered.name.get(locale).to_owned(),
        resource: offered.resource.as_str().to_owned(),
        rights: offered.scopes.iter().map(str::to_owned).collect(),
    }
}

fn stay_connected(client: &Client, locale: Locale) -> ClaimView {
    ClaimView {
        what: Shared::StayConnected,
        value: None,
        purpose: Some(client.registration.client_purpose.get(locale).to_owned()),
        basis: LegalBasis::Consent,
    }
}
