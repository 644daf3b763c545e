//! A plan, as operators read it before they agree. Secrets are never in it.

use crate::domain::client::ClientStatus;
use crate::services::client_changes::{ClientChange, SecretChange};
use crate::services::clients::Registered;

/// One line a system: `+` added, `~` changed, `=` as it is.
pub fn line(change: &ClientChange) -> String {
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
