//! What a key of this provider is for.

use super::{DecryptionKeyKind, SigningAlgorithm};

/// The algorithm of a key that lives in the provider's key set: it signs with it, or reads what others encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// It signs.
    Signing(SigningAlgorithm),
    /// It reads.
    Decryption(DecryptionKeyKind),
}

impl KeyAlgorithm {
    /// Every one of which there is a key.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        let signing = SigningAlgorithm::ALL.iter().copied().map(Self::Signing);
        signing.chain(DecryptionKeyKind::ALL.iter().copied().map(Self::Decryption))
    }

    /// As stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signing(algorithm) => algorithm.as_str(),
            Self::Decryption(kind) => kind.as_str(),
        }
    }

    /// From storage.
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().find(|algorithm| algorithm.as_str() == text)
    }
}

impl std::fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<SigningAlgorithm> for KeyAlgorithm {
    fn from(algorithm: SigningAlgorithm) -> Self {
        Self::Signing(algorithm)
    }
}

impl From<DecryptionKeyKind> for KeyAlgorithm {
    fn from(kind: DecryptionKeyKind) -> Self {
        Self::Decryption(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_that_of_one_alone() {
        for algorithm in KeyAlgorithm::all() {
            assert_eq!(KeyAlgorithm::parse(algorithm.as_str()), Some(algorithm));
        }
        assert_eq!(KeyAlgorithm::parse("none"), None);
    }
}
