//! Where people may be sent after signing out.

use std::fmt;
use std::sync::Arc;

use super::ApplicationType;
use super::redirect_uri::{append_query, csp_source};
use super::uri_rules::{self, UriError};

/// A post-logout address of a client's registration (RP-Initiated Logout §3.1). Compared byte for byte, its port too.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PostLogoutRedirectUri(Arc<str>);

impl PostLogoutRedirectUri {
    /// Reads an address for registration, by the same rules as redirect URIs.
    pub fn parse(text: &str, application: ApplicationType) -> Result<Self, UriError> {
        uri_rules::check(text, application).map(|()| Self(text.into()))
    }

    /// The address as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `presented` is this address.
    pub fn matches(&self, presented: &str) -> bool {
        *self.0 == *presented
    }

    /// The address with `params` added to its query.
    pub fn with_query<'a>(&self, params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        append_query(&self.0, params)
    }

    /// The source expression that lets a page's form lead there (CSP `form-action`).
    pub fn csp_source(&self) -> String {
        csp_source(&self.0)
    }
}

impl fmt::Debug for PostLogoutRedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostLogoutRedirectUri({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_free_after_sign_out() {
        let registered =
            PostLogoutRedirectUri::parse("http://localhost:3000/bye", ApplicationType::Web).unwrap();
        assert!(registered.matches("http://localhost:3000/bye"));
        assert!(!registered.matches("http://localhost:3001/bye"));
        assert!(!registered.matches("http://localhost/bye"));
        assert_eq!(registered.with_query([]), "http://localhost:3000/bye");
        assert_eq!(registered.with_query([("state", "a b")]), "http://localhost:3000/bye?state=a+b");
    }

    #[test]
    fn the_same_addresses_are_refused() {
        for text in ["javascript:alert(1)", "http://rp.example/bye", "https://rp.example/#bye"] {
            assert!(PostLogoutRedirectUri::parse(text, ApplicationType::Web).is_err(), "{text:?}");
        }
    }
}
