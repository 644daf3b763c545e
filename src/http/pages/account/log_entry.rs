//! One entry of the log, in the person's words.

use serde_json::Value;

use crate::domain::audit::AuditEntry;
use crate::domain::client::LegalBasis;
use crate::http::App;
use crate::protocol::{ClaimName, ClientId, Locale};
use crate::services::audit::OwnEntry;
use crate::view::Shared;
use crate::view::agent::device_name;
use crate::view::pages::{LogEntry, LogEvent, Proof};

pub(super) fn log_entry(app: &App, own: &OwnEntry, locale: Locale) -> LogEntry {
    let (entry, place) = (&own.entry, own.personal.place.as_ref());
    let facts = entry.facts();
    LogEntry {
        id: entry.id.to_string(),
        at: entry.at,
        event: entry.kind().map_or(LogEvent::Other, LogEvent::from),
        system: system(app, entry, locale),
        shared: claims(&facts).filter_map(claim).map(Shared::from).collect(),
        basis: claims(&facts).find_map(basis),
        place: place.map(|place| place.address.to_string()),
        device: place.and_then(|place| place.device.as_deref()).and_then(device_name),
        detail: own.personal.label.clone(),
        proof: own.place.map_or(Proof::Waiting, |position| Proof::Sealed { position }),
    }
}

/// The system's name; of one that is no longer on the register, what it was registered as.
fn system(app: &App, entry: &AuditEntry, locale: Locale) -> Option<String> {
    let id = entry.client.as_deref()?;
    let client = ClientId::parse(id).ok().and_then(|id| app.provider.known_client(&id));
    Some(
        client.map_or_else(|| id.to_owned(), |client| client.registration.client_name.get(locale).to_owned()),
    )
}

/// Events list claims by name, or with the right by which each was shared.
fn claims(facts: &Value) -> impl Iterator<Item = &Value> {
    facts.get("claims").and_then(Value::as_array).into_iter().flatten()
}

fn claim(listed: &Value) -> Option<ClaimName> {
    listed.get("claim").unwrap_or(listed).as_str().and_then(ClaimName::parse)
}

fn basis(listed: &Value) -> Option<LegalBasis> {
    serde_json::from_value(listed.get("basis")?.clone()).ok()
}
