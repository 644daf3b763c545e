//! A plan, as operators read it before they agree. Secrets are never in it.

use serde_json::Value;

use crate::base::text::fold;
use crate::domain::client::{Bilingual, Client, ClientStatus, LegacyException};
use crate::services::client_changes::{ClientChange, DesiredClient, SecretChange};
use crate::services::clients::Registered;

/// Our own name, which is no system's.
const OURS: &str = "khue";
/// Where nothing stands.
const NOTHING: &str = "nothing";
/// What is told of a new system: where people are sent, where we call, what it learns of them, which resources it is and
/// may call, for whom its word counts.
const TELLING: [&str; 11] = [
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "scope",
    "claims",
    "protected_resources",
    "resources",
    "exchanges",
    "jwt_bearer_subjects",
    "vouches_for_software",
    "vouches_for_workloads",
];

/// A system: its line, and below it what it gets, or what becomes of it, and the risks that it is let run.
pub fn entry(change: &ClientChange) -> String {
    let mut lines = vec![line(change)];
    for member in &change.members {
        let (name, after) = (&member.name, said(member.after.as_ref()));
        if change.registered != Registered::Added {
            lines.push(format!("    {name}: {} → {after}", said(member.before.as_ref())));
        } else if TELLING.contains(&name.as_str()) && ![NOTHING, "false"].contains(&after.as_str()) {
            lines.push(format!("    {name}: {after}"));
        }
    }
    let risk = |exception: &LegacyException| format!("    ! {}: {}", exception.name(), exception.risk());
    lines.extend(change.exceptions.iter().map(risk));
    lines.join("\n")
}

/// A word on each system of `desired` that is called like another one, or like us: people go by the name.
pub fn namesakes(desired: &[DesiredClient], registered: &[Client]) -> Vec<String> {
    let after = |client: &&Client| {
        desired.iter().all(|one| one.registration.client_id != client.registration.client_id)
    };
    let kept = registered.iter().filter(after).map(|client| &client.registration);
    let all: Vec<_> = desired.iter().map(|one| &one.registration).chain(kept).collect();
    let names = |name: &Bilingual| [fold(&name.vi), fold(&name.en)];
    let mut words = Vec::new();
    for one in desired.iter().map(|one| &one.registration) {
        let own = names(&one.client_name);
        if own.iter().any(|name| name == OURS) {
            words.push(format!("warning: {} is called like this service itself", one.client_id));
        }
        for other in all.iter().filter(|other| other.client_id != one.client_id) {
            if names(&other.client_name).iter().any(|name| own.contains(name)) {
                words.push(format!("warning: {} is called like {}", one.client_id, other.client_id));
            }
        }
    }
    words
}

/// A member's value in a line.
fn said(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => NOTHING.to_owned(),
        Some(Value::String(text)) if text.is_empty() => NOTHING.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.is_empty() => NOTHING.to_owned(),
        Some(Value::Array(items)) => items.iter().map(|item| said(Some(item))).collect::<Vec<_>>().join(", "),
        Some(Value::Object(members)) => told(members),
        Some(other) => other.to_string(),
    }
}

/// A claim with its right, a resource with its scopes and whose tokens lead there, a workload with who vouches for it, a logo
/// by its size, a text in both languages; anything else as it is.
fn told(members: &serde_json::Map<String, Value>) -> String {
    let text = |name: &str| said(members.get(name));
    if members.contains_key("basis") {
        let essential = if members.get("essential") == Some(&Value::Bool(true)) { ",essential" } else { "" };
        return format!("{}={}{essential} ({})", text("claim"), text("basis"), text("purpose"));
    }
    if members.contains_key("from") {
        return format!("{} ({}) for {}", text("resource"), text("scope"), text("from"));
    }
    if members.contains_key("subject") {
        return format!("{} by {}", text("subject"), text("issuer"));
    }
    if members.contains_key("resource") {
        return format!("{} ({})", text("resource"), text("scope"));
    }
    if members.contains_key("media_type") {
        return format!("{}, {} bytes", text("media_type"), text("data").len() * 3 / 4);
    }
    match members.contains_key("vi") {
        true => format!("{} / {}", text("vi"), text("en")),
        false => Value::Object(members.clone()).to_string(),
    }
}

/// One line a system: `+` added, `~` changed, `=` as it is.
fn line(change: &ClientChange) -> String {
    let (sign, mut parts) = match &change.registered {
        Registered::Added => ('+', vec!["added".to_owned()]),
        Registered::Changed(fields) => ('~', vec![format!("changed: {}", fields.join(", "))]),
        Registered::Unchanged if change.is_nothing() => ('=', vec!["unchanged".to_owned()]),
        Registered::Unchanged => ('~', Vec::new()),
    };
    match change.secret {
        SecretChange::Kept => {}
        SecretChange::Given if sign == '+' => parts.push("secret: the given one".to_owned()),
        SecretChange::Given => {
            parts.push("secret: the given one; former ones stay good for seven days".to_owned())
        }
        SecretChange::Generated => parts.push("secret: one is made".to_owned()),
    }
    match change.status {
        Some(ClientStatus::Active) => parts.push("enabled".to_owned()),
        Some(ClientStatus::Disabled) => parts.push("disabled".to_owned()),
        None => {}
    }
    format!("{sign} {}  {}", change.client, parts.join("; "))
}
