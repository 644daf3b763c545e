//! The issuer: the address that every token names and every client compares byte for byte.

use std::fmt;

use url::{Host, Url};

use super::form::{Form, Wrong};

/// A well-formed issuer URL, in the one spelling that discovery, tokens and clients share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerUrl(Url);

impl IssuerUrl {
    /// As tokens carry it: no trailing slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether browsers reach it over TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host, which is the relying party id of passkeys.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Scheme, host and port, as browsers send it in `Origin`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The path that every route stands under; empty where the issuer has none.
    pub fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }
}

impl fmt::Display for IssuerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Form for IssuerUrl {
    fn read(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let example = "write for example \"https://id.example.vn\"";
        let url = Url::parse(text).map_err(|error| Wrong::new(format!("is not a URL ({error})"), example))?;
        // OIDC Discovery §3: a URL with scheme and host, without query and fragment.
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Wrong::new("has a query or fragment", "leave out everything from `?` or `#` on"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Wrong::new(
                "has a user name or password in it",
                "leave out everything before the host",
            ));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => {
                return Err(Wrong::new(
                    "is plain HTTP on a host that is not this machine",
                    "write https://…",
                ));
            }
            _ => return Err(Wrong::new("is not an https URL", example)),
        }
        let issuer = Self(url);
        // Clients compare the issuer byte for byte: only one spelling may exist.
        if issuer.as_str() != text {
            return Err(Wrong::new(
                "is not in its normal spelling",
                format!("write \"{}\"", issuer.as_str()),
            ));
        }
        Ok(issuer)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_has_one_spelling() {
        for good in [
            "https://id.moet.gov.vn",
            "https://id.example.vn/khue",
            "http://localhost:8080",
            "http://[::1]:8080",
        ] {
            assert_eq!(IssuerUrl::read(good).map(|issuer| issuer.to_string()), Ok(good.to_owned()));
        }
        for bad in [
            "id.example.vn",
            "https://id.example.vn/",
            "https://ID.example.vn",
            "https://id.example.vn:443",
            "https://id.example.vn/a/../b",
            "https://id.example.vn?x=1",
            "https://id.example.vn#x",
            "https://user@id.example.vn",
            "http://id.example.vn",
            "http://localhost.evil.test",
            "ftp://localhost",
        ] {
            assert!(IssuerUrl::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn its_parts_are_what_browsers_and_routes_need() {
        let issuer = IssuerUrl::read("https://id.example.vn/khue").unwrap();
        assert_eq!((issuer.host(), issuer.path()), ("id.example.vn", "/khue"));
        assert_eq!(issuer.origin(), "https://id.example.vn");
        assert_eq!(IssuerUrl::read("http://localhost:8080").unwrap().path(), "");
    }
}
