//! The master key as a file that only its owner reads.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::master_key::{MasterKeyError, MasterKeys};

const LARGEST: u64 = 64 * 1024;

/// Why a key file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyFileError {
    /// The file could not be read or written.
    #[error("the master key file {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others than the owner may read it.
    #[error(
        "the master key file {path} has mode {mode:04o}; make it readable by its owner alone: chmod 600 {path}"
    )]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// What stands in it is not a master key.
    #[error("the master key file {path}: {source}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: MasterKeyError,
    },
}

impl MasterKeys {
    /// Reads the key file. One that others than its owner may read is refused.
    pub fn read_file(path: &Path) -> Result<Self, MasterKeyFileError> {
        let failed = |source| MasterKeyFileError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        refuse_loose(path, &file.metadata().map_err(failed)?)?;
        // Room for all of it at once, so that no copy is left behind by a growing buffer.
        let mut text = Zeroizing::new(String::with_capacity(8 * 1024));
        file.take(LARGEST).read_to_string(&mut text).map_err(failed)?;
        Self::parse(&text).map_err(|source| MasterKeyFileError::Content { path: path.to_owned(), source })
    }

    /// Writes a new key file, mode 0600. One that exists is never touched.
    pub fn create_file(&self, path: &Path) -> Result<(), MasterKeyFileError> {
        self.write_new(path).map_err(|source| MasterKeyFileError::Io { path: path.to_owned(), source })
    }

    /// Puts the key file in the place of the one there, whole or not at all.
    pub fn replace_file(&self, path: &Path) -> Result<(), MasterKeyFileError> {
        let beside = path.with_extension("new");
        clear_away(&beside)
            .and_then(|()| self.write_new(&beside))
            .and_then(|()| fs::rename(&beside, path))
            .and_then(|()| sync_folder(path))
            .map_err(|source| MasterKeyFileError::Io { path: path.to_owned(), source })
    }

    fn write_new(&self, path: &Path) -> io::Result<()> {
        let mut file = owner_only().open(path)?;
        file.write_all(self.to_text().expose().as_bytes())?;
        file.sync_all()?;
        sync_folder(path)
    }
}

fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A try that was cut off must not stand in the way of the next.
fn clear_away(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A name in a folder is durable only once the folder itself is written.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(unix)]
fn refuse_loose(path: &Path, found: &fs::Metadata) -> Result<(), MasterKeyFileError> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o7777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(MasterKeyFileError::TooOpen { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_loose(_: &Path, _: &fs::Metadata) -> Result<(), MasterKeyFileError> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::base::SeededEntropy;
    use crate::crypto::master_key::MasterKeyKind;

    fn keys() -> MasterKeys {
        MasterKeys::generate(MasterKeyKind::Development, &SeededEntropy::new(1))
    }

    #[test]
    fn a_key_file_is_made_for_its_owner_alone_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        keys().create_file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        assert!(MasterKeys::read_file(&path).unwrap().is_development());
        let second = keys().create_file(&path).unwrap_err();
        assert!(matches!(second, MasterKeyFileError::Io { .. }), "{second}");
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        keys().create_file(&path).unwrap();
        for mode in [0o640, 0o604, 0o644, 0o610] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = MasterKeys::read_file(&path).unwrap_err();
            assert!(matches!(error, MasterKeyFileError::TooOpen { mode: m, .. } if m == mode), "{error}");
        }
    }

    #[test]
    fn a_key_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let mut keys = keys();
        keys.create_file(&path).unwrap();
        keys.add_version(MasterKeyKind::Development, &SeededEntropy::new(2));
        fs::write(folder.path().join("master.new"), "left by a try that was cut off").unwrap();
        keys.replace_file(&path).unwrap();
        assert_eq!(MasterKeys::read_file(&path).unwrap().current_version(), 2);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    }
}
