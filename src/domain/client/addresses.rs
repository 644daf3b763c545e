//! The addresses of a registration, each read as its standard wants it, and the sector that follows from them.

use std::collections::BTreeSet;

use url::{Host, Url};

use super::{RegistrationDocument, RegistrationError};
use crate::protocol::uri_rules::is_on_the_web;
use crate::protocol::{LogoutUri, PostLogoutRedirectUri, RegisteredRedirectUri, SubjectType};

pub(super) fn client_uri(field: &'static str, text: &str) -> Option<RegistrationError> {
    let is_fit = Url::parse(text).is_ok_and(|url| is_on_the_web(&url));
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
    if let Some(sector) = &document.sector_identifier {
        let is_name = !sector.is_empty() && sector.chars().all(is_of_a_name);
        // In brackets, as addresses have it; one writing of it alone, since subjects are made of the text.
        let is_address =
            matches!(Host::parse(sector), Ok(host @ Host::Ipv6(_)) if host.to_string() == *sector);
        return if is_name || is_address {
            Ok(sector.clone())
        } else {
            Err(RegistrationError::SectorIdentifierForm)
        };
    }
    let hosts: BTreeSet<String> = document.redirect_uris.iter().map(|uri| host(uri)).collect();
    match (document.subject_type, hosts.len()) {
        (SubjectType::Pairwise, 2..) => Err(RegistrationError::SectorIdentifierNeeded),
        // A system to which nobody is sent back is known by its front door, or by itself.
        _ => {
            let door = || document.client_uri.as_deref().map(host);
            Ok(hosts.into_iter().next().or_else(door).unwrap_or_else(|| own_sector(document)))
        }
    }
}

/// A sector that is nobody else's: its identifier, as far as it can stand there.
fn own_sector(document: &RegistrationDocument) -> String {
    let fitting = |c| if is_of_a_name(c) { c } else { '.' };
    document.client_id.as_str().chars().map(fitting).collect()
}

/// What stands in names of hosts, the underscore too that some have.
fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// The host of an address; of a private scheme, the scheme itself.
fn host(uri: &str) -> String {
    let parsed = Url::parse(uri);
    let host = parsed.as_ref().ok().and_then(Url::host_str).filter(|host| !host.is_empty());
    host.or(parsed.as_ref().ok().map(Url::scheme)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::{Bilingual, System};
    use crate::protocol::ClientId;

    #[test]
    fn a_sector_is_a_host_by_name_or_by_address__oidc_core_8_1() {
        let text = || Bilingual { vi: "a".to_owned(), en: "a".to_owned() };
        let of = |sector: &str| {
            let document = RegistrationDocument {
                sector_identifier: Some(sector.to_owned()),
                ..RegistrationDocument::of(System {
                    client_id: ClientId::parse("rp").unwrap(),
                    client_name: text(),
                    client_purpose: text(),
                    contacts: Vec::new(),
                    client_uri: Some("https://rp.example/".to_owned()),
                    redirect_uris: vec!["https://rp.example/cb".to_owned()],
                    scope: "openid".to_owned(),
                })
            };
            super::sector(&document)
        };
        for host in ["rp.example", "a_b.example", "192.0.2.1", "[2606:4700::1111]", "[::1]"] {
            assert_eq!(of(host), Ok(host.to_owned()));
        }
        for other in ["", "a b.example", "a/b", "[::1", "[0::1]", "[2606:4700:0::1111]", "::1", "[a]"] {
            assert_eq!(of(other), Err(RegistrationError::SectorIdentifierForm), "{other}");
        }
    }
}
