//! One entry of the log, in the person's words.

use serde_json::Value;

use crate::domain::audit::{AuditEntry, EventKind};
use crate::domain::client::LegalBasis;
use crate::http::App;
use crate::protocol::{Amr, ClaimName, ClientId, Locale, ResourceUri, Scope, ScopeSet};
use crate::services::audit::OwnEntry;
use crate::view::agent::device_name;
use crate::view::pages::{LogEntry, LogEvent, Proof};
use crate::view::{DetailView, Shared, SharedBy};

pub(super) fn log_entry(app: &App, own: &OwnEntry, locale: Locale) -> LogEntry {
    let (entry, place) = (&own.entry, own.personal.place.as_ref());
    let facts = entry.facts();
    let shared = SharedBy::group(shared(&facts).chain(staying(entry, &facts)));
    let called: Vec<String> = called(app, &facts, locale).collect();
    let event = entry.kind().map_or(LogEvent::Other, LogEvent::from);
    let event = event.by(&methods(&facts)).because(entry.reason.as_deref());
    let agreed: Vec<_> = own.personal.agreed.iter().map(|one| DetailView::of(&one.offered, locale)).collect();
    LogEntry {
        id: entry.id.to_string(),
        at: entry.at,
        // What is done in her name rests on her consent, whatever the claims rest on.
        event: if called.is_empty() && agreed.is_empty() { event.resting_on(&shared) } else { event },
        system: system(app, entry, locale),
        shared,
        asked: claims(&facts).filter_map(asked).collect(),
        called,
        agreed,
        place: place.map(|place| place.address.to_string()),
        device: place.and_then(|place| place.device.as_deref()).and_then(device_name),
        detail: own.personal.label.clone(),
        proof: own.place.map_or(Proof::Waiting, |position| Proof::Sealed { position }),
    }
}

/// By what means somebody signed in.
fn methods(facts: &Value) -> Vec<Amr> {
    facts.get("amr").and_then(|listed| serde_json::from_value(listed.clone()).ok()).unwrap_or_default()
}

/// The system's name; of one that is no longer on the register, what it was registered as.
fn system(app: &App, entry: &AuditEntry, locale: Locale) -> Option<String> {
    let id = entry.client.as_deref()?;
    let client = ClientId::parse(id).ok().and_then(|id| app.provider.known_client(&id));
    Some(
        client.map_or_else(|| id.to_owned(), |client| client.registration.client_name.get(locale).to_owned()),
    )
}

/// What was shared is recorded with the right by which it was; what was only asked for, by its name.
fn claims(facts: &Value) -> impl Iterator<Item = &Value> {
    facts.get("claims").and_then(Value::as_array).into_iter().flatten()
}

fn shared(facts: &Value) -> impl Iterator<Item = (Shared, LegalBasis)> {
    claims(facts).filter_map(|listed| {
        let claim = listed.get("claim")?.as_str().and_then(ClaimName::parse)?;
        let basis = serde_json::from_value(listed.get("basis")?.clone()).ok()?;
        Some((claim.into(), basis))
    })
}

/// An agreement that a system stays connected is one, whatever the claims rest on.
fn staying(entry: &AuditEntry, facts: &Value) -> Option<(Shared, LegalBasis)> {
    let scopes = ScopeSet::parse(facts.get("scopes")?.as_str()?);
    let agreed = entry.kind() == Some(EventKind::ConsentGiven) && scopes.contains(Scope::OfflineAccess);
    agreed.then_some((Shared::StayConnected, LegalBasis::Consent))
}

/// The systems that were to be called in the person's name; one that is on the register no longer, by its address.
fn called(app: &App, facts: &Value, locale: Locale) -> impl Iterator<Item = String> {
    let listed = facts
        .get("audience")
        .and_then(|listed| serde_json::from_value::<Vec<ResourceUri>>(listed.clone()).ok());
    let others =
        listed.into_iter().flatten().filter(|one| one.as_str() != app.provider.policy().issuer.as_str());
    others.map(move |resource| app.provider.resource_name(&resource, locale))
}

fn asked(listed: &Value) -> Option<Shared> {
    listed.as_str().and_then(ClaimName::parse).map(Shared::from)
}
