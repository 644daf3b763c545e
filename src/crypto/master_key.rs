//! The master key: wraps every key below it. It has versions, so that it can be changed while old wraps still open.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::binding::Binding;
use super::sealing::{DoesNotOpen, SealingKey};
use crate::base::entropy::random_bytes;
use crate::base::{Entropy, Secret, encoding};

const PREFIX: &str = "khue-master-key";
const FORMAT: &str = "v1";
/// At the end of the line of a version that unwraps and does not wrap yet.
const WAITING: &str = "waiting";

/// What a master key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterKeyKind {
    /// Made on purpose for an instance that carries real people.
    Production,
    /// Made on first start, without asking. Production refuses it.
    Development,
}

impl MasterKeyKind {
    const fn as_str(self) -> &'static str {
        match self {
            MasterKeyKind::Production => "production",
            MasterKeyKind::Development => "development",
        }
    }
}

/// Why a master key text was refused. Names lines, never what stands in them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MasterKeyError {
    /// No line holds a key.
    #[error(
        "there is no key in it; a line reads khue-master-key:v1:production:<version>:<32 bytes in base64url>"
    )]
    Empty,
    /// A line that is not a key.
    #[error("line {line} is not a key: {wrong}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        wrong: &'static str,
    },
    /// Every version waits.
    #[error("every version in it waits for its turn; take :waiting off the line that wraps")]
    AllWait,
    /// Two lines with the same version.
    #[error("line {line} repeats version {version}")]
    Repeated {
        /// Counted from 1.
        line: usize,
        /// The version.
        version: u32,
    },
}

/// Why a wrapped key did not come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// Wrapped by a version of the master key that is not here.
    #[error("it was wrapped by version {0} of the master key, which is not in the key file")]
    UnknownVersion(u32),
    /// Forged, moved, or wrapped by a different key of the same version.
    #[error("it was not wrapped by this master key, or was changed or moved")]
    DoesNotOpen,
}

impl From<DoesNotOpen> for UnwrapError {
    fn from(_: DoesNotOpen) -> Self {
        UnwrapError::DoesNotOpen
    }
}

struct Version {
    kind: MasterKeyKind,
    /// Known, so that every node can unwrap by it before the first one wraps by it.
    waits: bool,
    secret: Secret<[u8; 32]>,
    sealing: SealingKey,
}

impl Version {
    fn new(kind: MasterKeyKind, secret: Secret<[u8; 32]>) -> Self {
        Self { kind, waits: false, sealing: SealingKey::new(&secret), secret }
    }
}

/// All versions of the master key that are still needed. The highest that does not wait wraps; all unwrap.
pub struct MasterKeys {
    current: u32,
    versions: BTreeMap<u32, Version>,
}

impl MasterKeys {
    /// A first version, of random bytes.
    pub fn generate(kind: MasterKeyKind, entropy: &(impl Entropy + ?Sized)) -> Self {
        let first = Version::new(kind, Secret::new(random_bytes(entropy)));
        Self { current: 1, versions: BTreeMap::from([(1, first)]) }
    }

    /// Adds a version, which wraps from now on.
    pub fn add_version(&mut self, kind: MasterKeyKind, entropy: &(impl Entropy + ?Sized)) {
        self.announce_version(kind, entropy);
        self.switch();
    }

    /// Adds a version that waits: it unwraps, and wraps only after [`MasterKeys::switch`]. Gives its number.
    pub fn announce_version(&mut self, kind: MasterKeyKind, entropy: &(impl Entropy + ?Sized)) -> u32 {
        let last = self.versions.last_key_value().map_or(self.current, |(version, _)| *version);
        let version = Version { waits: true, ..Version::new(kind, Secret::new(random_bytes(entropy))) };
        self.versions.insert(last.saturating_add(1), version);
        last.saturating_add(1)
    }

    /// Lets the version that waits wrap from now on; `false` where none waits.
    pub fn switch(&mut self) -> bool {
        let Some(next) = self.waiting_version() else { return false };
        self.versions.values_mut().for_each(|version| version.waits = false);
        self.current = next;
        true
    }

    /// The version that waits for its turn, if any.
    pub fn waiting_version(&self) -> Option<u32> {
        self.versions.iter().rev().find(|(_, version)| version.waits).map(|(number, _)| *number)
    }

    /// Every version, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = u32> {
        self.versions.keys().copied()
    }

    /// Reads the text form: one key a line; empty lines and lines that begin with `#` are passed over.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let mut versions = BTreeMap::new();
        for (at, content) in text.lines().enumerate() {
            let (line, content) = (at + 1, content.trim());
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let (version, key) = parse_line(content).map_err(|wrong| MasterKeyError::Line { line, wrong })?;
            if versions.insert(version, key).is_some() {
                return Err(MasterKeyError::Repeated { line, version });
            }
        }
        let in_use = versions.iter().rev().find(|(_, key): &(_, &Version)| !key.waits);
        let current = match in_use {
            Some((version, _)) => *version,
            None if versions.is_empty() => return Err(MasterKeyError::Empty),
            None => return Err(MasterKeyError::AllWait),
        };
        Ok(Self { current, versions })
    }

    /// The text form.
    pub fn to_text(&self) -> Secret<String> {
        let mut text = String::with_capacity(128 * (1 + self.versions.len()));
        text.push_str(
            "# Whoever has this file can read everything. Keep one copy where the database backup is not.\n",
        );
        for (version, key) in &self.versions {
            let secret = Zeroizing::new(encoding::base64url(key.secret.expose()));
            let kind = key.kind.as_str();
            for part in [PREFIX, ":", FORMAT, ":", kind, ":", &version.to_string(), ":", secret.as_str()] {
                text.push_str(part);
            }
            if key.waits {
                text.push(':');
                text.push_str(WAITING);
            }
            text.push('\n');
        }
        Secret::new(text)
    }

    /// Whether any version was made without asking. Production must not start on it.
    pub fn is_development(&self) -> bool {
        self.versions.values().any(|key| key.kind == MasterKeyKind::Development)
    }

    /// Whether any version was made for production.
    pub fn is_production(&self) -> bool {
        self.versions.values().any(|key| key.kind == MasterKeyKind::Production)
    }

    /// The version that wraps.
    pub const fn current_version(&self) -> u32 {
        self.current
    }

    /// Wraps a lower key. The version stands in front, so that the right one is found again.
    pub fn wrap(&self, binding: &Binding<'_>, key: &[u8], entropy: &(impl Entropy + ?Sized)) -> Vec<u8> {
        let mut wrapped = self.current.to_be_bytes().to_vec();
        // `current` is a key of `versions` by construction.
        if let Some(version) = self.versions.get(&self.current) {
            wrapped.extend_from_slice(&version.sealing.seal(binding, key, entropy));
        }
        wrapped
    }

    /// Takes a lower key out of its wrap.
    pub fn unwrap(&self, binding: &Binding<'_>, wrapped: &[u8]) -> Result<Secret<Vec<u8>>, UnwrapError> {
        let (version, sealed) = split(wrapped)?;
        let version = self.versions.get(&version).ok_or(UnwrapError::UnknownVersion(version))?;
        Ok(version.sealing.open(binding, sealed)?)
    }

    /// The same key wrapped by the current version; `None` where it already is.
    pub fn rewrap(
        &self,
        binding: &Binding<'_>,
        wrapped: &[u8],
        entropy: &(impl Entropy + ?Sized),
    ) -> Result<Option<Vec<u8>>, UnwrapError> {
        let key = self.unwrap(binding, wrapped)?;
        let (version, _) = split(wrapped)?;
        Ok((version != self.current).then(|| self.wrap(binding, key.expose(), entropy)))
    }
}

impl std::fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MasterKeys").field("versions", &self.versions.keys()).finish_non_exhaustive()
    }
}

fn split(wrapped: &[u8]) -> Result<(u32, &[u8]), UnwrapError> {
    let (version, sealed) = wrapped.split_first_chunk::<4>().ok_or(UnwrapError::DoesNotOpen)?;
    Ok((u32::from_be_bytes(*version), sealed))
}

fn parse_line(line: &str) -> Result<(u32, Version), &'static str> {
    let mut parts = line.splitn(6, ':');
    if parts.next() != Some(PREFIX) {
        return Err("it does not begin with khue-master-key:");
    }
    if parts.next() != Some(FORMAT) {
        return Err("its format is not v1");
    }
    let kind = match parts.next() {
        Some("production") => MasterKeyKind::Production,
        Some("development") => MasterKeyKind::Development,
        _ => return Err("its kind is neither production nor development"),
    };
    let version = parts
        .next()
        .and_then(|version| version.parse().ok())
        .filter(|version| *version > 0)
        .ok_or("its version is not a number from 1")?;
    let bytes = parts.next().and_then(encoding::from_base64url).map(Zeroizing::new);
    let secret = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
    let secret = secret.ok_or("its fifth part is not 32 bytes in base64url")?;
    let waits = match parts.next() {
        None => false,
        Some(WAITING) => true,
        Some(_) => return Err("behind the key nothing but :waiting may stand"),
    };
    Ok((version, Version { waits, ..Version::new(kind, Secret::new(secret)) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SeededEntropy;
    use crate::crypto::binding::Place;

    const HERE: Binding<'static> = Binding::Place(Place::new("accounts", "data_key", uuid::Uuid::nil()));
    const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    #[test]
    fn what_an_old_version_wrapped_still_opens_and_is_rewrapped_once() {
        let entropy = SeededEntropy::new(1);
        let mut keys = MasterKeys::generate(MasterKeyKind::Production, &entropy);
        let old = keys.wrap(&HERE, b"lower key", &entropy);
        assert_eq!(keys.rewrap(&HERE, &old, &entropy), Ok(None));
        keys.add_version(MasterKeyKind::Production, &entropy);
        assert_eq!(keys.unwrap(&HERE, &old).unwrap().expose(), b"lower key");
        let new = keys.rewrap(&HERE, &old, &entropy).unwrap().unwrap();
        assert_eq!(new[..4], [0, 0, 0, 2]);
        assert_eq!(keys.unwrap(&HERE, &new).unwrap().expose(), b"lower key");
    }

    #[test]
    fn a_version_that_waits_unwraps_and_does_not_wrap_until_it_is_its_turn() {
        let entropy = SeededEntropy::new(1);
        let mut keys = MasterKeys::generate(MasterKeyKind::Production, &entropy);
        assert!(!keys.switch());
        assert_eq!(keys.announce_version(MasterKeyKind::Production, &entropy), 2);
        // A node that was started with the file as it is now, before and after the others switched.
        let started = MasterKeys::parse(keys.to_text().expose()).unwrap();
        assert_eq!((started.current_version(), started.waiting_version()), (1, Some(2)));
        assert!(keys.switch());
        let switched = MasterKeys::parse(keys.to_text().expose()).unwrap();
        assert_eq!((switched.current_version(), switched.waiting_version()), (2, None));
        let new = switched.wrap(&HERE, b"lower key", &entropy);
        assert_eq!(started.unwrap(&HERE, &new).unwrap().expose(), b"lower key");
        let old = started.wrap(&HERE, b"lower key", &entropy);
        assert_eq!(switched.unwrap(&HERE, &old).unwrap().expose(), b"lower key");
        let alone = format!("khue-master-key:v1:production:1:{SECRET}:waiting");
        assert_eq!(MasterKeys::parse(&alone).unwrap_err(), MasterKeyError::AllWait);
    }

    #[test]
    fn the_text_form_comes_back_whole() {
        let entropy = SeededEntropy::new(1);
        let mut keys = MasterKeys::generate(MasterKeyKind::Development, &entropy);
        keys.add_version(MasterKeyKind::Production, &entropy);
        let wrapped = keys.wrap(&HERE, b"lower key", &entropy);
        let again = MasterKeys::parse(keys.to_text().expose()).unwrap();
        assert_eq!(again.current_version(), 2);
        assert!(again.is_development(), "one development version is enough to be refused");
        assert_eq!(again.unwrap(&HERE, &wrapped).unwrap().expose(), b"lower key");
    }

    #[test]
    fn a_key_wrapped_by_another_master_key_or_version_does_not_come_out() {
        let entropy = SeededEntropy::new(1);
        let mut keys = MasterKeys::generate(MasterKeyKind::Production, &entropy);
        let other = MasterKeys::generate(MasterKeyKind::Production, &entropy);
        keys.add_version(MasterKeyKind::Production, &entropy);
        let wrapped = keys.wrap(&HERE, b"lower key", &entropy);
        assert_eq!(other.unwrap(&HERE, &wrapped), Err(UnwrapError::UnknownVersion(2)));
        let mut moved = wrapped;
        moved[3] = 1;
        assert_eq!(keys.unwrap(&HERE, &moved), Err(UnwrapError::DoesNotOpen));
        assert_eq!(keys.unwrap(&HERE, b""), Err(UnwrapError::DoesNotOpen));
    }

    #[test]
    fn a_wrong_text_is_named_by_its_line_and_never_echoed() {
        let good = format!("khue-master-key:v1:production:1:{SECRET}");
        assert!(!MasterKeys::parse(&good).unwrap().is_development());
        assert_eq!(MasterKeys::parse("# nothing\n\n").unwrap_err(), MasterKeyError::Empty);
        let repeated = format!("{good}\n{good}");
        assert_eq!(
            MasterKeys::parse(&repeated).unwrap_err(),
            MasterKeyError::Repeated { line: 2, version: 1 }
        );
        for wrong in [
            SECRET.to_owned(),
            format!("khue-master-key:v2:production:1:{SECRET}"),
            format!("khue-master-key:v1:test:1:{SECRET}"),
            format!("khue-master-key:v1:production:0:{SECRET}"),
            format!("khue-master-key:v1:production:one:{SECRET}"),
            format!("khue-master-key:v1:production:1:{SECRET}AA"),
            format!("khue-master-key:v1:production:1:{SECRET}="),
            format!("khue-master-key:v1:production:1:{SECRET}:later"),
            "khue-master-key:v1:production:1".to_owned(),
        ] {
            let error = MasterKeys::parse(&wrong).unwrap_err();
            assert!(matches!(error, MasterKeyError::Line { line: 1, .. }), "{wrong}");
            assert!(!error.to_string().contains(SECRET), "{wrong}");
        }
        assert!(!format!("{:?}", MasterKeys::parse(&good).unwrap()).contains(SECRET));
    }
}
