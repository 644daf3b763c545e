//! The secrets of the instance. Stored wrapped by the master key, opened once at start, used from memory.

use std::collections::BTreeMap;

use ring::hmac;

use super::binding::{Binding, PagePurpose};
use super::blind_index::BlindIndexKey;
use super::data_key::DataKey;
use super::digest::Digest;
use super::master_key::{MasterKeys, UnwrapError};
use super::sealing::{DoesNotOpen, SealingKey};
use super::subject::SubjectKey;
use super::transparency::{NoteError, NoteSigner};
use crate::base::entropy::random_bytes;
use crate::base::{Entropy, Secret};

macro_rules! labelled {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $label:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name it is stored and keyed under.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// From the stored name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($label => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

labelled! {
    /// What a secret of the instance is for.
    SecretPurpose {
        /// Seals what travels with a person: interactions, ceremonies, codes, form tokens.
        Pages = "pages",
        /// Keys the digests of tokens and client secrets, and the succession of refresh tokens.
        Digests = "digests",
        /// Keys the blind indexes.
        BlindIndex = "blind-index",
        /// Keys the subjects and session ids that clients see.
        Subjects = "subjects",
        /// Seals personal data that belongs to no account, as in the audit record of an unknown person's try.
        Personal = "personal",
        /// Seals the secrets with which clients sign their assertions.
        ClientSecrets = "client-secrets",
        /// Signs the checkpoints of the audit log.
        AuditLog = "audit-log",
    }
}

labelled! {
    /// What a digest is for: the same bytes have another digest for each.
    DigestPurpose {
        /// A refresh token.
        RefreshToken = "refresh-token",
        /// An opaque access token.
        AccessToken = "access-token",
        /// A client's secret, generated or given.
        ClientSecret = "client-secret",
        /// What lets an outsider register a system.
        InitialAccess = "initial-access",
        /// What lets a system look after its registration.
        RegistrationAccess = "registration-access",
        /// What a device asks with.
        DeviceCode = "device-code",
        /// What its person brings to us.
        UserCode = "user-code",
        /// The cookie of a session.
        Session = "session",
        /// The cookie that tells one browser from another.
        Browser = "browser",
        /// The id that an authenticator gave a passkey.
        Credential = "credential",
        /// A key that makes something happen once.
        Once = "once",
        /// The address or device that something came from.
        Origin = "origin",
        /// The nonces that DPoP proofs carry, one a minute.
        DpopNonce = "dpop-nonce",
    }
}

/// One secret of the instance, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedSecret {
    /// What it is for.
    pub purpose: SecretPurpose,
    /// Which one of that purpose, from 1.
    pub version: u32,
    /// The secret, wrapped by the master key.
    pub wrapped: Vec<u8>,
}

impl WrappedSecret {
    /// A fresh one, of 32 random bytes.
    pub fn generate(
        purpose: SecretPurpose,
        version: u32,
        master: &MasterKeys,
        entropy: &(impl Entropy + ?Sized),
    ) -> Self {
        let secret = Secret::new(random_bytes::<32>(entropy));
        let binding = Binding::InstanceSecret { purpose, version };
        Self { purpose, version, wrapped: master.wrap(&binding, secret.expose(), entropy) }
    }

    /// The same secret under the current master key; `None` where it already is.
    pub fn rewrap(
        &self,
        master: &MasterKeys,
        entropy: &(impl Entropy + ?Sized),
    ) -> Result<Option<Self>, UnwrapError> {
        let Self { purpose, version, ref wrapped } = *self;
        let again = master.rewrap(&Binding::InstanceSecret { purpose, version }, wrapped, entropy)?;
        Ok(again.map(|wrapped| Self { purpose, version, wrapped }))
    }

    fn open(&self, master: &MasterKeys) -> Result<Secret<[u8; 32]>, KeyringError> {
        let Self { purpose, version, ref wrapped } = *self;
        let failed = |source| KeyringError::Unwrap { purpose: purpose.as_str(), version, source };
        let opened = master.unwrap(&Binding::InstanceSecret { purpose, version }, wrapped).map_err(failed)?;
        let bytes = opened.expose().as_slice().try_into().map_err(|_| failed(UnwrapError::DoesNotOpen))?;
        Ok(Secret::new(bytes))
    }
}

/// Why the secrets of the instance could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// One of them is not stored.
    #[error("the instance secret {0} is missing")]
    Missing(&'static str),
    /// Several versions of a secret that can have only one: what it keyed would not be found again.
    #[error("the instance secret {0} is stored more than once")]
    Several(&'static str),
    /// One of them does not come out of its wrap.
    #[error("the instance secret {purpose}, version {version}: {source}")]
    Unwrap {
        /// What it is for.
        purpose: &'static str,
        /// Which one of that purpose.
        version: u32,
        /// Why.
        source: UnwrapError,
    },
}

/// The opened secrets of the instance, each ready for use.
pub struct Keyring {
    /// Newest first: the first seals, all open.
    pages: Vec<SealingKey>,
    digests: hmac::Key,
    blind_index: BlindIndexKey,
    subjects: SubjectKey,
    personal: DataKey,
    client_secrets: SealingKey,
    audit_log: Secret<[u8; 32]>,
}

impl Keyring {
    /// The secrets of a new instance, to be stored.
    pub fn create(master: &MasterKeys, entropy: &(impl Entropy + ?Sized)) -> Vec<WrappedSecret> {
        Self::missing(&[], master, entropy)
    }

    /// The secrets that `stored` lacks, to be stored too: a newer release may need more of them.
    pub fn missing(
        stored: &[WrappedSecret],
        master: &MasterKeys,
        entropy: &(impl Entropy + ?Sized),
    ) -> Vec<WrappedSecret> {
        let lacking = |purpose: &SecretPurpose| stored.iter().all(|secret| secret.purpose != *purpose);
        let fresh = |purpose| WrappedSecret::generate(purpose, 1, master, entropy);
        SecretPurpose::ALL.iter().copied().filter(lacking).map(fresh).collect()
    }

    /// Opens the stored secrets.
    pub fn open(master: &MasterKeys, stored: &[WrappedSecret]) -> Result<Self, KeyringError> {
        let mut opened: BTreeMap<SecretPurpose, BTreeMap<u32, Secret<[u8; 32]>>> = BTreeMap::new();
        for secret in stored {
            opened.entry(secret.purpose).or_default().insert(secret.version, secret.open(master)?);
        }
        let mut only = |purpose: SecretPurpose| {
            let mut versions = opened.remove(&purpose).unwrap_or_default().into_values();
            match (versions.next(), versions.next()) {
                (Some(secret), None) => Ok(secret),
                (None, _) => Err(KeyringError::Missing(purpose.as_str())),
                (Some(_), Some(_)) => Err(KeyringError::Several(purpose.as_str())),
            }
        };
        let digests = hmac::Key::new(hmac::HMAC_SHA256, only(SecretPurpose::Digests)?.expose());
        let blind_index = BlindIndexKey::new(&only(SecretPurpose::BlindIndex)?);
        let subjects = SubjectKey::new(&only(SecretPurpose::Subjects)?);
        let personal = DataKey::from_secret(only(SecretPurpose::Personal)?);
        let client_secrets = SealingKey::new(&only(SecretPurpose::ClientSecrets)?);
        let audit_log = only(SecretPurpose::AuditLog)?;
        let pages = opened.remove(&SecretPurpose::Pages).unwrap_or_default();
        if pages.is_empty() {
            return Err(KeyringError::Missing(SecretPurpose::Pages.as_str()));
        }
        let pages = pages.values().rev().map(SealingKey::new).collect();
        Ok(Self { pages, digests, blind_index, subjects, personal, client_secrets, audit_log })
    }

    /// Seals what travels with a person, for `holder` alone (see [`Binding::Page`]).
    pub fn seal_page(
        &self,
        purpose: PagePurpose,
        holder: &[u8],
        content: &[u8],
        entropy: &(impl Entropy + ?Sized),
    ) -> String {
        match self.pages.first() {
            Some(key) => key.seal_text(&Binding::Page { purpose, holder }, content, entropy),
            // `open` refuses a keyring without one.
            None => String::new(),
        }
    }

    /// Opens what [`seal_page`](Self::seal_page) made for the same purpose and holder.
    pub fn open_page(
        &self,
        purpose: PagePurpose,
        holder: &[u8],
        sealed: &str,
    ) -> Result<Secret<Vec<u8>>, DoesNotOpen> {
        let binding = Binding::Page { purpose, holder };
        self.pages.iter().find_map(|key| key.open_text(&binding, sealed).ok()).ok_or(DoesNotOpen)
    }

    /// The keyed digest of `message` for `purpose`.
    pub fn digest(&self, purpose: DigestPurpose, message: &[u8]) -> Digest {
        keyed(&self.digests, &[purpose.as_str().as_bytes(), message])
    }

    /// The digest that the next token after `message` is made of.
    pub(super) fn succession(&self, message: &[u8]) -> Digest {
        keyed(&self.digests, &[b"succession", message])
    }

    /// Finds without reading.
    pub const fn blind_index(&self) -> &BlindIndexKey {
        &self.blind_index
    }

    /// Names people and sessions towards clients.
    pub const fn subjects(&self) -> &SubjectKey {
        &self.subjects
    }

    /// Seals personal data that belongs to no account.
    pub const fn personal(&self) -> &DataKey {
        &self.personal
    }

    /// Seals the secret of `client` whose digest is `digest`.
    pub fn seal_client_secret(
        &self,
        client: &str,
        digest: &[u8],
        secret: &str,
        entropy: &(impl Entropy + ?Sized),
    ) -> Vec<u8> {
        let binding = Binding::ClientSecret { client: client.as_bytes(), digest };
        self.client_secrets.seal(&binding, secret.as_bytes(), entropy)
    }

    /// Opens what [`seal_client_secret`](Self::seal_client_secret) made for the same client and digest.
    pub fn open_client_secret(
        &self,
        client: &str,
        digest: &[u8],
        sealed: &[u8],
    ) -> Result<Secret<Vec<u8>>, DoesNotOpen> {
        self.client_secrets.open(&Binding::ClientSecret { client: client.as_bytes(), digest }, sealed)
    }

    /// Signs the checkpoints of the audit log that is called `origin`.
    pub fn audit_signer(&self, origin: &str) -> Result<NoteSigner, NoteError> {
        NoteSigner::from_seed(origin, self.audit_log.expose())
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

/// HMAC-SHA256 over parts, each but the last with its length in front, so that no two lists of parts read alike.
pub(super) fn keyed(key: &hmac::Key, parts: &[&[u8]]) -> Digest {
    let mut context = hmac::Context::with_key(key);
    if let Some((last, first)) = parts.split_last() {
        for part in first {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.update(last);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.sign().as_ref());
    Digest::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SeededEntropy;
    use crate::crypto::master_key::MasterKeyKind;

    fn master() -> (MasterKeys, SeededEntropy) {
        let entropy = SeededEntropy::new(1);
        (MasterKeys::generate(MasterKeyKind::Production, &entropy), entropy)
    }

    #[test]
    fn the_stored_secrets_open_to_the_same_keyring() {
        let (master, entropy) = master();
        let stored = Keyring::create(&master, &entropy);
        let one = Keyring::open(&master, &stored).unwrap();
        let two = Keyring::open(&master, &stored).unwrap();
        let sealed = one.seal_page(PagePurpose::Code, b"client", b"content", &entropy);
        assert_eq!(two.open_page(PagePurpose::Code, b"client", &sealed).unwrap().expose(), b"content");
        assert!(two.open_page(PagePurpose::Code, b"other", &sealed).is_err());
        assert!(two.open_page(PagePurpose::Interaction, b"client", &sealed).is_err());
        assert_eq!(one.digest(DigestPurpose::Session, b"x"), two.digest(DigestPurpose::Session, b"x"));
        assert_ne!(one.digest(DigestPurpose::Session, b"x"), one.digest(DigestPurpose::Browser, b"x"));
    }

    #[test]
    fn a_missing_moved_or_doubled_secret_is_named() {
        let (master, entropy) = master();
        let stored = Keyring::create(&master, &entropy);
        assert_eq!(Keyring::open(&master, &stored[1..]).unwrap_err(), KeyringError::Missing("pages"));
        assert_eq!(Keyring::missing(&stored[1..], &master, &entropy).len(), 1);
        let mut moved = stored.clone();
        moved[0].purpose = SecretPurpose::Digests;
        assert!(matches!(
            Keyring::open(&master, &moved).unwrap_err(),
            KeyringError::Unwrap { purpose: "digests", version: 1, .. }
        ));
        let mut doubled = stored;
        doubled.push(WrappedSecret::generate(SecretPurpose::Subjects, 2, &master, &entropy));
        assert_eq!(Keyring::open(&master, &doubled).unwrap_err(), KeyringError::Several("subjects"));
    }

    #[test]
    fn pages_sealed_under_the_older_secret_still_open() {
        let (mut master, entropy) = master();
        let mut stored = Keyring::create(&master, &entropy);
        let before = Keyring::open(&master, &stored).unwrap();
        let sealed = before.seal_page(PagePurpose::Interaction, b"", b"content", &entropy);
        stored.push(WrappedSecret::generate(SecretPurpose::Pages, 2, &master, &entropy));
        let after = Keyring::open(&master, &stored).unwrap();
        assert!(after.open_page(PagePurpose::Interaction, b"", &sealed).is_ok());
        let newer = after.seal_page(PagePurpose::Interaction, b"", b"content", &entropy);
        assert!(before.open_page(PagePurpose::Interaction, b"", &newer).is_err());

        master.add_version(MasterKeyKind::Production, &entropy);
        let rewrapped = stored.iter().map(|secret| secret.rewrap(&master, &entropy).unwrap().unwrap());
        let again = Keyring::open(&master, &rewrapped.collect::<Vec<_>>()).unwrap();
        assert!(again.open_page(PagePurpose::Interaction, b"", &newer).is_ok());
    }

    #[test]
    fn stored_names_come_back() {
        for purpose in SecretPurpose::ALL {
            assert_eq!(SecretPurpose::parse(purpose.as_str()), Some(*purpose));
        }
        assert_eq!(SecretPurpose::parse("else"), None);
    }
}
