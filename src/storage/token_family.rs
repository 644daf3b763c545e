//! Token families. Each has the id of the code that started it.

use uuid::Uuid;

use super::account::{AccountRow, KeyedAccount};
use super::query::query;
use super::row::row;
use super::statements::statements;
use super::{ReadTx, StorageError, WriteTx};
use crate::base::Timestamp;
use crate::base::ids::{AccountId, FamilyId, SessionId};
use crate::domain::consent::ConsentTerms;
use crate::domain::token_family::{FamilyEnd, TokenFamily};
use crate::protocol::ClientId;

statements! {
    LIVING_FAMILY = "SELECT f.id AS family_id, f.client_id, f.session_id, f.authorized, f.offline, f.confirmation, f.details, f.created_at AS family_created_at, f.ended_at, c.terms, \
        a.id, a.status, a.profile, a.locale, a.created_at, a.updated_at, k.wrapped \
        FROM token_family f JOIN account a ON a.id = f.account_id JOIN data_key k ON k.account_id = a.id \
        JOIN session s ON s.id = f.session_id \
        JOIN consent c ON c.account_id = f.account_id AND c.client_id = f.client_id AND c.withdrawn_at IS NULL \
        WHERE f.id = $1 AND f.ended_at IS NULL AND a.status = 'active' AND (f.offline OR s.ended_at IS NULL)";
    FAMILY_STANDS = "SELECT f.id FROM token_family f JOIN account a ON a.id = f.account_id JOIN session s ON s.id = f.session_id \
        JOIN client r ON r.client_id = f.client_id AND r.status = 'active' \
        JOIN consent c ON c.account_id = f.account_id AND c.client_id = f.client_id AND c.withdrawn_at IS NULL \
        WHERE f.id = $1 AND f.ended_at IS NULL AND a.status = 'active' AND (f.offline OR s.ended_at IS NULL)";
    FAMILY_STARTED = "SELECT id FROM token_family WHERE id = $1";
    INSERT_FAMILY = "INSERT INTO token_family (id, account_id, client_id, session_id, authorized, offline, created_at, confirmation, details) \
        SELECT $1, s.account_id, $2, s.id, $3, $4, $5, $8, $9 FROM session s JOIN account a ON a.id = s.account_id \
        WHERE s.id = $6 AND s.account_id = $7 AND s.ended_at IS NULL AND a.status = 'active' \
        AND EXISTS (SELECT 1 FROM consent c WHERE c.account_id = s.account_id AND c.client_id = $2 AND c.withdrawn_at IS NULL) \
        ON CONFLICT (id) DO NOTHING \
        RETURNING (SELECT k.wrapped FROM data_key k WHERE k.account_id = token_family.account_id) AS wrapped";
    END_FAMILY = "UPDATE token_family SET ended_at = $2, end_reason = $3 WHERE id = $1 AND ended_at IS NULL";
    END_FAMILIES_OF_SESSION = "UPDATE token_family SET ended_at = $2, end_reason = $3 \
        WHERE session_id = $1 AND ended_at IS NULL AND NOT offline RETURNING id, client_id";
    END_FAMILIES_AT_CLIENT = "UPDATE token_family SET ended_at = $3, end_reason = $4 \
        WHERE session_id = $1 AND client_id = $2 AND ended_at IS NULL AND NOT offline RETURNING id, client_id";
    END_FAMILIES_OF_CLIENT = "UPDATE token_family SET ended_at = $3, end_reason = $4 \
        WHERE session_id IN (SELECT id FROM session WHERE account_id = $1) AND client_id = $2 AND ended_at IS NULL \
        RETURNING id, client_id";
}

/// A family that still gives, and the account it gives of.
#[derive(Clone, Debug)]
pub struct LivingFamily {
    /// The family.
    pub family: TokenFamily,
    /// Its person.
    pub owner: KeyedAccount,
    /// What she agrees to by now.
    pub agreed: ConsentTerms,
}

row! {
    struct LivingFamilyRow {
        family_id: Uuid,
        client_id: String,
        session_id: Uuid,
        authorized: String,
        offline: bool,
        confirmation: Option<String>,
        details: Option<Vec<u8>>,
        family_created_at: i64,
        ended_at: Option<i64>,
        terms: String,
    } and {
        account: AccountRow,
    }
}

impl TryFrom<LivingFamilyRow> for LivingFamily {
    type Error = StorageError;

    fn try_from(row: LivingFamilyRow) -> Result<Self, StorageError> {
        let inconsistent = |what| StorageError::Inconsistent { table: "token_family", what };
        let owner = KeyedAccount::try_from(row.account)?;
        Ok(Self {
            family: TokenFamily {
                id: FamilyId::from_uuid(row.family_id),
                account_id: owner.account.id,
                client_id: ClientId::parse(&row.client_id)
                    .map_err(|_| inconsistent("client id of another form"))?,
                session_id: SessionId::from_uuid(row.session_id),
                authorized: serde_json::from_str(&row.authorized)
                    .map_err(|_| inconsistent("authorization that cannot be read"))?,
                details: row.details,
                offline: row.offline,
                bound_to: row
                    .confirmation
                    .map(|text| serde_json::from_str(&text))
                    .transpose()
                    .map_err(|_| inconsistent("confirmation that cannot be read"))?,
                created_at: Timestamp::from_micros(row.family_created_at),
                ended_at: row.ended_at.map(Timestamp::from_micros),
            },
            owner,
            agreed: serde_json::from_str(&row.terms)
                .map_err(|_| inconsistent("consent that cannot be read"))?,
        })
    }
}

impl ReadTx<'_> {
    /// The family `id`, where it has not ended, its account is active, its consent stands, and its session lives unless
    /// it is offline.
    pub async fn living_family(&mut self, id: FamilyId) -> Result<Option<LivingFamily>, StorageError> {
        let row: Option<LivingFamilyRow> = query(LIVING_FAMILY).bind(id.uuid()).fetch_optional(self).await?;
        row.map(LivingFamily::try_from).transpose()
    }

    /// Whether [`ReadTx::living_family`] would find one, and its client is in use: a token that another client has in
    /// exchange rests on that too.
    pub async fn family_stands(&mut self, id: FamilyId) -> Result<bool, StorageError> {
        let row: Option<(Uuid,)> = query(FAMILY_STANDS).bind(id.uuid()).fetch_optional(self).await?;
        Ok(row.is_some())
    }

    /// Whether the code of this id was redeemed, whatever became of its family.
    pub async fn family_started(&mut self, id: FamilyId) -> Result<bool, StorageError> {
        let row: Option<(Uuid,)> = query(FAMILY_STARTED).bind(id.uuid()).fetch_optional(self).await?;
        Ok(row.is_some())
    }
}

impl WriteTx<'_> {
    /// Starts a family and gives its person's data key, still wrapped; `None` where its code was redeemed before, its
    /// session or consent has ended, or its account is not active.
    pub async fn insert_family(&mut self, family: &TokenFamily) -> Result<Option<Vec<u8>>, StorageError> {
        let unwritable = |what| StorageError::Inconsistent { table: "token_family", what };
        let authorized = serde_json::to_string(&family.authorized)
            .map_err(|_| unwritable("authorization that cannot be written"))?;
        let confirmation = family
            .bound_to
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(|_| unwritable("confirmation that cannot be written"))?;
        let inserted: Option<(Vec<u8>,)> = query(INSERT_FAMILY)
            .bind(family.id.uuid())
            .bind(family.client_id.as_str())
            .bind(&authorized)
            .bind(family.offline)
            .bind(family.created_at.micros())
            .bind(family.session_id.uuid())
            .bind(family.account_id.uuid())
            .bind(confirmation.as_deref())
            .bind(family.details.as_deref())
            .fetch_optional(self)
            .await?;
        Ok(inserted.map(|(wrapped,)| wrapped))
    }

    /// Ends a family; `false` where it was over already.
    pub async fn end_family(
        &mut self,
        id: FamilyId,
        reason: FamilyEnd,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let ended =
            query(END_FAMILY).bind(id.uuid()).bind(now.micros()).bind(reason.as_str()).execute(self).await?;
        Ok(ended == 1)
    }

    /// Ends every family of a session that does not outlive it, and names them.
    pub async fn end_families_of_session(
        &mut self,
        session: SessionId,
        now: Timestamp,
    ) -> Result<Vec<(FamilyId, String)>, StorageError> {
        let rows: Vec<(Uuid, String)> = query(END_FAMILIES_OF_SESSION)
            .bind(session.uuid())
            .bind(now.micros())
            .bind(FamilyEnd::SessionEnded.as_str())
            .fetch_all(self)
            .await?;
        Ok(named(rows))
    }

    /// Ends every family of a session at `client` that does not outlive the session, and names them.
    pub async fn end_families_at_client(
        &mut self,
        session: SessionId,
        client: &ClientId,
        reason: FamilyEnd,
        now: Timestamp,
    ) -> Result<Vec<(FamilyId, String)>, StorageError> {
        let rows: Vec<(Uuid, String)> = query(END_FAMILIES_AT_CLIENT)
            .bind(session.uuid())
            .bind(client.as_str())
            .bind(now.micros())
            .bind(reason.as_str())
            .fetch_all(self)
            .await?;
        Ok(named(rows))
    }

    /// Ends every family that `account` gave `client`, and names them.
    pub async fn end_families_of_client(
        &mut self,
        account: AccountId,
        client: &ClientId,
        reason: FamilyEnd,
        now: Timestamp,
    ) -> Result<Vec<(FamilyId, String)>, StorageError> {
        let rows: Vec<(Uuid, String)> = query(END_FAMILIES_OF_CLIENT)
            .bind(account.uuid())
            .bind(client.as_str())
            .bind(now.micros())
            .bind(reason.as_str())
            .fetch_all(self)
            .await?;
        Ok(named(rows))
    }
}

/// Families and whose they are, as an end of several names them.
fn named(rows: Vec<(Uuid, String)>) -> Vec<(FamilyId, String)> {
    rows.into_iter().map(|(id, client)| (FamilyId::from_uuid(id), client)).collect()
}
