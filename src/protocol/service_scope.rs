//! Scopes that resources have of their own. What they mean is the resource's affair; none stands for personal data here.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Scope;

/// The most characters of one scope.
const LONGEST: usize = 100;

/// Why a list of scopes was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceScopeError {
    /// RFC 6749 §3.3: visible ASCII without quote and backslash.
    #[error("must have scopes of 1 to {LONGEST} visible ASCII characters, without quotes and backslashes")]
    Form,
    /// One of the provider's own.
    #[error("must not have openid or another scope of the provider itself")]
    OfProvider,
}

/// Scopes of resources, each once. On the wire and in storage: words with single spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ServiceScopes(BTreeSet<Arc<str>>);

impl ServiceScopes {
    /// Reads a space-separated list.
    pub fn parse(text: &str) -> Result<Self, ServiceScopeError> {
        let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
        text.split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| match word {
                word if word.len() > LONGEST || !word.bytes().all(fits) => Err(ServiceScopeError::Form),
                word if Scope::parse(word).is_some() => Err(ServiceScopeError::OfProvider),
                word => Ok(Arc::from(word)),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The words of `text` that can be scopes of resources. Others are the provider's own, or nobody's: they are passed over
    /// (OIDC Core §3.1.2.1).
    pub fn named_in(text: &str) -> Self {
        text.split(' ')
            .filter_map(|word| Self::parse(word).ok())
            .fold(Self::default(), |all, word| all.union(&word))
    }

    /// Whether every one of them is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether `word` is among them.
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that are in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// Those that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).cloned().collect())
    }

    /// Those that are among `words`.
    #[must_use]
    pub fn among(&self, words: &BTreeSet<&str>) -> Self {
        Self(self.0.iter().filter(|word| words.contains(word.as_ref())).cloned().collect())
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}

impl fmt::Display for ServiceScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{scope}")?;
        }
        Ok(())
    }
}

impl Serialize for ServiceScopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ServiceScopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_words_of_visible_ascii__rfc6749_3_3() {
        let scopes = ServiceScopes::parse("hoc-sinh:doc  diem:ghi hoc-sinh:doc").unwrap();
        assert_eq!(scopes.to_string(), "diem:ghi hoc-sinh:doc");
        for bad in ["a\"b", "a\\b", "điểm", "a\tb"] {
            assert_eq!(ServiceScopes::parse(bad), Err(ServiceScopeError::Form), "{bad}");
        }
        assert_eq!(ServiceScopes::parse("diem:doc openid"), Err(ServiceScopeError::OfProvider));
        assert!(ServiceScopes::parse("").unwrap().is_empty());
        assert_eq!(
            ServiceScopes::named_in("openid diem:doc email a\"b diem:ghi").to_string(),
            "diem:doc diem:ghi"
        );
    }
}
