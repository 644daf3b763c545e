//! Which columns an event fills.

use serde_json::{Value, json};

use super::event::Event;
use super::kind::{EventKind, Outcome};
use crate::base::ids::{AccountId, FamilyId, SessionId};
use crate::domain::access::Access;
use crate::domain::signing_key::SigningKeyState;
use crate::protocol::client_id::ClientId;

/// The columns that come from the event itself.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub kind: EventKind,
    pub outcome: Outcome,
    pub subject: Option<AccountId>,
    pub client: Option<&'a ClientId>,
    pub session: Option<SessionId>,
    pub family: Option<FamilyId>,
    pub reason: Option<&'static str>,
    pub facts: Value,
}

impl<'a> Parts<'a> {
    fn of(kind: EventKind) -> Self {
        let facts = Value::Object(serde_json::Map::new());
        Self {
            kind,
            outcome: Outcome::Done,
            subject: None,
            client: None,
            session: None,
            family: None,
            reason: None,
            facts,
        }
    }

    fn refused(self) -> Self {
        Self { outcome: Outcome::Refused, ..self }
    }

    fn subject(self, account: AccountId) -> Self {
        Self { subject: Some(account), ..self }
    }

    fn session(self, session: SessionId) -> Self {
        Self { session: Some(session), ..self }
    }

    fn client(self, client: &'a ClientId) -> Self {
        Self { client: Some(client), ..self }
    }

    fn family(self, family: FamilyId) -> Self {
        Self { family: Some(family), ..self }
    }

    fn reason(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    fn facts(self, facts: Value) -> Self {
        Self { facts, ..self }
    }
}

impl Event {
    /// What kind of event it is.
    pub fn kind(&self) -> EventKind {
        self.parts().kind
    }

    #[expect(clippy::too_many_lines, reason = "one arm an event: the table that docs/audit.md prints")]
    pub(super) fn parts(&self) -> Parts<'_> {
        use EventKind as Kind;
        match self {
            Self::InstanceInitialised { version } => {
                Parts::of(Kind::InstanceInitialised).facts(json!({ "version": version }))
            }
            Self::AccountCreated { account } => Parts::of(Kind::AccountCreated).subject(*account),
            Self::ProfileChanged { account, session, fields } => Parts::of(Kind::ProfileChanged)
                .subject(*account)
                .session(*session)
                .facts(json!({ "fields": fields })),
            Self::PasskeyAdded { account, session, passkey, synced } => {
                let parts = Parts::of(Kind::PasskeyAdded)
                    .subject(*account)
                    .facts(json!({ "passkey": passkey, "synced": synced }));
                Parts { session: *session, ..parts }
            }
            Self::PasskeyRemoved { account, session, passkey } => Parts::of(Kind::PasskeyRemoved)
                .subject(*account)
                .session(*session)
                .facts(json!({ "passkey": passkey })),
            Self::SessionStarted { account, session, client, passkey, acr, amr } => {
                let parts = Parts::of(Kind::SessionStarted)
                    .subject(*account)
                    .session(*session)
                    .facts(json!({ "passkey": passkey, "acr": acr, "amr": amr }));
                Parts { client: client.as_ref(), ..parts }
            }
            Self::SessionRenewed { account, session, client, passkey, acr, amr } => {
                let parts = Parts::of(Kind::SessionRenewed)
                    .subject(*account)
                    .session(*session)
                    .facts(json!({ "passkey": passkey, "acr": acr, "amr": amr }));
                Parts { client: client.as_ref(), ..parts }
            }
            Self::SessionEnded { account, session, why } => {
                Parts::of(Kind::SessionEnded).subject(*account).session(*session).reason(why.as_str())
            }
            Self::SignInFailed { account, client, why } => {
                let parts = Parts::of(Kind::SignInFailed).refused().reason(why.as_str());
                Parts { subject: *account, client: client.as_ref(), ..parts }
            }
            Self::ConsentGiven {
                account,
                session,
                client,
                consent,
                scopes,
                access,
                details,
                claims,
                acr,
                text_version,
            } => {
                let mut facts = json!({
                    "consent": consent, "scopes": scopes, "claims": claims, "acr": acr, "text_version": text_version,
                });
                if let (false, Some(facts)) = (details.is_empty(), facts.as_object_mut()) {
                    facts.insert("details".to_owned(), json!(details));
                }
                let parts = Parts::of(Kind::ConsentGiven).subject(*account).session(*session).client(client);
                parts.facts(reaching(facts, access))
            }
            Self::ConsentDeclined { account, session, client, claims } => Parts::of(Kind::ConsentDeclined)
                .refused()
                .subject(*account)
                .session(*session)
                .client(client)
                .facts(json!({ "claims": claims })),
            Self::ConsentWithdrawn { account, session, client, consent } => Parts::of(Kind::ConsentWithdrawn)
                .subject(*account)
                .session(*session)
                .client(client)
                .facts(json!({ "consent": consent })),
            Self::DeviceApproved { account, session, client } => {
                Parts::of(Kind::DeviceApproved).subject(*account).session(*session).client(client)
            }
            Self::DeviceDeclined { account, session, client } => {
                Parts::of(Kind::DeviceDeclined).refused().subject(*account).session(*session).client(client)
            }
            Self::AuthorizationRefused { account, session, client, why, is_device } => {
                let parts = Parts::of(Kind::AuthorizationRefused)
                    .refused()
                    .subject(*account)
                    .session(*session)
                    .client(client)
                    .reason(why.as_str());
                if *is_device { parts.facts(json!({ "by": "device" })) } else { parts }
            }
            Self::TokensIssued {
                account,
                session,
                client,
                family,
                scopes,
                access,
                acr,
                offline,
                by,
                bound,
            } => {
                let facts =
                    json!({ "scopes": scopes, "acr": acr, "offline": offline, "by": by, "bound": bound });
                Parts::of(Kind::TokensIssued)
                    .subject(*account)
                    .session(*session)
                    .client(client)
                    .family(*family)
                    .facts(reaching(facts, access))
            }
            Self::CodeReused { account, client, family } => {
                Parts::of(Kind::CodeReused).refused().subject(*account).client(client).family(*family)
            }
            Self::CodeRefused { account, session, client, why } => Parts::of(Kind::CodeRefused)
                .refused()
                .subject(*account)
                .session(*session)
                .client(client)
                .reason(why.as_str()),
            Self::TokensRefreshed { account, client, family, scopes, access, bound } => {
                Parts::of(Kind::TokensRefreshed)
                    .subject(*account)
                    .client(client)
                    .family(*family)
                    .facts(reaching(json!({ "scopes": scopes, "bound": bound }), access))
            }
            Self::ServiceTokensIssued { client, audience, scopes, details, bound, workload } => {
                let mut facts = json!({ "audience": audience, "scopes": scopes, "bound": bound });
                if let (false, Some(facts)) = (details.is_empty(), facts.as_object_mut()) {
                    facts.insert("details".to_owned(), json!(details));
                }
                if let (Some(workload), Some(facts)) = (workload, facts.as_object_mut()) {
                    facts.insert("vouched_by".to_owned(), json!(workload.issuer));
                    facts.insert("workload".to_owned(), json!(workload.subject));
                }
                Parts::of(Kind::ServiceTokensIssued).client(client).facts(facts)
            }
            Self::ServiceTokenRevoked { client, token } => {
                Parts::of(Kind::ServiceTokenRevoked).client(client).facts(json!({ "token": token }))
            }
            Self::TokenExchanged { account, client, family, from, audience, scopes } => {
                Parts::of(Kind::TokenExchanged)
                    .subject(*account)
                    .client(client)
                    .family(*family)
                    .facts(json!({ "from": from, "audience": audience, "scopes": scopes }))
            }
            Self::RefreshReused { account, client, family } => {
                Parts::of(Kind::RefreshReused).refused().subject(*account).client(client).family(*family)
            }
            Self::RefreshRefused { account, client, family, why } => Parts::of(Kind::RefreshRefused)
                .refused()
                .subject(*account)
                .client(client)
                .family(*family)
                .reason(why.as_str()),
            Self::FamilyEnded { account, client, family, why } => Parts::of(Kind::FamilyEnded)
                .subject(*account)
                .client(client)
                .family(*family)
                .reason(why.as_str()),
            Self::ClaimsReleased { account, client, family, claims, by } => Parts::of(Kind::ClaimsReleased)
                .subject(*account)
                .client(client)
                .family(*family)
                .facts(json!({ "claims": claims, "by": by })),
            Self::Logout { account, session, client } => {
                let parts = Parts::of(Kind::Logout).subject(*account).session(*session);
                Parts { client: client.as_ref(), ..parts }
            }
            Self::SystemLogout { account, session, client } => {
                Parts::of(Kind::SystemLogout).subject(*account).session(*session).client(client)
            }
            Self::LogoutDelivered { account, session, client, delivery, attempt } => {
                Parts::of(Kind::LogoutDelivered)
                    .subject(*account)
                    .session(*session)
                    .client(client)
                    .facts(json!({ "delivery": delivery, "attempt": attempt }))
            }
            Self::LogoutPostponed { session, client, delivery, attempt, why, status, again_at } => Parts::of(
                Kind::LogoutPostponed,
            )
            .refused()
            .session(*session)
            .client(client)
            .reason(why)
            .facts(
                json!({ "delivery": delivery, "attempt": attempt, "status": status, "again_at": again_at }),
            ),
            Self::LogoutGivenUp { account, session, client, delivery, attempt, why, status } => {
                Parts::of(Kind::LogoutGivenUp)
                    .refused()
                    .subject(*account)
                    .session(*session)
                    .client(client)
                    .reason(why)
                    .facts(json!({ "delivery": delivery, "attempt": attempt, "status": status }))
            }
            Self::ClientRegistered { client, digest, vouched_by } => {
                let facts = json!({ "digest": digest });
                Parts::of(Kind::ClientRegistered).client(client).facts(vouched(facts, vouched_by.as_ref()))
            }
            Self::ClientChanged { client, fields, digest, vouched_by } => {
                let facts = json!({ "fields": fields, "digest": digest });
                Parts::of(Kind::ClientChanged).client(client).facts(vouched(facts, vouched_by.as_ref()))
            }
            Self::ClientDisabled { client } => Parts::of(Kind::ClientDisabled).client(client),
            Self::ClientEnabled { client } => Parts::of(Kind::ClientEnabled).client(client),
            Self::ClientSecretRotated { client } => Parts::of(Kind::ClientSecretRotated).client(client),
            Self::SigningKeyMoved { kid, algorithm, state } => {
                let kind = match state {
                    SigningKeyState::Next => Kind::SigningKeyCreated,
                    SigningKeyState::Active => Kind::SigningKeyActivated,
                    SigningKeyState::Retiring => Kind::SigningKeyRetiring,
                    SigningKeyState::Retired => Kind::SigningKeyRetired,
                };
                Parts::of(kind).facts(json!({ "kid": kid, "algorithm": algorithm }))
            }
            Self::MasterKeyRotated { version, rewrapped } => {
                Parts::of(Kind::MasterKeyRotated).facts(json!({ "version": version, "rewrapped": rewrapped }))
            }
            Self::InitialTokenIssued { scopes, count, until } => Parts::of(Kind::InitialTokenIssued)
                .facts(json!({ "scopes": scopes, "count": count, "until": until.micros() })),
            Self::AuditExported { size } => Parts::of(Kind::AuditExported).facts(json!({ "size": size })),
        }
    }
}

/// `facts`, and who vouched where somebody did.
fn vouched(mut facts: Value, by: Option<&ClientId>) -> Value {
    if let (Some(by), Some(facts)) = (by, facts.as_object_mut()) {
        facts.insert("vouched_by".to_owned(), json!(by));
    }
    facts
}

/// `facts`, and the resources where there are any: most systems call none for a person.
fn reaching(mut facts: Value, access: &Access) -> Value {
    if !access.is_empty()
        && let Some(facts) = facts.as_object_mut()
    {
        facts.insert("audience".to_owned(), json!(access.resources.keys().collect::<Vec<_>>()));
        facts.insert("service_scopes".to_owned(), json!(access.scopes()));
    }
    facts
}
