//! A request that cannot be answered, although its person did not say no.

use super::Interaction;
use crate::domain::audit::{Actor, AuthorizationRefusal, Event, Origin};
use crate::domain::session::Session;
use crate::services::{Failure, Provider};

impl Provider {
    /// On record before the system hears it: once for a session, system and reason, however often it is asked.
    pub(super) async fn record_refused_request(
        &self,
        interaction: &Interaction,
        session: &Session,
        why: AuthorizationRefusal,
        origin: &Origin,
    ) -> Result<(), Failure> {
        let (owner, key) = self.keyed_owner(session.account_id).await?;
        let client = interaction.client().registration.client_id.clone();
        let what = format!("authorization refused {} {client} {why}", session.id);
        let once = self.once_key_at(session.started_at, &what);
        let account = owner.account.id;
        let event =
            Event::AuthorizationRefused { account, session: session.id, client, why, is_device: false };
        let event = self.event(Actor::Person(account), event).from_origin(origin).once(once);
        self.db.record(&self.personal_entry(&event, &key)).await?;
        Ok(())
    }
}
