//! The provider's own name.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::uri_rules::{self, UriError};
use super::{ApplicationType, Endpoint};

/// The issuer identifier (OIDC Discovery §3, RFC 8414 §2): HTTPS, or plain HTTP on a loopback address; perhaps with a
/// path, never with query or fragment. Every link and every token is built from it, none from a request's headers.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Issuer {
    text: Arc<str>,
    origin: Arc<str>,
    host: Arc<str>,
}

/// Why a text can't be an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// Not a plain address.
    #[error("the issuer {0}")]
    Uri(#[from] UriError),
    /// RFC 8414 §2.
    #[error("the issuer must not have a query")]
    Query,
}

impl Issuer {
    /// Reads an issuer identifier.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        uri_rules::check(text, ApplicationType::Web)?;
        if text.contains('?') {
            return Err(IssuerError::Query);
        }
        let url = Url::parse(text).map_err(|_| UriError::Authority)?;
        let host = url.host_str().ok_or(UriError::Authority)?;
        let origin = url.origin().ascii_serialization();
        Ok(Self { text: text.into(), origin: origin.into(), host: host.into() })
    }

    /// The identifier exactly as configured: the value of `iss`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port: what browsers call our origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path under which everything is served, without a slash at its end; empty for most.
    pub fn path(&self) -> &str {
        let after_scheme = self.text.split_once("//").map_or("", |(_, rest)| rest);
        let path = after_scheme.find('/').and_then(|slash| after_scheme.get(slash..)).unwrap_or_default();
        path.trim_end_matches('/')
    }

    /// Whether it is served over TLS; only then do cookies carry `Secure` and the `__Host-` prefix.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// The address of `path`, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.text.trim_end_matches('/'))
    }

    /// The address of an endpoint.
    pub fn endpoint(&self, endpoint: Endpoint) -> String {
        self.url(endpoint.as_str())
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_built_from_the_issuer() {
        for (text, origin, host, path, jwks) in [
            ("https://id.example", "https://id.example", "id.example", "", "https://id.example/jwks"),
            ("https://id.example/", "https://id.example", "id.example", "", "https://id.example/jwks"),
            (
                "https://a.example:8443/id",
                "https://a.example:8443",
                "a.example",
                "/id",
                "https://a.example:8443/id/jwks",
            ),
            ("http://localhost:8080", "http://localhost:8080", "localhost", "", "http://localhost:8080/jwks"),
        ] {
            let issuer = Issuer::parse(text).unwrap();
            assert_eq!(issuer.as_str(), text);
            assert_eq!((issuer.origin(), issuer.host(), issuer.path()), (origin, host, path));
            assert_eq!(issuer.endpoint(Endpoint::Jwks), jwks);
            assert_eq!(issuer.is_https(), text.starts_with("https:"));
        }
    }

    #[test]
    fn an_issuer_has_no_query_or_fragment_and_is_https__rfc8414_2() {
        for text in [
            "https://id.example?x",
            "https://id.example#x",
            "http://id.example",
            "id.example",
            "https://u@id.example",
        ] {
            assert!(Issuer::parse(text).is_err(), "{text}");
        }
    }
}
