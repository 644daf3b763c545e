//! Issuer discovery: which provider is responsible for whom.

use serde::Serialize;
use url::Url;

use super::{Issuer, RawParams, Repeated};

/// The link relation that asks for an OpenID provider (OIDC Discovery §2).
const ISSUER_RELATION: &str = "http://openid.net/specs/connect/1.0/issuer";

/// A JSON Resource Descriptor (RFC 7033 §4.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResourceDescriptor {
    subject: String,
    links: Vec<Link>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Link {
    rel: &'static str,
    href: String,
}

/// Why there is no descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebfingerError {
    /// RFC 7033 §4.2: 400.
    #[error("The parameter resource is missing.")]
    Missing,
    /// 400 as well.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// RFC 7033 §4.2: 404. The resource is not under our host.
    #[error("This server is not responsible for that resource.")]
    NotOurs,
}

impl WebfingerError {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Missing | Self::Repeated(_) => 400,
            Self::NotOurs => 404,
        }
    }
}

impl ResourceDescriptor {
    /// Answers a query. Everybody under our host gets the same answer: it tells nobody who has an account.
    pub fn answer(params: &RawParams, issuer: &Issuer) -> Result<Self, WebfingerError> {
        let resource = params.get("resource")?.ok_or(WebfingerError::Missing)?;
        if !is_under(resource, issuer) {
            return Err(WebfingerError::NotOurs);
        }
        let mut relations =
            params.iter().filter(|(name, _)| *name == "rel").map(|(_, value)| value).peekable();
        // RFC 7033 §4.3: `rel` may come many times and narrows the links, none means all.
        let wanted = relations.peek().is_none() || relations.any(|relation| relation == ISSUER_RELATION);
        let link = Link { rel: ISSUER_RELATION, href: issuer.as_str().to_owned() };
        Ok(Self { subject: resource.to_owned(), links: if wanted { vec![link] } else { Vec::new() } })
    }
}

/// `acct:person@host`, or an address on our host (OIDC Discovery §2.1).
fn is_under(resource: &str, issuer: &Issuer) -> bool {
    if let Some(account) = resource.strip_prefix("acct:") {
        let host = account.rsplit_once('@').filter(|(person, _)| !person.is_empty()).map(|(_, host)| host);
        return host.is_some_and(|host| host.eq_ignore_ascii_case(issuer.host()));
    }
    Url::parse(resource).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http") && url.origin().ascii_serialization() == issuer.origin()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(query: &str) -> Result<String, u16> {
        let params = RawParams::parse(query.as_bytes(), 1024).unwrap();
        let issuer = Issuer::parse("https://id.example/idp").unwrap();
        ResourceDescriptor::answer(&params, &issuer)
            .map(|descriptor| serde_json::to_string(&descriptor).unwrap())
            .map_err(WebfingerError::status)
    }

    #[test]
    fn resources_of_our_host_lead_to_us__oidc_discovery_2() {
        let relation = "rel=http://openid.net/specs/connect/1.0/issuer";
        for resource in ["acct:an@id.example", "acct:an%40work@ID.example", "https://id.example/an"] {
            let descriptor = answer(&format!("resource={resource}&{relation}")).unwrap();
            assert!(
                descriptor.ends_with(
                    r#""links":[{"rel":"http://openid.net/specs/connect/1.0/issuer","href":"https://id.example/idp"}]}"#
                ),
                "{descriptor}"
            );
        }
        assert_eq!(
            answer("resource=acct:an@id.example&rel=avatar"),
            Ok(r#"{"subject":"acct:an@id.example","links":[]}"#.to_owned())
        );
        assert!(
            answer(&format!("resource=acct:an@id.example&rel=avatar&{relation}")).unwrap().contains("href")
        );
    }

    #[test]
    fn others_are_not_found_and_none_is_bad__rfc7033_4_2() {
        for (query, status) in [
            ("", 400),
            ("resource=", 400),
            ("resource=acct:a@id.example&resource=acct:b@id.example", 400),
            ("resource=acct:an@elsewhere.example", 404),
            ("resource=acct:@id.example", 404),
            ("resource=acct:id.example", 404),
            ("resource=an@id.example", 404),
            ("resource=https://id.example.evil.test/an", 404),
            ("resource=https://id.example:8443/an", 404),
            ("resource=mailto:an@id.example", 404),
        ] {
            assert_eq!(answer(query), Err(status), "{query}");
        }
    }
}
