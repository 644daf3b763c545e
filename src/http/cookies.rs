//! The cookies we set. Each holds a random token, a digest or a language, never anything about a person.

use axum::http::{HeaderMap, HeaderValue, header};

use super::App;
use crate::protocol::cookie::find_cookie;
use crate::view::language;

/// A year, in seconds: how long a language is remembered.
const YEAR: u32 = 365 * 24 * 3600;

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookie {
    /// The session of a person.
    Session,
    /// Tells one browser from another: sealed pages are bound to it.
    Browser,
    /// What a script of ours compares in frames of other sites (Session Management 1.0 §3.2). It opens nothing.
    State,
    /// The language that the person chose.
    Language,
}

impl Cookie {
    /// RFC 6265bis §4.1.3.2: a browser takes `__Host-` only over TLS, from this very host and for all of its paths, so
    /// that no neighbouring host can plant one. Over plain HTTP, on the machine itself, it would take none.
    pub(super) fn name(self, app: &App) -> &'static str {
        match (self, app.secure_cookies) {
            (Self::Session, true) => "__Host-khue_session",
            (Self::Session, false) => "khue_session",
            (Self::Browser, true) => "__Host-khue_browser",
            (Self::Browser, false) => "khue_browser",
            (Self::State, true) => "__Host-khue_state",
            (Self::State, false) => "khue_state",
            (Self::Language, _) => language::COOKIE,
        }
    }

    /// Until the browser is closed, but for the language.
    const fn max_age(self) -> Option<u32> {
        match self {
            Self::Session | Self::Browser | Self::State => None,
            Self::Language => Some(YEAR),
        }
    }

    /// What the browser sent. Sent twice, or in a form that none of ours has, it counts as not sent.
    pub(super) fn read<'a>(self, app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
        let sent = headers.get_all(header::COOKIE).into_iter().map(HeaderValue::as_bytes);
        find_cookie(sent, self.name(app)).ok().flatten()
    }

    /// The header that sets it. `value` is of our own making.
    pub(super) fn set(self, app: &App, value: &str) -> Option<HeaderValue> {
        self.header(app, value, self.max_age())
    }

    /// The header that takes it away.
    pub(super) fn remove(self, app: &App) -> Option<HeaderValue> {
        self.header(app, "", Some(0))
    }

    fn header(self, app: &App, value: &str, max_age: Option<u32>) -> Option<HeaderValue> {
        let mut text = format!("{}={value}; Path=/", self.name(app));
        text.push_str(match self {
            // Browsers send nothing to frames of other sites that is not `Secure`; on the machine itself they take that too.
            Self::State => "; SameSite=None; Secure",
            Self::Session | Self::Browser | Self::Language if app.secure_cookies => {
                "; HttpOnly; SameSite=Lax; Secure"
            }
            Self::Session | Self::Browser | Self::Language => "; HttpOnly; SameSite=Lax",
        });
        if let Some(seconds) = max_age {
            text.push_str(&format!("; Max-Age={seconds}"));
        }
        HeaderValue::from_str(&text).ok()
    }
}
