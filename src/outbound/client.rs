//! The client itself.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response};
use url::{Host, Url};

use super::lookup::{Checked, System};
use super::{Fetched, OutboundError, Reach};

/// How large and how slow an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of content.
    pub bytes: usize,
    /// The longest it may take, from looking the name up to the last byte.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, time: Duration::from_secs(5) }
    }
}

/// Everything fetched for a client or sent to one goes through this: HTTPS, public addresses, no redirects, no cookies,
/// no proxy, and limits. Never to be called inside a transaction; callers wait for their own answers only.
pub struct Outbound {
    reach: Reach,
    names: Arc<Checked>,
    // Made at the first call: reading the machine's trusted certificates takes a while, and most never need them.
    http: OnceLock<reqwest::Client>,
}

impl Outbound {
    /// A client that goes as far as `reach`.
    pub fn new(reach: Reach) -> Self {
        Self::asking(reach, System)
    }

    fn asking(reach: Reach, names: impl Resolve + 'static) -> Self {
        let names = Arc::new(Checked { reach, inner: Arc::new(names) });
        Self { reach, names, http: OnceLock::new() }
    }

    /// Fetches what lies at `url`: the content of an answer 200, and an error for all others.
    pub async fn get(&self, url: &Url, limits: Limits) -> Result<Fetched, OutboundError> {
        let request = self.request(Method::GET, url)?;
        match self.send(request, limits).await? {
            fetched if fetched.status == 200 => Ok(fetched),
            other => Err(OutboundError::Status(other.status)),
        }
    }

    /// Posts a form that is encoded already, and gives the answer whatever its status.
    pub async fn post_form(
        &self,
        url: &Url,
        body: impl Into<String>,
        limits: Limits,
    ) -> Result<Fetched, OutboundError> {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        let request = self.request(Method::POST, url)?.header(CONTENT_TYPE, form).body(body.into());
        self.send(request, limits).await
    }

    fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder, OutboundError> {
        self.permits(url)?;
        Ok(self.http()?.request(method, url.clone()))
    }

    /// Whether `url` can ever be called, as far as that is seen without looking its name up. Addresses in numbers are never
    /// looked up, so they are checked here; `url` reads every notation of them.
    pub fn permits(&self, url: &Url) -> Result<(), OutboundError> {
        let literal: Option<IpAddr> = match url.host().ok_or(OutboundError::NotHttps)? {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(name) => is_local_name(name).then_some(Ipv4Addr::LOCALHOST.into()),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::NotHttps);
        }
        match url.scheme() {
            "https" => {}
            "http" if self.reach == Reach::ThisMachineToo && is_this_machine(url) => {}
            _ => return Err(OutboundError::NotHttps),
        }
        match literal {
            Some(address) if !self.reach.allows(address) => Err(OutboundError::OutOfReach),
            _ => Ok(()),
        }
    }

    fn http(&self) -> Result<&reqwest::Client, OutboundError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let built = reqwest::Client::builder()
            .user_agent(concat!("khue/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::clone(&self.names))
            .redirect(Policy::none())
            .referer(false)
            // A proxy would look names up for us, and reach what we may not.
            .no_proxy()
            // Each call looks at its address anew.
            .pool_max_idle_per_host(0)
            .http1_only()
            .build()
            .map_err(|_| OutboundError::Unreachable)?;
        Ok(self.http.get_or_init(|| built))
    }

    async fn send(&self, request: RequestBuilder, limits: Limits) -> Result<Fetched, OutboundError> {
        let exchange = async { read(request.send().await?, limits.bytes).await };
        tokio::time::timeout(limits.time, exchange).await.map_err(|_| OutboundError::TooLate)?
    }
}

/// Whether the address is this machine by its very name: plain HTTP leaves it nowhere else.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// RFC 6761 §6.3: these names are this machine's for ever, whatever a resolver says.
fn is_local_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

async fn read(mut response: Response, limit: usize) -> Result<Fetched, OutboundError> {
    let status = response.status().as_u16();
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.map(str::to_owned);
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > limit {
            return Err(OutboundError::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Fetched { status, content_type, body: body.into() })
}

#[cfg(test)]
mod tests;
