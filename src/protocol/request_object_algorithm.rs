//! The algorithms of request objects.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::AssertionAlgorithm;

/// What stands for no signature (RFC 7518 §3.6).
const UNSIGNED: &str = "none";

/// A JWS algorithm of a request object (OIDC Core §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestObjectAlgorithm {
    /// Whatever signs an assertion signs a request.
    Signed(AssertionAlgorithm),
    /// No signature: only of whoever is registered for it, and worth no more than plain parameters.
    None,
}

impl RequestObjectAlgorithm {
    /// Every one, in the order in which it is published.
    pub fn all() -> impl Iterator<Item = Self> {
        AssertionAlgorithm::ALL.iter().copied().map(Self::Signed).chain([Self::None])
    }

    /// The text on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signed(algorithm) => algorithm.as_str(),
            Self::None => UNSIGNED,
        }
    }

    /// The algorithm of the signature, if there is one.
    pub const fn signed(self) -> Option<AssertionAlgorithm> {
        match self {
            Self::Signed(algorithm) => Some(algorithm),
            Self::None => None,
        }
    }
}

impl fmt::Display for RequestObjectAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for RequestObjectAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RequestObjectAlgorithm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        match (AssertionAlgorithm::parse(&text), &*text) {
            (Some(algorithm), _) => Ok(Self::Signed(algorithm)),
            (None, UNSIGNED) => Ok(Self::None),
            (None, _) => Err(serde::de::Error::custom("not a known RequestObjectAlgorithm")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_reads_back_and_no_other() {
        for algorithm in RequestObjectAlgorithm::all() {
            let text = serde_json::to_string(&algorithm).unwrap();
            assert_eq!(serde_json::from_str::<RequestObjectAlgorithm>(&text).unwrap(), algorithm);
        }
        for text in ["\"\"", "\"None\"", "\"es256\"", "\"ES512\"", "null", "7"] {
            assert!(serde_json::from_str::<RequestObjectAlgorithm>(text).is_err(), "{text}");
        }
    }
}
