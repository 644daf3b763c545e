//! The issuer: the address that every token names and every client compares byte for byte.

use url::{Host, Url};

use super::form::{Form, Wrong};
use crate::protocol::Issuer;

impl Form for Issuer {
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
        // Clients compare the issuer byte for byte: only one spelling may exist.
        let normal = url.as_str().trim_end_matches('/');
        if normal != text {
            return Err(Wrong::new("is not in its normal spelling", format!("write \"{normal}\"")));
        }
        Issuer::parse(text).map_err(|error| Wrong::new(format!("is refused: {error}"), example))
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
            assert_eq!(Issuer::read(good).map(|issuer| issuer.to_string()), Ok(good.to_owned()));
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
            assert!(Issuer::read(bad).is_err(), "{bad}");
        }
    }
}
