//! Tokens: 256 random bits that their holder shows, and of which only a keyed digest is kept.
//!
//! Text form: `khue_`, two letters for the kind, `_`, then base64url of the 32 bytes and the CRC-32 of all before it.
//! Prefix and checksum let secret scanners find leaked ones, and let us refuse nonsense without asking the database.

use std::fmt;

use crc::{CRC_32_ISO_HDLC, Crc};
use zeroize::Zeroizing;

use super::digest::Digest;
use super::keyring::{DigestPurpose, Keyring};
use crate::base::entropy::random_bytes;
use crate::base::{Entropy, Secret, encoding};

const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// What a token is for. One kind is never taken for another: prefix and digest differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A refresh token.
    Refresh,
    /// An opaque access token.
    Access,
    /// A client secret.
    ClientSecret,
    /// What lets an outsider register a system.
    InitialAccess,
    /// What lets a system look after its registration.
    RegistrationAccess,
    /// What a device asks with until its person has answered.
    Device,
    /// The cookie of a session.
    Session,
    /// The cookie that tells one browser from another.
    Browser,
}

impl TokenKind {
    /// What its text begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            TokenKind::Refresh => "khue_rt_",
            TokenKind::Access => "khue_at_",
            TokenKind::ClientSecret => "khue_cs_",
            TokenKind::InitialAccess => "khue_ia_",
            TokenKind::RegistrationAccess => "khue_ra_",
            TokenKind::Device => "khue_dc_",
            TokenKind::Session => "khue_st_",
            TokenKind::Browser => "khue_bt_",
        }
    }

    const fn purpose(self) -> DigestPurpose {
        match self {
            TokenKind::Refresh => DigestPurpose::RefreshToken,
            TokenKind::Access => DigestPurpose::AccessToken,
            TokenKind::ClientSecret => DigestPurpose::ClientSecret,
            TokenKind::InitialAccess => DigestPurpose::InitialAccess,
            TokenKind::RegistrationAccess => DigestPurpose::RegistrationAccess,
            TokenKind::Device => DigestPurpose::DeviceCode,
            TokenKind::Session => DigestPurpose::Session,
            TokenKind::Browser => DigestPurpose::Browser,
        }
    }
}

/// A token as its holder has it. Redacted when debugged; [`expose`](Self::expose) is the only way out.
#[derive(Clone)]
pub struct PlainToken {
    kind: TokenKind,
    text: Secret<String>,
}

impl PlainToken {
    /// A fresh one.
    pub fn generate(kind: TokenKind, entropy: &(impl Entropy + ?Sized)) -> Self {
        Self::from_bytes(kind, &Zeroizing::new(random_bytes(entropy)))
    }

    /// Reads what somebody presents; `None` where it cannot be one of ours.
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let rest = text.strip_prefix(kind.prefix())?;
        let bytes = Zeroizing::new(encoding::from_base64url(rest)?);
        let (random, checksum) = bytes.split_first_chunk::<32>()?;
        (checksum == checksum_of(kind, random)).then(|| Self { kind, text: Secret::new(text.to_owned()) })
    }

    /// What the holder is given and presents.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// What it is for.
    pub const fn kind(&self) -> TokenKind {
        self.kind
    }

    /// What is stored of it.
    pub fn hash(&self, keyring: &Keyring) -> HashedToken {
        HashedToken::of(self.kind, self.expose(), keyring)
    }

    /// The token that follows this one. Whoever presents this one twice within the lost-reply window is given the same
    /// successor, without it having been stored; without the key nobody can tell it.
    pub fn successor(&self, keyring: &Keyring) -> Self {
        Self::from_bytes(self.kind, keyring.succession(self.expose().as_bytes()).as_bytes())
    }

    fn from_bytes(kind: TokenKind, random: &[u8; 32]) -> Self {
        let mut bytes = Zeroizing::new([0; 36]);
        for (to, from) in bytes.iter_mut().zip(random.iter().chain(&checksum_of(kind, random))) {
            *to = *from;
        }
        let body = Zeroizing::new(encoding::base64url(bytes.as_slice()));
        Self { kind, text: Secret::new([kind.prefix(), body.as_str()].concat()) }
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlainToken({}…)", self.kind.prefix())
    }
}

fn checksum_of(kind: TokenKind, random: &[u8; 32]) -> [u8; 4] {
    let mut digest = CHECKSUM.digest();
    digest.update(kind.prefix().as_bytes());
    digest.update(random);
    digest.finalize().to_be_bytes()
}

/// What is stored of a token: its keyed digest. Compared in constant time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashedToken(Digest);

impl HashedToken {
    /// Of any text presented as a `kind`: a client secret may have been given by an operator and look like anything.
    pub fn of(kind: TokenKind, text: &str, keyring: &Keyring) -> Self {
        Self(keyring.digest(kind.purpose(), text.as_bytes()))
    }

    /// As stored.
    pub const fn from_digest(digest: Digest) -> Self {
        Self(digest)
    }

    /// For storage.
    pub const fn digest(&self) -> &Digest {
        &self.0
    }

    /// The bytes, for storage.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::SeededEntropy;
    use crate::crypto::master_key::{MasterKeyKind, MasterKeys};

    fn keyring() -> Keyring {
        let entropy = SeededEntropy::new(1);
        let master = MasterKeys::generate(MasterKeyKind::Production, &entropy);
        Keyring::open(&master, &Keyring::create(&master, &entropy)).unwrap()
    }

    fn token(kind: TokenKind) -> PlainToken {
        PlainToken::generate(kind, &SeededEntropy::new(5))
    }

    #[test]
    fn a_token_is_recognised_by_its_digest_and_never_shown_by_accident() {
        let token = token(TokenKind::Refresh);
        assert_eq!(token.expose().len(), "khue_rt_".len() + 48);
        let again = PlainToken::parse(TokenKind::Refresh, token.expose()).unwrap();
        assert_eq!(again.hash(&keyring()), token.hash(&keyring()));
        assert_eq!(format!("{token:?}"), "PlainToken(khue_rt_…)");
    }

    #[test]
    fn a_token_of_one_kind_is_none_of_another() {
        let text = token(TokenKind::Refresh).expose().to_owned();
        assert!(PlainToken::parse(TokenKind::Session, &text).is_none());
        let renamed = text.replace("khue_rt_", "khue_st_");
        assert!(PlainToken::parse(TokenKind::Session, &renamed).is_none(), "the checksum covers the prefix");
        let keys = keyring();
        assert_ne!(
            HashedToken::of(TokenKind::Refresh, "x", &keys),
            HashedToken::of(TokenKind::ClientSecret, "x", &keys)
        );
    }

    #[test]
    fn the_successor_is_always_the_same_and_has_successors_of_its_own() {
        let (keys, first) = (keyring(), token(TokenKind::Refresh));
        let second = first.successor(&keys);
        assert_eq!(second.expose(), first.successor(&keys).expose());
        assert_ne!(second.expose(), first.expose());
        assert_ne!(second.successor(&keys).expose(), second.expose());
        assert!(PlainToken::parse(TokenKind::Refresh, second.expose()).is_some());
    }

    #[test]
    fn a_given_client_secret_is_recognised_whatever_it_looks_like() {
        let keys = keyring();
        let stored = HashedToken::of(TokenKind::ClientSecret, "mật khẩu cũ", &keys);
        assert_eq!(stored, HashedToken::of(TokenKind::ClientSecret, "mật khẩu cũ", &keys));
        assert_ne!(stored, HashedToken::of(TokenKind::ClientSecret, "mật khẩu mới", &keys));
        let made = token(TokenKind::ClientSecret);
        assert_eq!(made.hash(&keys), HashedToken::of(TokenKind::ClientSecret, made.expose(), &keys));
    }

    proptest! {
        #[test]
        fn every_change_of_a_character_is_refused_cheaply(at in 0_usize..56, to in "[ -~]") {
            let text = token(TokenKind::Refresh).expose().to_owned();
            let mut forged = text.clone();
            forged.replace_range(at..=at, &to);
            prop_assert_eq!(PlainToken::parse(TokenKind::Refresh, &forged).is_some(), forged == text);
        }

        #[test]
        fn text_from_strangers_is_refused(text: String) {
            prop_assert!(PlainToken::parse(TokenKind::Refresh, &text).is_none());
        }
    }
}
