//! Where a system hears that somebody has signed out.

use std::fmt;

use url::Url;

use super::ApplicationType;
use super::redirect_uri::{append_query, csp_source};
use super::uri_rules::{self, UriError};

/// An address that is told of a sign-out (Back-Channel Logout §2.2, Front-Channel Logout §2). It may have a query, never a fragment.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LogoutUri(Url);

impl LogoutUri {
    /// Reads an address for registration, by the rules of redirect URIs of web systems.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        uri_rules::check(text, ApplicationType::Web)?;
        Url::parse(text).map(Self).map_err(|_| UriError::Authority)
    }

    /// The address as it is called.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address with `params` added to its query.
    pub fn with_query<'a>(&self, params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        append_query(self.as_str(), params)
    }

    /// The source expression that lets a page frame it (CSP `frame-src`): its origin and no other.
    pub fn csp_source(&self) -> String {
        csp_source(self.as_str())
    }

    /// Whether scheme, host and port are those of `address`.
    pub fn is_at_origin_of(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|other| other.origin() == self.0.origin())
    }

    /// The address, for the way out.
    pub const fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Debug for LogoutUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogoutUri({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_may_be_there_and_a_fragment_not__backchannel_logout_2_2() {
        for text in ["https://rp.example/out", "https://rp.example/out?a=b", "http://127.0.0.1:3000/out"] {
            assert_eq!(LogoutUri::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "https://rp.example/out#x",
            "http://rp.example/out",
            "javascript:alert(1)",
            "vn.example.app:/out",
            "https://a@rp.example/out",
            "https://rp.example/a/../out",
            "",
        ] {
            assert!(LogoutUri::parse(text).is_err(), "{text:?}");
        }
    }
}
