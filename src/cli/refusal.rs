//! Why a command did not do what was asked, and what to do about it.

use std::fmt;
use std::io;
use std::path::Path;

use super::exit::Exit;
use crate::app::StartError;
use crate::config::ConfigErrors;
use crate::crypto::master_key_file::MasterKeyFileError;
use crate::demo::DemoError;
use crate::services::Failure;
use crate::services::audit::AuditError;
use crate::services::audit::bundle::ExportError;
use crate::storage::{EngineError, StorageError};

/// One clear line, and a remedy.
#[derive(Debug)]
pub struct Refusal {
    pub(super) exit: Exit,
    what: String,
    remedy: Option<String>,
}

/// The result of every command.
pub type Outcome<T = ()> = Result<T, Refusal>;

impl Refusal {
    /// The command was called, or the instance configured, wrongly.
    pub fn wrong(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { exit: Exit::Wrong, what: what.into(), remedy: Some(remedy.into()) }
    }

    /// It was begun and did not succeed.
    pub fn failed(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, what: what.into(), remedy: Some(remedy.into()) }
    }

    /// `file` could not be read or written.
    pub fn file(file: &Path, error: &io::Error) -> Self {
        Self {
            exit: Exit::Failed,
            what: format!("{}: {error}", file.display()),
            remedy: Some("check the path and who may read and write there".into()),
        }
    }

    fn plain(exit: Exit, what: impl fmt::Display) -> Self {
        Self { exit, what: what.to_string(), remedy: None }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.remedy.iter().try_for_each(|remedy| write!(f, "\n    {remedy}"))
    }
}

impl From<ConfigErrors> for Refusal {
    fn from(errors: ConfigErrors) -> Self {
        Self::plain(Exit::Wrong, errors)
    }
}

impl From<StartError> for Refusal {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Storage(error) => error.into(),
            StartError::MasterKey(error) => error.into(),
            StartError::Failure(error) => error.into(),
            StartError::Audit(error) => error.into(),
            StartError::Open(_) => Self::wrong(
                error.to_string(),
                "let keys.master_key_file name the master key that this database was made with",
            ),
            StartError::ShortLived(_) => Self::failed(
                error.to_string(),
                "check shortlived.url, and that the Redis server it names is running",
            ),
            StartError::Passkeys(_)
            | StartError::Authorities(_)
            | StartError::DevelopmentKey
            | StartError::ProductionKey => Self::plain(Exit::Wrong, error),
        }
    }
}

impl From<MasterKeyFileError> for Refusal {
    fn from(error: MasterKeyFileError) -> Self {
        match &error {
            MasterKeyFileError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => Self::wrong(
                error.to_string(),
                "there is no instance here yet: `khue demo` makes one for trying out; for a real one, \
                 make its key with `khue keys create-master` and name it in keys.master_key_file",
            ),
            MasterKeyFileError::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists => {
                Self::failed(
                    error.to_string(),
                    "a master key is never overwritten: what it wrapped would be lost",
                )
            }
            _ => Self::plain(Exit::Wrong, error),
        }
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        let remedy = match &error {
            StorageError::Unavailable(EngineError::Busy) => {
                "end what keeps the database to itself, and try again"
            }
            StorageError::Unavailable(_) => {
                "check database.url: its folder must be there and writable, or its server running"
            }
            StorageError::NotCommitted => {
                "nothing was changed; free space on the database's disk, or end what keeps it to itself, and try again"
            }
            StorageError::Inconsistent { .. } => "restore the database from a backup, or report this",
            StorageError::Migration(_) => {
                "use the version of khue that this database was made with, or a newer one"
            }
            StorageError::UnknownEngine => "write sqlite:FILE or postgres://… into database.url",
        };
        Self::failed(error.to_string(), remedy)
    }
}

impl From<Failure> for Refusal {
    fn from(error: Failure) -> Self {
        match error {
            Failure::Storage(error) => error.into(),
            Failure::Wrapping(_) => Self::failed(
                error.to_string(),
                "keep every version of the master key that still wraps something in keys.master_key_file",
            ),
            error => Self::plain(Exit::Failed, error),
        }
    }
}

impl From<AuditError> for Refusal {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Storage(error) => error.into(),
            error => Self::plain(Exit::Failed, error),
        }
    }
}

impl From<ExportError> for Refusal {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Audit(error) => error.into(),
            error => Self::plain(Exit::Failed, error),
        }
    }
}

impl From<DemoError> for Refusal {
    fn from(error: DemoError) -> Self {
        Self::plain(Exit::Failed, error)
    }
}
