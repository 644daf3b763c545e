//! `[server]`: who we are, where we listen, whom we believe.

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;

use super::form::{Wrong, words};
use super::reader::Reader;
use super::setting::{Section, Setting};
use crate::protocol::Issuer;

/// `[server]`, read.
#[derive(Clone, Debug)]
pub struct Server {
    /// What this instance is for.
    pub mode: Mode,
    /// Whether outside developers try their systems here, with invented people.
    pub sandbox: bool,
    /// Who may register systems over the network.
    pub registration: RegistrationMode,
    /// The address in every token.
    pub issuer: Issuer,
    /// Where connections are accepted.
    pub listen: SocketAddr,
    /// From whom forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How long one request may take.
    pub request_timeout: Duration,
    /// How long a stopping server waits for requests under way.
    pub shutdown_grace: Duration,
}

words! {
    /// What an instance is for.
    Mode {
        /// Trying out on one's own machine.
        Demo = "demo",
        /// Serving people: development keys, plain HTTP and missing secrets are refused at the start.
        Production = "production",
    }
}

words! {
    /// Who may register systems over the network (RFC 7591).
    RegistrationMode {
        /// Nobody: the operator registers them.
        Off = "off",
        /// Whoever holds an initial access token.
        Token = "token",
        /// Everybody, in a sandbox.
        Open = "open",
    }
}

const MODE: Setting = Setting::new(
    "server",
    "mode",
    "`demo` or `production`",
    "What this instance is for. `production` refuses to start on a development master key, on a plain-HTTP issuer \
     or with secrets missing. `khue demo` sets `demo` by itself.",
)
.or("production");
pub(super) const SANDBOX: Setting = Setting::new(
    "server",
    "sandbox",
    "`true` or `false`",
    "Whether this is a sandbox, where developers try their systems: invented people, as whom anybody signs in without a \
     passkey, and calls to addresses on this machine. Every page says so. A sandbox takes a development master key and \
     no other, so that it never opens the data of real people; what `production` refuses it does not. `khue demo` is one.",
)
.or("false");
const REGISTRATION: Setting = Setting::new(
    "server",
    "registration",
    "`off`, `token` or `open`",
    "Who may register systems over the network (RFC 7591): nobody, whoever holds a token of `khue client initial-token`, \
     or everybody. `open` is for sandboxes alone. Left out, it is `open` in a sandbox and `off` elsewhere.",
);
pub(super) const ISSUER: Setting = Setting::new(
    "server",
    "issuer",
    "an https URL without trailing slash (plain http on this machine only)",
    "The address under which people and systems reach Khuê. It stands in every token and binds every passkey: \
     choose it once, for good.",
)
.or("http://localhost:8080");
const LISTEN: Setting = Setting::new(
    "server",
    "listen",
    "an IP address and port",
    "Where connections are accepted. TLS is ended by the proxy in front, unless `[tls]` is set.",
)
.or("127.0.0.1:8080");
pub(super) const TRUSTED_PROXIES: Setting = Setting::new(
    "server",
    "trusted_proxies",
    "a list of networks, such as `[\"10.1.0.0/16\"]`",
    "The proxies in front. Only from these are `X-Forwarded-For` and the header of `[mutual_tls]` believed; from anyone else \
     they are ignored.",
);
const REQUEST_TIMEOUT: Setting = Setting::new(
    "server",
    "request_timeout",
    "a span of time",
    "How long one request may take before it is given up.",
)
.or("15 s");
const SHUTDOWN_GRACE: Setting = Setting::new(
    "server",
    "shutdown_grace",
    "a span of time",
    "How long a stopping server waits for the requests under way. Keep it below what the supervisor waits.",
)
.or("20 s");

pub(super) const SECTION: Section = Section {
    name: "server",
    about: "Who this instance is, where it listens, whom it believes.",
    settings: &[
        &MODE,
        &SANDBOX,
        &REGISTRATION,
        &ISSUER,
        &LISTEN,
        &TRUSTED_PROXIES,
        &REQUEST_TIMEOUT,
        &SHUTDOWN_GRACE,
    ],
};

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Server> {
    let mode = reader.value(&MODE);
    let sandbox = reader.value(&SANDBOX);
    let registration = registration(reader, sandbox == Some(true));
    let issuer = reader.value(&ISSUER);
    let listen = reader.value(&LISTEN);
    let trusted_proxies = reader.list(&TRUSTED_PROXIES);
    let request_timeout = reader.value(&REQUEST_TIMEOUT);
    let shutdown_grace = reader.value(&SHUTDOWN_GRACE);
    Some(Server {
        mode: mode?,
        sandbox: sandbox?,
        registration: registration?,
        issuer: issuer?,
        listen: listen?,
        trusted_proxies: trusted_proxies?,
        request_timeout: request_timeout?,
        shutdown_grace: shutdown_grace?,
    })
}

fn registration(reader: &mut Reader<'_>, is_sandbox: bool) -> Option<RegistrationMode> {
    let left_out = if is_sandbox { RegistrationMode::Open } else { RegistrationMode::Off };
    let mode = reader.optional(&REGISTRATION)?.unwrap_or(left_out);
    if mode == RegistrationMode::Open && !is_sandbox {
        let what = "is open, so that anybody could register a system that people are sent to";
        reader.report(&REGISTRATION, Wrong::new(what, "write \"token\" or \"off\", or make it a sandbox"));
        return None;
    }
    Some(mode)
}
