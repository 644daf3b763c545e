//! Leases: which node does a job that only one may do.

use std::time::Duration;

use super::query::query;
use super::statements::statements;
use super::{StorageError, WriteTx};
use crate::base::Timestamp;

statements! {
    TAKE_LEASE = "INSERT INTO lease (name, holder, expires_at) VALUES ($1, $2, $3) \
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
        WHERE lease.holder = excluded.holder OR lease.expires_at <= $4";
}

impl WriteTx<'_> {
    /// Takes or prolongs the lease `name` for `span`; `false` where another holder's has not run out.
    pub async fn take_lease(
        &mut self,
        name: &str,
        holder: &[u8],
        now: Timestamp,
        span: Duration,
    ) -> Result<bool, StorageError> {
        let expires_at = (now + span).micros();
        let taken = query(TAKE_LEASE)
            .bind(name)
            .bind(holder)
            .bind(expires_at)
            .bind(now.micros())
            .execute(self)
            .await?;
        Ok(taken == 1)
    }
}
