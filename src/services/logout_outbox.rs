//! What systems are to be told of a session's end is written down with the end itself: both are kept, or neither.

use super::{Failure, Provider};
use crate::base::ids::{AccountId, LogoutDeliveryId, SessionId};
use crate::domain::logout_delivery::LogoutDelivery;
use crate::protocol::ClientId;
use crate::storage::{StorageError, WriteTx};

impl Provider {
    /// Every system that got tokens in `session` and wants to hear of its end will (Back-Channel Logout §2.5).
    pub(super) async fn announce_session_end(
        &self,
        tx: &mut WriteTx<'_>,
        session: SessionId,
        account: AccountId,
    ) -> Result<(), Failure> {
        for client in tx.clients_of_session(session).await? {
            self.announce_end_at(tx, session, account, &client).await?;
        }
        Ok(())
    }

    /// `client` will hear that `session` has ended for it, where it wants to.
    pub(super) async fn announce_end_at(
        &self,
        tx: &mut WriteTx<'_>,
        session: SessionId,
        account: AccountId,
        client: &ClientId,
    ) -> Result<(), StorageError> {
        let registered = self.known_client(client);
        if registered.is_none_or(|client| client.registration.backchannel_logout_uri.is_none()) {
            return Ok(());
        }
        let now = self.now();
        tx.insert_logout_delivery(&LogoutDelivery {
            id: LogoutDeliveryId::generate(now, self.entropy()),
            account,
            session,
            client: client.clone(),
            created_at: now,
            tries: 0,
            due_at: now,
            last_problem: None,
        })
        .await
    }
}
