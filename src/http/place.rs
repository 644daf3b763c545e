//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderName, USER_AGENT};
use axum::http::request::Parts;

use super::App;
use crate::domain::audit::Place;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The place that a request comes from.
///
/// `X-Forwarded-For` counts only where a configured proxy sent it, and from its right end: the last address that is not
/// a proxy of ours. One that does not parse is an attack, and refused.
pub struct FromPlace(pub Place);

impl FromRequestParts<Arc<App>> for FromPlace {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, StatusCode> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let peer = peer.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        let device = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        let (address, port) = origin(app, peer, &parts.headers).ok_or(StatusCode::BAD_REQUEST)?;
        Ok(Self(Place::new(address, port, device)))
    }
}

fn origin(app: &App, peer: SocketAddr, headers: &HeaderMap) -> Option<(IpAddr, u16)> {
    let is_proxy = |address: IpAddr| app.trusted_proxies.iter().any(|network| network.contains(&address.to_canonical()));
    if !is_proxy(peer.ip()) {
        return Some((peer.ip(), peer.port()));
    }
    let mut hops = Vec::new();
    for value in headers.get_all(X_FORWARDED_FOR) {
        for hop in value.to_str().ok()?.split(',') {
            hops.push(hop_address(hop.trim())?);
        }
    }
    let outermost = hops.iter().rev().find(|(address, _)| !is_proxy(*address));
    Some(outermost.copied().unwrap_or((peer.ip(), peer.port())))
}

/// `192.0.2.7`, `192.0.2.7:40123`, `2001:db8::7`, `[2001:db8::7]:40123`. Port 0 where none is told.
fn hop_address(text: &str) -> Option<(IpAddr, u16)> {
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some((socket.ip(), socket.port()));
    }
    text.trim_start_matches('[').trim_end_matches(']').parse().ok().map(|address| (address, 0))
}
