//! Where a sign-in at a system can be begun by somebody else.

use std::fmt;

use url::Url;

use super::redirect_uri::append_query;
use super::uri_rules::{self, UriError};
use super::{ApplicationType, Issuer};

/// An address at which a system begins a sign-in with the provider that is named (OIDC Core §4).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct InitiateLoginUri(Url);

impl InitiateLoginUri {
    /// Reads an address for registration, by the rules of redirect URIs of web systems.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        uri_rules::check(text, ApplicationType::Web)?;
        Url::parse(text).map(Self).map_err(|_| UriError::Authority)
    }

    /// The address as it is registered.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The link that begins a sign-in with `issuer`. It says nothing about the person: she follows it by herself.
    pub fn at(&self, issuer: &Issuer) -> String {
        append_query(self.as_str(), [("iss", issuer.as_str())])
    }
}

impl fmt::Debug for InitiateLoginUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InitiateLoginUri({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_names_the_issuer__oidc_core_4() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        for (text, link) in [
            ("https://rp.example/login", "https://rp.example/login?iss=https%3A%2F%2Fid.example"),
            ("https://rp.example/in?a=b", "https://rp.example/in?a=b&iss=https%3A%2F%2Fid.example"),
        ] {
            assert_eq!(InitiateLoginUri::parse(text).unwrap().at(&issuer), link);
        }
        for text in
            ["http://rp.example/login", "https://rp.example/#x", "vn.example:/in", "javascript:alert(1)", ""]
        {
            assert!(InitiateLoginUri::parse(text).is_err(), "{text:?}");
        }
    }
}
