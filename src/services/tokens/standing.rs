//! Whether what an access token rests on still stands.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::access_token::AccessTokenKind;
use crate::base::Timestamp;
use crate::services::{Failure, Provider};
use crate::storage::{StorageError, WriteTx};

/// How many findings are remembered at most.
const PLACES: usize = 8_192;

/// How long a finding counts: a revocation on another node is in force here before a second has passed.
const COUNTS_FOR: Duration = Duration::from_millis(500);

/// What was found moments ago. A resource asks about the same token again and again; that it stood half a second ago is
/// known without the database. Only what stands is remembered: what has ended stays so.
pub struct Standings {
    places: Vec<Mutex<Option<Finding>>>,
    endings: AtomicU64,
}

#[derive(Clone, Copy)]
struct Finding {
    kind: AccessTokenKind,
    at: Timestamp,
    endings: u64,
}

impl Default for Standings {
    fn default() -> Self {
        Self { places: (0..PLACES).map(|_| Mutex::default()).collect(), endings: AtomicU64::new(0) }
    }
}

impl Standings {
    /// Something was ended by this process, and that is committed: nothing found before counts any more.
    pub(in crate::services) fn forget(&self) {
        self.endings.fetch_add(1, Ordering::AcqRel);
    }

    fn endings(&self) -> u64 {
        self.endings.load(Ordering::Acquire)
    }

    fn knows(&self, kind: AccessTokenKind, now: Timestamp) -> bool {
        let found = self.place(kind).and_then(|place| *place.lock().unwrap_or_else(PoisonError::into_inner));
        found.is_some_and(|found| {
            found.kind == kind
                && found.endings == self.endings()
                && found.at <= now
                && now.since(found.at) < COUNTS_FOR
        })
    }

    fn remember(&self, finding: Finding) {
        if let Some(place) = self.place(finding.kind) {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(finding);
        }
    }

    fn place(&self, kind: AccessTokenKind) -> Option<&Mutex<Option<Finding>>> {
        self.places.get(usize::from(kind.spread()) % PLACES)
    }
}

impl Provider {
    /// Writes what ends tokens. Whatever came of it, they are looked at anew: a commit whose reply was lost may have been
    /// one.
    pub(in crate::services) async fn write_end<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T, E>,
        E: From<StorageError>,
    {
        let written = self.db.write(job).await;
        self.standings.forget();
        written
    }

    /// Whether an access token that is ours and has not run out still stands: at most half a second ago.
    pub(super) async fn stands(&self, kind: AccessTokenKind) -> Result<bool, Failure> {
        // Both are read before the question is asked: what ends meanwhile is never taken for standing.
        let (now, endings) = (self.now(), self.standings.endings());
        if self.standings.knows(kind, now) {
            return Ok(true);
        }
        let mut tx = self.db.read().await?;
        let stands = match kind {
            AccessTokenKind::Family(id) => tx.family_stands(id.family).await?,
            AccessTokenKind::Service(id) => !tx.is_revoked(id).await?,
            AccessTokenKind::Exchange(id) => {
                tx.family_stands(id.family).await? && !tx.is_revoked(id.token).await?
            }
        };
        if stands {
            self.standings.remember(Finding { kind, at: now, endings });
        }
        Ok(stands)
    }
}
