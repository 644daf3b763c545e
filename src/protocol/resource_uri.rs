//! The name of a resource: whoever takes access tokens.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::uri_rules::check;
use super::{ApplicationType, UriError};

/// A resource's identifier (RFC 8707 §2): an absolute `https` address without a fragment, compared byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceUri(Arc<str>);

impl ResourceUri {
    /// Reads an identifier.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        check(text, ApplicationType::Web).map(|()| Self(text.into()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for ResourceUri {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ResourceUri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_absolute_and_has_no_fragment__rfc8707_2() {
        for good in
            ["https://api.example.vn/", "https://api.example.vn/hoc-sinh?nam=2026", "http://127.0.0.1:8080/"]
        {
            assert_eq!(ResourceUri::parse(good).unwrap().as_str(), good);
        }
        for bad in
            ["", "/api", "api.example.vn", "https://api.example.vn/#x", "http://api.example.vn/", "urn:x:y"]
        {
            assert!(ResourceUri::parse(bad).is_err(), "{bad}");
        }
    }
}
