//! The addresses of a registration, each read as its standard wants it, and the sector that follows from them.

use std::collections::BTreeSet;

use url::{Host, Url};

use super::{RegistrationDocument, RegistrationError};
use crate::protocol::uri_rules::is_on_the_web;
use crate::protocol::{LogoutUri, PostLogoutRedirectUri, RegisteredRedirectUri, SubjectType};

pub(super) fn client_uri(field: &'static str, text: &str) -> Option<RegistrationError> {
    let is_fit =
        Url::parse(text).is_ok_and(|url| is_on_the_web(&url) && url.host_str().is_some_and(is_sector));
    // The parser drops line ends and tabs where they stand; what is kept is what was written.
    let is_clean = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    (!is_fit || !is_clean).then_some(RegistrationError::ClientUri(field))
}

pub(super) fn redirect_uris(
    document: &RegistrationDocument,
) -> impl Iterator<Item = Result<RegisteredRedirectUri, RegistrationError>> {
    document.redirect_uris.iter().map(|uri| {
        RegisteredRedirectUri::parse(uri, document.application_type).map_err(|cause| RegistrationError::Uri {
            field: "redirect_uris",
            uri: uri.clone(),
            cause,
        })
    })
}

pub(super) fn post_logout_redirect_uris(
    document: &RegistrationDocument,
) -> impl Iterator<Item = Result<PostLogoutRedirectUri, RegistrationError>> {
    document.post_logout_redirect_uris.iter().map(|uri| {
        PostLogoutRedirectUri::parse(uri, document.application_type).map_err(|cause| RegistrationError::Uri {
            field: "post_logout_redirect_uris",
            uri: uri.clone(),
            cause,
        })
    })
}

pub(super) fn backchannel_logout_uri(
    document: &RegistrationDocument,
) -> Result<Option<LogoutUri>, RegistrationError> {
    logout_uri("backchannel_logout_uri", document.backchannel_logout_uri.as_ref())
}

/// Front-Channel Logout §2: at the origin of one of the redirect URIs, so that it is this system that is framed.
pub(super) fn frontchannel_logout_uri(
    document: &RegistrationDocument,
) -> Result<Option<LogoutUri>, RegistrationError> {
    let uri = logout_uri("frontchannel_logout_uri", document.frontchannel_logout_uri.as_ref())?;
    let at_home =
        |uri: &LogoutUri| document.redirect_uris.iter().any(|redirect| uri.is_at_origin_of(redirect));
    if uri.as_ref().is_some_and(|uri| !at_home(uri)) {
        return Err(RegistrationError::FrontchannelLogoutOrigin);
    }
    Ok(uri)
}

fn logout_uri(field: &'static str, uri: Option<&String>) -> Result<Option<LogoutUri>, RegistrationError> {
    let read = |uri: &String| {
        LogoutUri::parse(uri).map_err(|cause| RegistrationError::Uri { field, uri: uri.clone(), cause })
    };
    uri.map(read).transpose()
}

/// OIDC Core §8.1: a system with several hosts says which one stands for them all.
pub(super) fn sector(document: &RegistrationDocument) -> Result<String, RegistrationError> {
    let sector = match &document.sector_identifier {
        Some(sector) => sector.clone(),
        None => own_sector(document)?,
    };
    // Whichever it is: what is kept is read by this rule again.
    if is_sector(&sector) { Ok(sector) } else { Err(RegistrationError::SectorIdentifierForm) }
}

/// The sector of a system that names none.
fn own_sector(document: &RegistrationDocument) -> Result<String, RegistrationError> {
    let hosts: BTreeSet<String> = document.redirect_uris.iter().map(|uri| host(uri)).collect();
    match (document.subject_type, hosts.len()) {
        (SubjectType::Pairwise, 2..) => Err(RegistrationError::SectorIdentifierNeeded),
        // A system to which nobody is sent back is known by its front door, or by itself.
        _ => {
            let door = || document.client_uri.as_deref().map(host);
            Ok(hosts.into_iter().next().or_else(door).unwrap_or_else(|| alone(document)))
        }
    }
}

/// A sector that is nobody else's: its identifier, as far as it can stand there.
fn alone(document: &RegistrationDocument) -> String {
    let fitting = |c| if is_of_a_name(c) { c } else { '.' };
    document.client_id.as_str().chars().map(fitting).collect()
}

/// The name of a host or of a private scheme, or an address.
fn is_sector(text: &str) -> bool {
    let is_name = !text.is_empty() && text.chars().all(is_of_a_name);
    // In brackets, as addresses have it; one writing of it alone, since subjects are made of the text.
    is_name || matches!(Host::parse(text), Ok(host @ Host::Ipv6(_)) if host.to_string() == text)
}

/// What stands in names of hosts, the underscore too that some have, and in those of schemes.
fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+')
}

/// The host of an address. Of a private scheme the scheme itself, which is all of it that belongs to somebody.
fn host(uri: &str) -> String {
    let Ok(url) = Url::parse(uri) else { return String::new() };
    let host = url.host_str().filter(|_| ["https", "http"].contains(&url.scheme()));
    host.unwrap_or(url.scheme()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{Bilingual, System};
    use crate::protocol::ClientId;

    #[test]
    fn a_sector_is_a_host_by_name_or_by_address__oidc_core_8_1() {
        let of = |sector: &str| {
            super::sector(&RegistrationDocument {
                sector_identifier: Some(sector.to_owned()),
                ..led_back_to("https://rp.example/cb")
            })
        };
        for host in ["rp.example", "a_b.example", "192.0.2.1", "[2606:4700::1111]", "[::1]"] {
            assert_eq!(of(host), Ok(host.to_owned()));
        }
        for other in ["", "a b.example", "a/b", "[::1", "[0::1]", "[2606:4700:0::1111]", "::1", "[a]"] {
            assert_eq!(of(other), Err(RegistrationError::SectorIdentifierForm), "{other}");
        }
    }

    #[test]
    fn a_private_scheme_is_a_sector_whatever_stands_where_a_host_would__oidc_core_8_1() {
        for uri in
            ["vn.example.so:/cb", "vn.example.so://so_lien_lac/cb", "vn.example.so://tuyensinh.example.vn/"]
        {
            assert_eq!(super::sector(&led_back_to(uri)), Ok("vn.example.so".to_owned()));
        }
        assert_eq!(super::sector(&led_back_to("com.example+a:/cb")), Ok("com.example+a".to_owned()));
        assert_eq!(super::sector(&led_back_to("http://[::1]:8080/cb")), Ok("[::1]".to_owned()));
    }

    #[test]
    fn every_sector_that_follows_is_one_that_may_be_named() {
        let hosts = [
            "h_x",
            "a~b",
            "a$b",
            "a,b",
            "+x",
            "a%41",
            "a!b'c",
            "a{b",
            "a\"b",
            "a;b",
            "[2001:db8::1]",
            "xn--a",
            "ẽ.vn",
        ];
        for scheme in ["https", "http", "vn.example.so", "com.example+a"] {
            for uri in hosts.map(|host| format!("{scheme}://{host}/cb")) {
                let document = led_back_to(&uri);
                let Ok(follows) = super::sector(&document) else { continue };
                let named = RegistrationDocument { sector_identifier: Some(follows.clone()), ..document };
                assert_eq!(super::sector(&named), Ok(follows), "{uri}");
            }
        }
    }

    fn led_back_to(redirect_uri: &str) -> RegistrationDocument {
        let text = || Bilingual { vi: "a".to_owned(), en: "a".to_owned() };
        RegistrationDocument::of(System {
            client_id: ClientId::parse("rp").unwrap(),
            client_name: text(),
            client_purpose: text(),
            contacts: Vec::new(),
            client_uri: Some("https://rp.example/".to_owned()),
            redirect_uris: vec![redirect_uri.to_owned()],
            scope: "openid".to_owned(),
        })
    }
}
