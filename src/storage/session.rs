//! Browser sessions.

use uuid::Uuid;

use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{Db, ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, CredentialId, SessionId};
use crate::domain::session::{Session, SessionEnd};
use crate::protocol::Acr;
use crate::protocol::Amr;

statements! {
    SESSION_BY_ID = "SELECT id, account_id, passkey_id, acr, amr, place, started_at, authenticated_at, seen_at, ended_at \
        FROM session WHERE id = $1";
    OPEN_SESSIONS_OF_ACCOUNT = "SELECT id, account_id, passkey_id, acr, amr, place, started_at, authenticated_at, seen_at, ended_at \
        FROM session WHERE account_id = $1 AND ended_at IS NULL AND seen_at > $2 AND started_at > $3 ORDER BY id DESC";
    INSERT_SESSION = "INSERT INTO session (id, token_digest, account_id, passkey_id, acr, amr, place, started_at, authenticated_at, seen_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)";
    REAUTHENTICATE_SESSION = "UPDATE session SET token_digest = $2, passkey_id = $3, acr = $4, amr = $5, authenticated_at = $6, seen_at = $6 \
        WHERE id = $1 AND ended_at IS NULL";
    TOUCH_SESSION = "UPDATE session SET seen_at = $2 WHERE id = $1 AND ended_at IS NULL AND seen_at < $2";
    END_SESSION = "UPDATE session SET ended_at = $2, end_reason = $3 WHERE id = $1 AND ended_at IS NULL";
    SESSIONS_OF_PASSKEY = "SELECT id FROM session WHERE account_id = $1 AND passkey_id = $2 AND ended_at IS NULL";
}

row! {
    pub(super) struct SessionRow {
        id: Uuid,
        pub(super) account_id: Uuid,
        passkey_id: Uuid,
        acr: String,
        amr: String,
        place: Vec<u8>,
        started_at: i64,
        authenticated_at: i64,
        seen_at: i64,
        ended_at: Option<i64>,
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = StorageError;

    fn try_from(row: SessionRow) -> Result<Self, StorageError> {
        let inconsistent = |what| StorageError::Inconsistent { table: "session", what };
        Ok(Self {
            id: SessionId::from_uuid(row.id),
            account_id: AccountId::from_uuid(row.account_id),
            passkey_id: CredentialId::from_uuid(row.passkey_id),
            acr: Acr::parse(&row.acr).ok_or(inconsistent("unknown acr"))?,
            amr: row
                .amr
                .split(' ')
                .map(|word| Amr::parse(word).ok_or(inconsistent("unknown amr")))
                .collect::<Result<_, _>>()?,
            place: row.place,
            started_at: Timestamp::from_micros(row.started_at),
            authenticated_at: Timestamp::from_micros(row.authenticated_at),
            seen_at: Timestamp::from_micros(row.seen_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
        })
    }
}

impl Db {
    /// Notes a sign of life.
    pub async fn touch_session(&self, id: SessionId, now: Timestamp) -> Result<(), StorageError> {
        self.write(async |tx| {
            query(TOUCH_SESSION).bind(id.uuid()).bind(now.micros()).execute(tx).await?;
            Ok(())
        })
        .await
    }
}

impl ReadTx<'_> {
    /// The session `id`, ended or not.
    pub async fn session(&mut self, id: SessionId) -> Result<Option<Session>, StorageError> {
        let row: Option<SessionRow> = query(SESSION_BY_ID).bind(id.uuid()).fetch_optional(self).await?;
        row.map(Session::try_from).transpose()
    }

    /// An account's sessions that were seen after `seen_after` and began after `started_after`, newest first.
    pub async fn open_sessions(
        &mut self,
        account: AccountId,
        seen_after: Timestamp,
        started_after: Timestamp,
    ) -> Result<Vec<Session>, StorageError> {
        let rows: Vec<SessionRow> = query(OPEN_SESSIONS_OF_ACCOUNT)
            .bind(account.uuid())
            .bind(seen_after.micros())
            .bind(started_after.micros())
            .fetch_all(self)
            .await?;
        rows.into_iter().map(Session::try_from).collect()
    }

    /// The sessions that rest on a passkey.
    pub async fn sessions_of_passkey(
        &mut self,
        account: AccountId,
        passkey: CredentialId,
    ) -> Result<Vec<SessionId>, StorageError> {
        let rows: Vec<(Uuid,)> =
            query(SESSIONS_OF_PASSKEY).bind(account.uuid()).bind(passkey.uuid()).fetch_all(self).await?;
        Ok(rows.into_iter().map(|(id,)| SessionId::from_uuid(id)).collect())
    }
}

impl WriteTx<'_> {
    /// Keeps a new session.
    pub async fn insert_session(
        &mut self,
        session: &Session,
        token_digest: &[u8],
    ) -> Result<(), StorageError> {
        query(INSERT_SESSION)
            .bind(session.id.uuid())
            .bind(token_digest)
            .bind(session.account_id.uuid())
            .bind(session.passkey_id.uuid())
            .bind(session.acr.as_str())
            .bind(amr_text(&session.amr))
            .bind(&session.place)
            .bind(session.started_at.micros())
            .execute(self)
            .await?;
        Ok(())
    }

    /// Renews a session after its person proved herself again; the old token is dead. `false` where it has ended.
    pub async fn reauthenticate_session(
        &mut self,
        session: &Session,
        token_digest: &[u8],
    ) -> Result<bool, StorageError> {
        let updated = query(REAUTHENTICATE_SESSION)
            .bind(session.id.uuid())
            .bind(token_digest)
            .bind(session.passkey_id.uuid())
            .bind(session.acr.as_str())
            .bind(amr_text(&session.amr))
            .bind(session.authenticated_at.micros())
            .execute(self)
            .await?;
        Ok(updated == 1)
    }

    /// Ends a session; `false` where it was over already.
    pub async fn end_session(
        &mut self,
        id: SessionId,
        reason: SessionEnd,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let ended =
            query(END_SESSION).bind(id.uuid()).bind(now.micros()).bind(reason.as_str()).execute(self).await?;
        Ok(ended == 1)
    }
}

fn amr_text(amr: &[Amr]) -> String {
    amr.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(" ")
}
