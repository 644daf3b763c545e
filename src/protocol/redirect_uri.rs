//! Where answers of the authorization endpoint may go.

use std::fmt;
use std::sync::Arc;

use url::{Url, form_urlencoded};

use super::ApplicationType;
use super::uri_rules::{self, UriError};

/// A redirect URI of a client's registration.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RegisteredRedirectUri(Arc<str>);

impl RegisteredRedirectUri {
    /// Reads an address for registration and refuses every one that could be read in two ways.
    pub fn parse(text: &str, application: ApplicationType) -> Result<Self, UriError> {
        uri_rules::check(text, application).map(|()| Self(text.into()))
    }

    /// The address as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The permission to answer at `presented`, where it is this address.
    ///
    /// Byte for byte, before any normalisation (RFC 9700 §2.1). On a loopback address alone the port may differ,
    /// because native clients listen wherever the system lets them (RFC 8252 §7.3).
    pub fn accept(&self, presented: &str) -> Option<RedirectUri> {
        self.matches(presented).then(|| RedirectUri(presented.into()))
    }

    /// Whether `presented` is this address.
    pub fn matches(&self, presented: &str) -> bool {
        if *self.0 == *presented {
            return true;
        }
        match (uri_rules::split_loopback(&self.0), uri_rules::split_loopback(presented)) {
            (Some(registered), Some(presented)) => registered == presented,
            _ => false,
        }
    }
}

impl fmt::Debug for RegisteredRedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegisteredRedirectUri({})", self.0)
    }
}

/// A redirect URI that was found among the client's own. Nothing but [`RegisteredRedirectUri::accept`] makes one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri(Arc<str>);

impl RedirectUri {
    /// The address as the request gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address with `params` added to its query; what the query held stays (RFC 6749 §4.1.2).
    pub fn with_query<'a>(&self, params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        append_query(&self.0, params)
    }

    /// The address with `params` as its fragment (OAuth 2.0 Multiple Response Types §2.1).
    pub fn with_fragment<'a>(&self, params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        format!("{}#{}", self.0, encode(params))
    }

    /// The source expression that lets a page's form post there (CSP `form-action`): the origin, or the bare scheme
    /// of a native client's private one.
    pub fn csp_source(&self) -> String {
        csp_source(&self.0)
    }
}

/// See [`RedirectUri::csp_source`]. Whatever `uri` is, it adds nothing to the policy but one place, or none.
pub(super) fn csp_source(uri: &str) -> String {
    let source = match Url::parse(uri).map(|url| url.origin()) {
        Ok(origin) if origin.is_tuple() => origin.ascii_serialization(),
        _ => format!("{}:", uri.split(':').next().unwrap_or_default()),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-+.:/[]".contains(&byte);
    if source.bytes().all(plain) { source } else { "'self'".to_owned() }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedirectUri({})", self.0)
    }
}

/// Adds `params` to the query of `uri`, which has no fragment.
pub(super) fn append_query<'a>(uri: &str, params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let added = encode(params);
    if added.is_empty() {
        return uri.to_owned();
    }
    let joint = match uri.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{uri}{joint}{added}")
}

fn encode<'a>(params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn web(text: &str) -> Result<RegisteredRedirectUri, UriError> {
        RegisteredRedirectUri::parse(text, ApplicationType::Web)
    }

    fn native(text: &str) -> Result<RegisteredRedirectUri, UriError> {
        RegisteredRedirectUri::parse(text, ApplicationType::Native)
    }

    #[test]
    fn plain_addresses_are_taken() {
        for text in [
            "https://rp.example",
            "https://rp.example/cb",
            "https://rp.example:8443/cb?tenant=1&next=%2Fhome",
            "https://RP.example/Cb",
            "https://203.0.113.7/cb",
            "https://[2001:db8::1]/cb",
            "https://rp.example/a@b",
            "http://localhost/cb",
            "http://localhost:3000/cb",
            "http://127.0.0.1:3000/cb",
            "http://[::1]:3000/cb",
        ] {
            assert_eq!(web(text).as_ref().map(RegisteredRedirectUri::as_str), Ok(text));
        }
    }

    #[test]
    fn addresses_that_can_be_read_in_two_ways_are_refused() {
        for (text, error) in [
            ("", UriError::Length),
            ("rp.example/cb", UriError::Scheme),
            ("//rp.example/cb", UriError::Scheme),
            ("http://rp.example/cb", UriError::Scheme),
            ("HTTPS://rp.example/cb", UriError::Scheme),
            ("ftp://rp.example/cb", UriError::Scheme),
            ("javascript:alert(1)", UriError::Scheme),
            ("JaVaScRiPt:alert(1)", UriError::Scheme),
            ("data:text/html,x", UriError::Scheme),
            ("vbscript:x", UriError::Scheme),
            ("file:///etc/passwd", UriError::Scheme),
            ("com.example.app:/cb", UriError::Scheme),
            ("http://localhost.evil.test/cb", UriError::Scheme),
            ("http://127.0.0.1.evil.test/cb", UriError::Scheme),
            ("http://127.0.0.2/cb", UriError::Scheme),
            ("https:rp.example/cb", UriError::Authority),
            ("https:///cb", UriError::Authority),
            ("https://:443/cb", UriError::Authority),
            ("https://rp.example:/cb", UriError::Authority),
            ("https://rp.example:0/cb", UriError::Authority),
            ("https://rp.example:65536/cb", UriError::Authority),
            ("https://rp.example:80a/cb", UriError::Authority),
            ("https://0x7f.1/cb", UriError::Authority),
            ("https://2130706433/cb", UriError::Authority),
            ("https://r%70.example/cb", UriError::Authority),
            ("https://a.vn;script-src/cb", UriError::Authority),
            ("https://a.vn,/cb", UriError::Authority),
            ("https://a.vn'unsafe-inline'/cb", UriError::Authority),
            ("https://$a.vn/", UriError::Authority),
            ("https://a_b.vn/", UriError::Authority),
            ("https://rp.example/cb#", UriError::Fragment),
            ("https://rp.example/cb#x", UriError::Fragment),
            ("https://user@rp.example/cb", UriError::UserInfo),
            ("https://user:pass@rp.example/cb", UriError::UserInfo),
            ("https://@rp.example/cb", UriError::UserInfo),
            ("https://rp.example/@@evil.test", UriError::UserInfo),
            ("https://rp.example\\@evil.test/cb", UriError::Character),
            ("https://rp.example\\cb", UriError::Character),
            ("https://rp.example/\tcb", UriError::Character),
            ("https://rp.example/cb\r\nSet-Cookie: x", UriError::Character),
            (" https://rp.example/cb", UriError::Character),
            ("https://rp.example/cb\0", UriError::Character),
            ("https://rp.example/về", UriError::Character),
            ("https://rp.exаmple/cb", UriError::Character),
            ("https://rp.example/a/../cb", UriError::DotSegment),
            ("https://rp.example/a/..;/cb", UriError::DotSegment),
            ("https://rp.example/./cb", UriError::DotSegment),
            ("https://rp.example/..", UriError::DotSegment),
            ("https://rp.example/a%2fcb", UriError::HiddenCharacter),
            ("https://rp.example/a%5Ccb", UriError::HiddenCharacter),
            ("https://rp.example/%2E%2e/cb", UriError::HiddenCharacter),
            ("https://rp.example/%252f", UriError::HiddenCharacter),
            ("https://rp.example/cb?x=%0d%0a", UriError::HiddenCharacter),
            ("https://rp.example/%zz", UriError::BrokenEscape),
            ("https://rp.example/%+1", UriError::BrokenEscape),
            ("https://rp.example/%4", UriError::BrokenEscape),
            ("https://*.example/cb", UriError::Wildcard),
            ("https://rp.example/*", UriError::Wildcard),
        ] {
            assert_eq!(web(text), Err(error), "{text:?}");
        }
        assert_eq!(web(&format!("https://rp.example/{}", "a".repeat(2048))), Err(UriError::Length));
    }

    #[test]
    fn native_clients_may_have_a_reverse_domain_scheme__rfc8252_7_1() {
        for text in ["com.example.app:/cb", "com.example.app://cb", "vn.gov.moet.hoc-ba:/cb?x=1"] {
            assert!(native(text).is_ok(), "{text:?}");
        }
        for text in [
            "myapp:/cb",
            "javascript:alert(1)",
            "com.example.app:",
            "com..app:/cb",
            "Com.example:/cb",
            "com.x://[/cb",
            "com.x://h:99999/",
        ] {
            assert!(native(text).is_err(), "{text:?}");
        }
        assert_eq!(native("com.example.app://u@h/cb"), Err(UriError::UserInfo));
    }

    #[test]
    fn matching_is_byte_for_byte__rfc9700_2_1() {
        let registered = web("https://rp.example/cb").unwrap();
        assert!(registered.matches("https://rp.example/cb"));
        for presented in [
            "https://rp.example/cb/",
            "https://rp.example/CB",
            "https://RP.example/cb",
            "https://rp.example/cb?x=1",
            "https://rp.example/cb#x",
            "https://rp.example:443/cb",
            "https://rp.example:8443/cb",
            "https://rp.example/%63b",
            "https://rp.example/x/../cb",
            "https://rp.example/cb ",
            "https://user@rp.example/cb",
            "https://foorp.example/cb",
            "https://rp.example.evil.test/cb",
            "http://rp.example/cb",
            "",
        ] {
            assert!(!registered.matches(presented), "{presented:?}");
            assert_eq!(registered.accept(presented), None);
        }
    }

    #[test]
    fn only_the_port_of_a_loopback_address_is_free__rfc8252_7_3() {
        for host in ["127.0.0.1", "[::1]", "localhost"] {
            for registered in [format!("http://{host}/cb"), format!("http://{host}:3000/cb")] {
                let registered = web(&registered).unwrap();
                for port in ["", ":1", ":3000", ":65535"] {
                    assert!(registered.matches(&format!("http://{host}{port}/cb")));
                }
                for presented in [
                    format!("http://{host}:3000/other"),
                    format!("http://{host}:3000/cb?x=1"),
                    format!("http://{host}:3000"),
                    format!("http://{host}:/cb"),
                    format!("http://{host}:0/cb"),
                    format!("http://{host}:03000/cb"),
                    format!("http://{host}:65536/cb"),
                    format!("http://{host}:3000@evil.test/cb"),
                    format!("http://{host}.evil.test/cb"),
                    format!("http://{host}evil.test/cb"),
                    format!("https://{host}:3000/cb"),
                    "http://127.0.0.2:3000/cb".to_owned(),
                ] {
                    assert!(!registered.matches(&presented), "{presented:?}");
                }
            }
        }
        assert!(!web("http://localhost/cb").unwrap().matches("http://127.0.0.1/cb"));
        assert!(!web("https://localhost/cb").unwrap().matches("https://localhost:3000/cb"));
    }

    #[test]
    fn answers_are_added_to_what_the_address_holds__rfc6749_4_1_2() {
        let params = [("code", "a b&c"), ("state", "á")];
        for (uri, expected) in [
            ("https://rp.example/cb", "https://rp.example/cb?code=a+b%26c&state=%C3%A1"),
            ("https://rp.example/cb?", "https://rp.example/cb?code=a+b%26c&state=%C3%A1"),
            ("https://rp.example/cb?x=1", "https://rp.example/cb?x=1&code=a+b%26c&state=%C3%A1"),
        ] {
            let uri = web(uri).unwrap().accept(uri).unwrap();
            assert_eq!(uri.with_query(params), expected);
        }
        let uri = web("https://rp.example/cb?x=1").unwrap().accept("https://rp.example/cb?x=1").unwrap();
        assert_eq!(uri.with_fragment(params), "https://rp.example/cb?x=1#code=a+b%26c&state=%C3%A1");
    }

    #[test]
    fn a_form_may_post_to_the_origin_alone() {
        for (text, source) in [
            ("https://rp.example/cb?x=1", "https://rp.example"),
            ("http://localhost:3000/cb", "http://localhost:3000"),
            ("com.example.app:/cb", "com.example.app:"),
        ] {
            assert_eq!(native(text).unwrap().accept(text).unwrap().csp_source(), source);
        }
    }

    proptest! {
        #[test]
        fn nothing_but_itself_matches(presented in "\\PC{0,60}") {
            let registered = web("https://rp.example/cb").unwrap();
            prop_assert_eq!(registered.matches(&presented), presented == "https://rp.example/cb");
        }

        #[test]
        fn an_altered_address_never_matches(at in 0usize..22, with in "\\PC{0,2}") {
            let text = "https://rp.example/cb?";
            let altered = format!("{}{with}{}", &text[..at], &text[at + 1..]);
            let registered = web(text).unwrap();
            prop_assert_eq!(registered.matches(&altered), altered == text);
        }

        #[test]
        fn a_loopback_match_goes_to_this_machine(presented in "http://(localhost|127\\.0\\.0\\.1|\\[::1\\])[:@.0-9a-z/]{0,12}/cb") {
            for host in ["localhost", "127.0.0.1", "[::1]"] {
                let registered = web(&format!("http://{host}/cb")).unwrap();
                if registered.matches(&presented) {
                    let url = Url::parse(&presented).unwrap();
                    prop_assert_eq!(url.host_str(), Some(host));
                    prop_assert_eq!(url.path(), "/cb");
                    prop_assert_eq!(url.username(), "");
                }
            }
        }

        #[test]
        fn no_address_adds_more_than_one_place_to_a_policy(
            text in "(https|com\\.x)://[a-z.;,'!$&()+=~_0-9-]{1,12}(/[a-z;,']{0,5})?",
            wild in "\\PC{0,40}",
        ) {
            let one = |source: &str| {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-+.:/[]".contains(&byte);
                source == "'self'" || source.bytes().all(plain)
            };
            prop_assert!(one(&csp_source(&wild)), "{wild}");
            if let Ok(taken) = native(&text) {
                let source = csp_source(taken.as_str());
                prop_assert!(one(&source) && source != "'self'", "{text}: {source}");
            }
        }

        #[test]
        fn what_is_taken_is_what_a_browser_reads(text in "(https?|com\\.x):/{0,3}[a-z0-9.@:%\\[\\]\\\\?;/-]{0,30}") {
            if web(&text).is_ok() {
                let url = Url::parse(&text).unwrap();
                prop_assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
                let host = url.host_str().unwrap();
                prop_assert!(text.split("//").nth(1).unwrap().starts_with(host));
            }
        }
    }
}
