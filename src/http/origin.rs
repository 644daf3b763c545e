//! Where a request comes from, and which one it is.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderName, USER_AGENT};
use axum::http::request::Parts;
use ipnet::IpNet;

use super::App;
use crate::base::RequestId;
use crate::domain::audit::{Origin, Place};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl FromRequestParts<Arc<App>> for Origin {
    type Rejection = StatusCode;

    /// What a proxy of ours forwards and does not parse is an attack, and refused.
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, StatusCode> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let (peer, request) = peer
            .zip(parts.extensions.get::<RequestId>().cloned())
            .ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        let device = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        let (address, port) =
            origin_of(&app.trusted_proxies, peer, &parts.headers).ok_or(StatusCode::BAD_REQUEST)?;
        Ok(Self { place: Place::new(address, port, device), request })
    }
}

/// The address and port that a request comes from; none where a proxy of ours forwards what is no address.
///
/// `X-Forwarded-For` counts only where a configured proxy sent it, and from its right end: proxies add to the right. Read
/// from there, the first address that is none of ours is the one that the last of them saw; what stands further left was
/// written by whoever sent the request.
pub(super) fn origin_of(trusted: &[IpNet], peer: SocketAddr, headers: &HeaderMap) -> Option<(IpAddr, u16)> {
    if !is_proxy(trusted, peer.ip()) {
        return Some((peer.ip(), peer.port()));
    }
    let mut hops = Vec::new();
    for value in headers.get_all(X_FORWARDED_FOR) {
        for hop in value.to_str().ok()?.split(',') {
            hops.push(hop_address(hop.trim())?);
        }
    }
    let outermost = hops.iter().rev().find(|(address, _)| !is_proxy(trusted, *address));
    Some(outermost.copied().unwrap_or((peer.ip(), peer.port())))
}

/// Whether `address` is one of a proxy of ours.
pub(super) fn is_proxy(trusted: &[IpNet], address: IpAddr) -> bool {
    trusted.iter().any(|network| network.contains(&address.to_canonical()))
}

/// `192.0.2.7`, `192.0.2.7:40123`, `2001:db8::7`, `[2001:db8::7]`, `[2001:db8::7]:40123`. Port 0 where none is told.
fn hop_address(text: &str) -> Option<(IpAddr, u16)> {
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some((socket.ip(), socket.port()));
    }
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().map(|address| (address, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(X_FORWARDED_FOR, value.parse().unwrap());
        }
        let trusted = ["10.1.0.0/16".parse().unwrap(), "::1/128".parse().unwrap()];
        let (address, port) = origin_of(&trusted, peer.parse().unwrap(), &headers)?;
        Some(format!("{address} {port}"))
    }

    #[test]
    fn strangers_are_not_believed() {
        for forwarded in ["198.51.100.1", "nonsense"] {
            assert_eq!(seen("203.0.113.5:999", &[forwarded]).as_deref(), Some("203.0.113.5 999"));
        }
    }

    #[test]
    fn the_last_address_that_is_no_proxy_of_ours_counts() {
        for (forwarded, expected) in [
            (&["198.51.100.1"][..], "198.51.100.1 0"),
            (&["6.6.6.6, 198.51.100.1:4711"], "198.51.100.1 4711"),
            (&["6.6.6.6", "198.51.100.1, 10.1.2.3"], "198.51.100.1 0"),
            (&["[2001:db8::1]:4711"], "2001:db8::1 4711"),
            (&["[2001:db8::1]"], "2001:db8::1 0"),
            (&["2001:db8::1"], "2001:db8::1 0"),
            (&["10.1.9.9"], "10.1.2.3 80"),
            (&[], "10.1.2.3 80"),
        ] {
            assert_eq!(seen("10.1.2.3:80", forwarded).as_deref(), Some(expected), "{forwarded:?}");
        }
    }

    #[test]
    fn what_a_proxy_forwards_must_be_an_address() {
        for forwarded in
            ["", "unknown", "198.51.100.1,", "[[1.2.3.4]]", "1.2.3.4:99999", "<script>", "6.6.6.6 7.7.7.7"]
        {
            assert_eq!(seen("10.1.2.3:80", &[forwarded]), None, "{forwarded:?}");
        }
    }
}
