//! Files that a client file names: beside it or below, ordinary, and no larger than what they hold may be.
//!
//! Client files come from those who run the systems. None of them shall have the operator read what only he may, or a
//! file without end.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum BesideError {
    /// It lies elsewhere.
    #[error("lies outside the folder of the client file")]
    Outside,
    /// A folder, a device, a pipe.
    #[error("is not an ordinary file")]
    NotAFile,
    /// More than it may have.
    #[error("is larger than {0} bytes")]
    TooLarge(u64),
    /// Missing, or not to be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
}

/// Reads what `client_file` calls `name`, at most `limit` bytes.
pub fn read(client_file: &Path, name: &str, limit: u64) -> Result<Vec<u8>, BesideError> {
    let path = inside(client_file, name)?;
    // Looked at before it is opened: opening a pipe waits for whoever writes.
    if !fs::metadata(&path)?.is_file() {
        return Err(BesideError::NotAFile);
    }
    let mut held = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut held)?;
    if held.len() as u64 > limit { Err(BesideError::TooLarge(limit)) } else { Ok(held) }
}

fn inside(client_file: &Path, name: &str) -> Result<PathBuf, BesideError> {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !Path::new(name).components().all(plain) {
        return Err(BesideError::Outside);
    }
    let parent = client_file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new(".")).canonicalize()?;
    let path = folder.join(name).canonicalize()?;
    // Links are followed by now.
    if path.starts_with(&folder) { Ok(path) } else { Err(BesideError::Outside) }
}
