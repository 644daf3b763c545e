//! The two languages of the demo pages; both texts stand side by side where they are used.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use super::visits::cookie;

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Vietnamese,
    English,
}

impl Language {
    /// The chosen one, else the browser's, else Vietnamese.
    pub fn of(headers: &HeaderMap, prefix: &str) -> Self {
        if let Some(chosen) = cookie(headers, &format!("{prefix}_language")).and_then(Self::parse) {
            return chosen;
        }
        let preferred =
            headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let first = preferred.split([',', ';', '-']).next().unwrap_or_default().trim();
        Self::parse(first).unwrap_or(Self::Vietnamese)
    }

    /// By its BCP 47 tag.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag {
            "vi" => Some(Self::Vietnamese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// One of the two texts.
    pub const fn say<'a>(self, vietnamese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Vietnamese => vietnamese,
            Self::English => english,
        }
    }
}
