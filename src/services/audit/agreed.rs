//! Proving to what exactly a person agreed (RFC 9396), to whoever says what it was.

use crate::base::ids::AuditEventId;
use crate::domain::audit::SaltedDetail;
use crate::protocol::AuthorizationDetail;
use crate::services::{Failure, Provider};

/// What an entry has to do with what somebody says that was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It is the agreement to exactly this. With these the digests in its facts can be computed anew.
    Exactly(Vec<SaltedDetail>),
    /// It is an agreement to something else, or to less, or to more; or it is none.
    Otherwise,
    /// What was agreed cannot be read any more: the person's data were erased.
    Erased,
    /// There is no such entry.
    Unknown,
}

impl Provider {
    /// Holds what the entry `id` keeps against `said`. Nothing is told that was not said already.
    pub async fn agreement(
        &self,
        id: AuditEventId,
        said: &[AuthorizationDetail],
    ) -> Result<Agreement, Failure> {
        let mut tx = self.db.read().await?;
        let Some(stored) = tx.audit_entry(id).await? else { return Ok(Agreement::Unknown) };
        let Some(account) = stored.entry.subject else { return Ok(Agreement::Otherwise) };
        let Some(owner) = tx.account(account).await? else { return Ok(Agreement::Erased) };
        drop(tx);
        let key = self.data_key(account, &owner.data_key)?;
        Ok(match self.open_personal(&stored.entry, &key) {
            None => Agreement::Erased,
            Some(personal) if SaltedDetail::are(&personal.agreed, said) => {
                Agreement::Exactly(personal.agreed)
            }
            Some(_) => Agreement::Otherwise,
        })
    }
}
