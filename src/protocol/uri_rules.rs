//! What an address to which we send people must look like.
//!
//! Everything on which a browser, a proxy and a server might disagree is refused when the address is registered.
//! A request's address is then only ever compared with it byte for byte, never interpreted.

use url::{Host, Url};

use super::ApplicationType;

const MAX_LENGTH: usize = 2048;

/// Why an address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// Empty or longer than any browser promises to follow.
    #[error("must have 1 to {MAX_LENGTH} characters")]
    Length,
    /// A character that RFC 3986 does not allow in a URI: space, tab, control, backslash, quote, non-ASCII.
    #[error("contains a character that is not allowed in a URI")]
    Character,
    /// A percent sign without two hexadecimal digits.
    #[error("contains a broken percent escape")]
    BrokenEscape,
    /// An escape that servers disagree about: control characters anywhere; `/`, `\`, `.` and `%` in the path.
    #[error("hides a character behind a percent escape")]
    HiddenCharacter,
    /// RFC 6749 §3.1.2: no fragment.
    #[error("must not have a fragment")]
    Fragment,
    /// `user@`, or a doubled `@` anywhere.
    #[error("must not have user information")]
    UserInfo,
    /// `.` or `..` as a path segment, with or without `;…`.
    #[error("must not have . or .. in its path")]
    DotSegment,
    /// A star: addresses match exactly or not at all.
    #[error("must not contain a wildcard")]
    Wildcard,
    /// A scheme that is not allowed for this kind of client.
    #[error(
        "must begin with https://, or http:// on a loopback address; native clients may use a scheme of reversed domain form"
    )]
    Scheme,
    /// No host, or one that is read differently from how it is written.
    #[error("must have a plain host and port")]
    Authority,
}

/// Refuses `text` unless it is safe to send people of such a client there.
pub(super) fn check(text: &str, application: ApplicationType) -> Result<(), UriError> {
    check_characters(text)?;
    let (scheme, rest) = text.split_once(':').ok_or(UriError::Scheme)?;
    let read = || Url::parse(text).map_err(|_| UriError::Authority);
    match scheme {
        "https" | "http" => {
            let after = rest.strip_prefix("//").ok_or(UriError::Authority)?;
            check_authority(authority(after), &read()?)?;
            if scheme == "http" && !is_loopback(text) {
                return Err(UriError::Scheme);
            }
        }
        private if application == ApplicationType::Native && is_reverse_domain(private) => {
            if rest.strip_prefix("//").map(authority).is_some_and(|authority| authority.contains('@')) {
                return Err(UriError::UserInfo);
            }
            if rest.is_empty() {
                return Err(UriError::Authority);
            }
            read()?;
        }
        _ => return Err(UriError::Scheme),
    }
    check_path(rest.split('?').next().unwrap_or_default())
}

/// Whether an address is on the web: `https`; plain `http` on this machine, for trying out.
pub fn is_on_the_web(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    }
}

/// An address on the web from which a server fetches: read as it is written, and without user information.
pub fn fetched_from(text: &str) -> Option<Url> {
    let is_plain = |url: &Url| url.username().is_empty() && url.password().is_none() && url.as_str() == text;
    Url::parse(text).ok().filter(|url| is_on_the_web(url) && is_plain(url))
}

/// Whether `text` is plain HTTP to exactly this machine; only then is its port free (RFC 8252 §7.3).
pub(super) fn is_loopback(text: &str) -> bool {
    split_loopback(text).is_some()
}

/// Splits `http://<loopback host>`, an optional port and the rest.
pub(super) fn split_loopback(text: &str) -> Option<(&'static str, &str)> {
    const HOSTS: [&str; 3] = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
    let (host, after) = HOSTS.iter().find_map(|host| Some((*host, text.strip_prefix(host)?)))?;
    let rest = match after.strip_prefix(':') {
        Some(ported) => {
            let end = ported.find(|c: char| !c.is_ascii_digit()).unwrap_or(ported.len());
            let (port, rest) = ported.split_at(end);
            is_port(port).then_some(rest)?
        }
        None => after,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

fn check_characters(text: &str) -> Result<(), UriError> {
    if text.is_empty() || text.len() > MAX_LENGTH {
        return Err(UriError::Length);
    }
    if text.contains('#') {
        return Err(UriError::Fragment);
    }
    if text.contains('*') {
        return Err(UriError::Wildcard);
    }
    // RFC 3986 §2: the reserved and unreserved characters, and the percent sign.
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()+,;=%".contains(&byte);
    if !text.bytes().all(allowed) {
        return Err(UriError::Character);
    }
    if text.contains("@@") {
        return Err(UriError::UserInfo);
    }
    for after in text.split('%').skip(1) {
        let digits = after.get(..2).ok_or(UriError::BrokenEscape)?;
        let byte = u8::from_str_radix(digits, 16).map_err(|_| UriError::BrokenEscape)?;
        if digits.starts_with('+') {
            return Err(UriError::BrokenEscape);
        }
        if byte.is_ascii_control() {
            return Err(UriError::HiddenCharacter);
        }
    }
    Ok(())
}

fn authority(after_slashes: &str) -> &str {
    after_slashes.split(['/', '?']).next().unwrap_or_default()
}

fn check_authority(written: &str, read: &Url) -> Result<(), UriError> {
    if written.contains('@') {
        return Err(UriError::UserInfo);
    }
    let (host, port) = match written.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (written, None),
    };
    if port.is_some_and(|port| !is_port(port)) {
        return Err(UriError::Authority);
    }
    // RFC 3986 allows more in a host, such as `;`, `,` and `'`. In a header that names the host they would say something.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    // A browser rewrites `0x7f.1` to 127.0.0.1 and `%6c` to l: the host must already be what a browser makes of it.
    match read.host() {
        Some(Host::Domain(read)) if read.eq_ignore_ascii_case(host) && host.bytes().all(plain) => Ok(()),
        Some(Host::Ipv4(read)) if read.to_string() == host => Ok(()),
        Some(Host::Ipv6(read)) if format!("[{read}]").eq_ignore_ascii_case(host) => Ok(()),
        _ => Err(UriError::Authority),
    }
}

fn is_port(text: &str) -> bool {
    !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// RFC 8252 §7.1: private schemes are domain names turned round, so they have a dot.
fn is_reverse_domain(scheme: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-+".contains(&byte);
    scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(known)
        && scheme.contains('.')
        && scheme.split('.').all(|label| !label.is_empty())
}

fn check_path(path: &str) -> Result<(), UriError> {
    let lower = path.to_ascii_lowercase();
    if ["%2f", "%5c", "%2e", "%25"].iter().any(|escape| lower.contains(escape)) {
        return Err(UriError::HiddenCharacter);
    }
    let dots = |segment: &str| matches!(segment.split(';').next(), Some("." | ".."));
    if path.split('/').any(dots) { Err(UriError::DotSegment) } else { Ok(()) }
}
