//! What verification finds.

use std::fmt;

use crate::base::ids::AuditEventId;
use crate::crypto::transparency::{CheckpointError, TileId, TilePath};

/// Something that is not as it was signed. Places count from zero.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the vocabulary of the variants")]
pub enum Finding {
    /// The entry at this place is not the one that was integrated.
    EntryChanged { index: u64, id: AuditEventId },
    /// Entries that were integrated are gone, from the first place to the last.
    EntriesMissing { first: u64, last: u64 },
    /// Two entries stand in each other's place.
    EntriesSwapped { first: u64, first_id: AuditEventId, second: u64, second_id: AuditEventId },
    /// An entry stands in another place than it was given.
    EntryMoved { id: AuditEventId, from: u64, to: i64 },
    /// A run of entries stands a few places off, as after an insertion or removal.
    EntriesShifted { first: u64, last: u64, by: i64 },
    /// An entry that was never integrated stands in a place.
    EntryAdded { index: i64, id: AuditEventId },
    /// The stored hash of an entry is not that of its columns.
    StoredHashChanged { id: AuditEventId, index: Option<i64> },
    /// A tile is missing, or differs from the tree that was signed.
    TileDamaged { tile: TileId },
    /// Entries and tiles agree with one another, but not with the signature: both were rewritten after `after` entries
    /// and before `up_to`.
    HistoryForged { after: u64, up_to: u64 },
    /// A checkpoint that the key did not sign, or not for this log.
    CheckpointForged { size: i64, why: CheckpointError },
    /// The columns beside a checkpoint differ from what it signs.
    CheckpointChanged { size: i64 },
    /// The checkpoint that the one of `size` extends is gone.
    CheckpointMissing { size: i64, previous: i64 },
    /// The key signed two roots for one size.
    SplitView { size: u64 },
    /// The log is shorter than a checkpoint that it once gave out.
    LogTruncated { known: u64, size: u64 },
    /// No checkpoint of this key: nothing can be proved.
    NothingSigned,
    /// A line of an exported file that cannot be read.
    LineUnreadable { line: u64 },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EntryChanged { index, id } => write!(f, "entry changed: place {index}, id {id}"),
            Self::EntriesMissing { first, last } if first == last => {
                write!(f, "entry missing: place {first}")
            }
            Self::EntriesMissing { first, last } => write!(f, "entries missing: places {first} to {last}"),
            Self::EntriesSwapped { first, first_id, second, second_id } => write!(
                f,
                "entries swapped: place {first} holds id {first_id}, place {second} holds id {second_id}"
            ),
            Self::EntryMoved { id, from, to } => {
                write!(f, "entry moved: id {id} belongs to place {from} and stands at place {to}")
            }
            Self::EntriesShifted { first, last, by } => {
                write!(f, "entries shifted: those of places {first} to {last} stand {by:+} places off")
            }
            Self::EntryAdded { index, id } => write!(f, "entry added: place {index}, id {id}"),
            Self::StoredHashChanged { id, index: Some(index) } => {
                write!(f, "stored hash changed: place {index}, id {id}")
            }
            Self::StoredHashChanged { id, index: None } => {
                write!(f, "stored hash changed: id {id}, not integrated yet")
            }
            Self::TileDamaged { tile } => {
                write!(
                    f,
                    "tile damaged: {}",
                    TilePath { id: *tile, width: crate::crypto::transparency::TILE_WIDTH }
                )
            }
            Self::HistoryForged { after, up_to } => write!(
                f,
                "history forged: entries and tiles were rewritten between places {after} and {}",
                up_to.saturating_sub(1)
            ),
            Self::CheckpointForged { size, why } => write!(f, "checkpoint forged: size {size}: {why}"),
            Self::CheckpointChanged { size } => {
                write!(f, "checkpoint changed: the columns of size {size} differ from what is signed")
            }
            Self::CheckpointMissing { size, previous } => {
                write!(f, "checkpoint missing: size {previous}, which size {size} extends")
            }
            Self::SplitView { size } => write!(f, "split view: two signed roots for size {size}"),
            Self::LogTruncated { known, size } => {
                write!(f, "log truncated: a checkpoint of {known} entries was given out, {size} are here")
            }
            Self::NothingSigned => f.write_str("nothing signed: there is no checkpoint of this key"),
            Self::LineUnreadable { line } => write!(f, "line unreadable: {line}"),
        }
    }
}

/// What came of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries that the newest checkpoint covers.
    pub size: u64,
    /// Checkpoints whose signature held.
    pub checkpoints: u64,
    /// Entries that wait for their place: a live log's last second.
    pub pending: u64,
    /// What is wrong; nothing, it is to be hoped.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether everything is as it was signed.
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}
