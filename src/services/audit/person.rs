//! What a person sees of the log: every entry about herself, each with its proof.

use uuid::Uuid;

use super::log::{AuditError, AuditLog, hashes, head};
use super::person_proof::PersonProof;
use crate::base::ids::{AccountId, AuditEventId};
use crate::crypto::PagePurpose;
use crate::crypto::transparency::{ProofText, inclusion_ranges};
use crate::domain::audit::{AuditEntry, Personal};
use crate::services::{Failure, Provider};
use crate::storage::StoredEntry;

/// Entries on one page.
const PAGE: u16 = 20;

/// What came of asking for a page.
#[derive(Debug)]
pub enum OwnLog {
    /// The page.
    Page(LogPage),
    /// The cursor was not ours, or somebody else's.
    BadCursor,
    /// There is no such account any more.
    NoAccount,
}

/// One page of a person's log.
#[derive(Debug)]
pub struct LogPage {
    /// Newest first.
    pub entries: Vec<OwnEntry>,
    /// Where the next page begins; none on the last.
    pub older: Option<String>,
}

/// One entry as its person sees it.
#[derive(Debug)]
pub struct OwnEntry {
    /// The columns.
    pub entry: AuditEntry,
    /// The personal part, opened.
    pub personal: Personal,
    /// Its place in the log; none for the second before it is integrated.
    pub place: Option<u64>,
}

/// What came of asking for the proof of an entry.
#[derive(Debug)]
pub enum EntryProof {
    /// The file.
    Proof(Box<PersonProof>),
    /// Not integrated yet: within a second.
    Waiting,
    /// No entry of this person.
    Unknown,
}

impl Provider {
    /// A page of the log of `account`, from `cursor` on.
    pub async fn own_log(&self, account: AccountId, cursor: Option<&str>) -> Result<OwnLog, Failure> {
        let Some(before) = self.cursor_position(account, cursor) else { return Ok(OwnLog::BadCursor) };
        let mut tx = self.db.read().await?;
        let Some(owner) = tx.account(account).await? else { return Ok(OwnLog::NoAccount) };
        let mut rows = tx.audit_entries_of(account, before, PAGE + 1).await?;
        drop(tx);
        let key = self.data_key(account, &owner.data_key)?;
        let more = rows.len() > usize::from(PAGE);
        rows.truncate(usize::from(PAGE));
        let older = rows.last().filter(|_| more).map(|last| self.cursor(account, last.entry.id));
        let open = |StoredEntry { entry, leaf_index, .. }: StoredEntry| OwnEntry {
            personal: self.open_personal(&entry, &key).unwrap_or_default(),
            place: leaf_index.and_then(|index| u64::try_from(index).ok()),
            entry,
        };
        Ok(OwnLog::Page(LogPage { entries: rows.into_iter().map(open).collect(), older }))
    }

    /// A cursor is sealed for its person: it tells nothing, and another's does not open.
    fn cursor(&self, account: AccountId, last: AuditEventId) -> String {
        let holder = account.uuid();
        self.keyring.seal_page(PagePurpose::Cursor, holder.as_bytes(), last.uuid().as_bytes(), self.entropy())
    }

    fn cursor_position(&self, account: AccountId, cursor: Option<&str>) -> Option<AuditEventId> {
        let Some(cursor) = cursor else { return Some(AuditEventId::from_uuid(Uuid::max())) };
        let opened = self.keyring.open_page(PagePurpose::Cursor, account.uuid().as_bytes(), cursor).ok()?;
        Uuid::from_slice(opened.expose()).ok().map(AuditEventId::from_uuid)
    }
}

impl AuditLog {
    /// The proof of the entry `id`, for `account` whom it is about.
    pub async fn entry_proof(&self, account: AccountId, id: AuditEventId) -> Result<EntryProof, AuditError> {
        let mut tx = self.db.read().await?;
        let Some(stored) = tx.audit_entry(id).await? else { return Ok(EntryProof::Unknown) };
        if stored.entry.subject != Some(account) {
            return Ok(EntryProof::Unknown);
        }
        let place = stored.leaf_index.and_then(|index| u64::try_from(index).ok());
        let (Some(index), Some((checkpoint, head))) = (place, head(&mut tx, self.verifier()).await?) else {
            return Ok(EntryProof::Waiting);
        };
        let ranges = inclusion_ranges(index, checkpoint.size)?;
        let hashes = hashes(&mut tx, &ranges).await?;
        let proof = ProofText { index, hashes, checkpoint: head.note };
        Ok(EntryProof::Proof(Box::new(PersonProof::new(stored.entry, &proof, self.verifier()))))
    }
}
