//! What a request tells about how to answer it, before anybody is asked anything.

use axum::http::request::Parts;
use axum::http::{Method, header};
use url::form_urlencoded;

use super::App;
use super::cookies::Cookie;
use crate::base::RequestId;
use crate::protocol::Locale;
use crate::view::language;

/// In which language, under which reference number, and where we are.
#[derive(Clone, Debug)]
pub(super) struct Bearing {
    pub language: Language,
    pub reference: RequestId,
    /// Path and query as the browser sees them, where GET shows this page.
    pub here: Option<String>,
}

/// A language, and who wished for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// The person chose it just now, by the link on a page.
    ChosenNow(Locale),
    /// The person chose it before.
    Chosen(Locale),
    /// The browser is set to it, or it is the country's.
    Assumed(Locale),
}

impl Language {
    pub(super) const fn locale(self) -> Locale {
        match self {
            Self::ChosenNow(locale) | Self::Chosen(locale) | Self::Assumed(locale) => locale,
        }
    }

    fn of(app: &App, parts: &Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes()).take(100);
        let now = pairs.find(|(name, _)| name == language::PARAMETER);
        if let Some(locale) = now.and_then(|(_, tag)| Locale::parse(&tag)) {
            return Self::ChosenNow(locale);
        }
        if let Some(locale) = Cookie::Language.read(app, &parts.headers).and_then(Locale::parse) {
            return Self::Chosen(locale);
        }
        let browser = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self::Assumed(browser.and_then(Locale::from_accept_language).unwrap_or_default())
    }
}

impl Bearing {
    pub(super) fn of(app: &App, parts: &Parts) -> Self {
        let reference = parts.extensions.get::<RequestId>().cloned();
        let reference =
            reference.unwrap_or_else(|| RequestId::generate(app.provider.now(), app.provider.entropy()));
        Self {
            language: Language::of(app, parts),
            reference,
            here: (parts.method == Method::GET).then(|| here(app, parts)),
        }
    }
}

/// The router may have taken the issuer's path off.
fn here(app: &App, parts: &Parts) -> String {
    let shown = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let is_whole = shown.strip_prefix(app.base_path.as_str()).is_some_and(|rest| rest.starts_with('/'));
    match is_whole {
        true => shown.to_owned(),
        false => format!("{}{shown}", app.base_path),
    }
}
