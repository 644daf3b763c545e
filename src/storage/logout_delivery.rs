//! What systems are still to be told of sessions that ended.
//!
//! A try is taken by moving its time into the future: whoever moved it tries, and whoever dies trying leaves it to
//! others when that time has come. The number of the try tells whether it is still one's own.

use uuid::Uuid;

use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, LogoutDeliveryId, SessionId};
use crate::domain::logout_delivery::LogoutDelivery;
use crate::protocol::ClientId;

statements! {
    CLIENTS_OF_SESSION = "SELECT DISTINCT client_id FROM token_family WHERE session_id = $1 ORDER BY client_id";
    INSERT_DELIVERY = "INSERT INTO logout_delivery (id, account_id, session_id, client_id, created_at, tries, due_at) \
        VALUES ($1, $2, $3, $4, $5, 0, $5)";
    RECEIVERS = "SELECT DISTINCT client_id FROM logout_delivery WHERE due_at <= $1";
    DUE_DELIVERIES = "SELECT id, account_id, session_id, client_id, created_at, tries, due_at, last_problem \
        FROM logout_delivery WHERE client_id = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT $3";
    WAITING_DELIVERIES = "SELECT id, account_id, session_id, client_id, created_at, tries, due_at, last_problem \
        FROM logout_delivery ORDER BY client_id, due_at, id LIMIT $1";
    TAKE_DELIVERY = "UPDATE logout_delivery SET tries = tries + 1, due_at = $3 WHERE id = $1 AND tries = $2";
    POSTPONE_DELIVERY = "UPDATE logout_delivery SET due_at = $3, last_problem = $4 WHERE id = $1 AND tries = $2";
    DELETE_DELIVERY = "DELETE FROM logout_delivery WHERE id = $1 AND tries = $2";
    CAME_BACK = "SELECT id FROM token_family WHERE session_id = $1 AND client_id = $2 AND created_at > $3 LIMIT 1";
}

row! {
    struct DeliveryRow {
        id: Uuid,
        account_id: Uuid,
        session_id: Uuid,
        client_id: String,
        created_at: i64,
        tries: i64,
        due_at: i64,
        last_problem: Option<String>,
    }
}

impl TryFrom<DeliveryRow> for LogoutDelivery {
    type Error = StorageError;

    fn try_from(row: DeliveryRow) -> Result<Self, StorageError> {
        let inconsistent = |what| StorageError::Inconsistent { table: "logout_delivery", what };
        Ok(Self {
            id: LogoutDeliveryId::from_uuid(row.id),
            account: AccountId::from_uuid(row.account_id),
            session: SessionId::from_uuid(row.session_id),
            client: client_id(&row.client_id)?,
            created_at: Timestamp::from_micros(row.created_at),
            tries: u32::try_from(row.tries).map_err(|_| inconsistent("tries below zero"))?,
            due_at: Timestamp::from_micros(row.due_at),
            last_problem: row.last_problem,
        })
    }
}

fn client_id(text: &str) -> Result<ClientId, StorageError> {
    let what = "client id of another form";
    ClientId::parse(text).map_err(|_| StorageError::Inconsistent { table: "logout_delivery", what })
}

impl ReadTx<'_> {
    /// The systems that got tokens in a session, whatever became of them.
    pub async fn clients_of_session(&mut self, session: SessionId) -> Result<Vec<ClientId>, StorageError> {
        let rows: Vec<(String,)> = query(CLIENTS_OF_SESSION).bind(session.uuid()).fetch_all(self).await?;
        rows.iter().map(|(client,)| client_id(client)).collect()
    }

    /// The systems for which something is due.
    pub async fn logout_receivers(&mut self, now: Timestamp) -> Result<Vec<ClientId>, StorageError> {
        let rows: Vec<(String,)> = query(RECEIVERS).bind(now.micros()).fetch_all(self).await?;
        rows.iter().map(|(client,)| client_id(client)).collect()
    }

    /// What is due for one system, oldest first.
    pub async fn due_logouts(
        &mut self,
        client: &ClientId,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<LogoutDelivery>, StorageError> {
        let rows: Vec<DeliveryRow> = query(DUE_DELIVERIES)
            .bind(client.as_str())
            .bind(now.micros())
            .bind(i64::from(limit))
            .fetch_all(self)
            .await?;
        rows.into_iter().map(LogoutDelivery::try_from).collect()
    }

    /// What waits, due or not, by system.
    pub async fn waiting_logouts(&mut self, limit: u16) -> Result<Vec<LogoutDelivery>, StorageError> {
        let rows: Vec<DeliveryRow> = query(WAITING_DELIVERIES).bind(i64::from(limit)).fetch_all(self).await?;
        rows.into_iter().map(LogoutDelivery::try_from).collect()
    }

    /// Whether the system got tokens in the same session again, after `since`.
    pub async fn came_back(
        &mut self,
        session: SessionId,
        client: &ClientId,
        since: Timestamp,
    ) -> Result<bool, StorageError> {
        let row: Option<(Uuid,)> = query(CAME_BACK)
            .bind(session.uuid())
            .bind(client.as_str())
            .bind(since.micros())
            .fetch_optional(self)
            .await?;
        Ok(row.is_some())
    }
}

impl WriteTx<'_> {
    /// Keeps that a system is to be told, from now on.
    pub async fn insert_logout_delivery(&mut self, delivery: &LogoutDelivery) -> Result<(), StorageError> {
        query(INSERT_DELIVERY)
            .bind(delivery.id.uuid())
            .bind(delivery.account.uuid())
            .bind(delivery.session.uuid())
            .bind(delivery.client.as_str())
            .bind(delivery.created_at.micros())
            .execute(self)
            .await?;
        Ok(())
    }

    /// Takes the next try of `delivery`, for as long as `until`; `false` where another took it.
    pub async fn take_logout_delivery(
        &mut self,
        delivery: &LogoutDelivery,
        until: Timestamp,
    ) -> Result<bool, StorageError> {
        let taken = query(TAKE_DELIVERY)
            .bind(delivery.id.uuid())
            .bind(i64::from(delivery.tries))
            .bind(until.micros())
            .execute(self)
            .await?;
        Ok(taken == 1)
    }

    /// The try failed: the next one is at `again_at`. Nothing happens where another has taken it up meanwhile.
    pub async fn postpone_logout_delivery(
        &mut self,
        delivery: &LogoutDelivery,
        again_at: Timestamp,
        problem: &str,
    ) -> Result<(), StorageError> {
        query(POSTPONE_DELIVERY)
            .bind(delivery.id.uuid())
            .bind(i64::from(delivery.tries))
            .bind(again_at.micros())
            .bind(problem)
            .execute(self)
            .await?;
        Ok(())
    }

    /// Nothing more is to be tried. Nothing happens where another has taken it up meanwhile.
    pub async fn delete_logout_delivery(&mut self, delivery: &LogoutDelivery) -> Result<(), StorageError> {
        query(DELETE_DELIVERY).bind(delivery.id.uuid()).bind(i64::from(delivery.tries)).execute(self).await?;
        Ok(())
    }
}
