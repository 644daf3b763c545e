//! Addresses at which a system keeps its request objects (OIDC Core §6.2, RFC 9101 §5.2).

use serde::{Deserialize, Serialize};

use super::uri_rules::fetched_from;

/// The longest one (RFC 9101 §5.2.1).
const LONGEST: usize = 512;

/// A registered address. It may end with a fragment that is the hash of what lies there (OIDC Registration §2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestUri(String);

/// Not such an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be absolute https addresses in their normal form, of at most 512 characters, without user information"
)]
pub struct RequestUriError;

impl RequestUri {
    /// Reads one. Where plain `http` is not called, whoever registers it is told.
    pub fn parse(text: &str) -> Result<Self, RequestUriError> {
        let is_fit = text.len() <= LONGEST && fetched_from(text).is_some();
        is_fit.then(|| Self(text.to_owned())).ok_or(RequestUriError)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `presented` is this one. The hash of the content may be added to an address that was registered without.
    pub fn accepts(&self, presented: &str) -> bool {
        presented == self.0 || (!self.0.contains('#') && without_fragment(presented) == self.0)
    }
}

impl TryFrom<String> for RequestUri {
    type Error = RequestUriError;

    fn try_from(text: String) -> Result<Self, RequestUriError> {
        Self::parse(&text)
    }
}

impl From<RequestUri> for String {
    fn from(uri: RequestUri) -> Self {
        uri.0
    }
}

fn without_fragment(text: &str) -> &str {
    text.split_once('#').map_or(text, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_are_read_as_written_are_registered__rfc9101_5_2() {
        for uri in
            ["https://a.vn/r.jwt", "https://a.vn/r#hash", "http://127.0.0.1:8000/r", "http://localhost/r?x=y"]
        {
            assert!(RequestUri::parse(uri).is_ok(), "{uri}");
        }
        let long = format!("https://a.vn/{}", "r".repeat(LONGEST));
        for uri in [
            "http://a.vn/r",
            "https://u@a.vn/",
            "https://A.vn/r",
            "https://a.vn/../r",
            "urn:ietf:params:oauth:request_uri:x",
            "/r",
            "",
            "https:///r",
            "data:text/plain,x",
            &long,
        ] {
            assert!(RequestUri::parse(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn a_hash_may_be_added_and_nothing_else__oidc_core_6_2() {
        let plain = RequestUri::parse("https://a.vn/r").unwrap();
        assert!(plain.accepts("https://a.vn/r") && plain.accepts("https://a.vn/r#x"));
        for other in
            ["https://a.vn/R", "https://a.vn/r/", "https://a.vn/r?x", "https://a.vn/", "https://b.vn/r"]
        {
            assert!(!plain.accepts(other), "{other}");
        }
        let hashed = RequestUri::parse("https://a.vn/r#x").unwrap();
        assert!(hashed.accepts("https://a.vn/r#x"));
        assert!(!hashed.accepts("https://a.vn/r") && !hashed.accepts("https://a.vn/r#y"));
    }
}
