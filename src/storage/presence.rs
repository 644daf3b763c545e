//! Who is signed in in a browser, and what she answered to one system: one read for both.

use uuid::Uuid;

use super::consent::ConsentRow;
use super::query::query;
use super::row::row;
use super::session::SessionRow;
use super::statements::statements;
use super::{ReadTx, StorageError};
use crate::domain::consent::Consent;
use crate::domain::presence::Presence;
use crate::protocol::ClientId;

statements! {
    PRESENCE = "SELECT s.id, s.account_id, s.passkey_id, s.acr, s.amr, s.place, s.started_at, s.authenticated_at, s.seen_at, s.ended_at, \
        c.id AS consent_id, c.terms, c.confirmed_at, c.withdrawn_at \
        FROM session s JOIN account a ON a.id = s.account_id \
        LEFT JOIN consent c ON c.account_id = s.account_id AND c.client_id = $2 \
        WHERE s.token_digest = $1 AND s.ended_at IS NULL AND a.status = 'active'";
}

row! {
    struct PresenceRow {
        consent_id: Option<Uuid>,
        terms: Option<String>,
        confirmed_at: Option<i64>,
        withdrawn_at: Option<i64>,
    } and {
        session: SessionRow,
    }
}

impl PresenceRow {
    fn consent(&self, client: Option<&ClientId>) -> Option<ConsentRow> {
        Some(ConsentRow {
            id: self.consent_id?,
            account_id: self.session.account_id,
            client_id: client?.as_str().to_owned(),
            terms: self.terms.clone()?,
            confirmed_at: self.confirmed_at?,
            withdrawn_at: self.withdrawn_at,
        })
    }
}

impl ReadTx<'_> {
    /// The session of an active account whose token has this digest, unless it was ended, and what its person answered to
    /// `client`.
    pub async fn presence(
        &mut self,
        token_digest: &[u8],
        client: Option<&ClientId>,
    ) -> Result<Option<Presence>, StorageError> {
        let row: Option<PresenceRow> = query(PRESENCE)
            .bind(token_digest)
            .bind(client.map(ClientId::as_str))
            .fetch_optional(self)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let consent = row.consent(client).map(Consent::try_from).transpose()?;
        Ok(Some(Presence { session: row.session.try_into()?, consent }))
    }
}
