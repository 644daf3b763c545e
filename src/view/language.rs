//! The two languages of the pages, and how a person changes from one to the other.
//!
//! The link on each page leads to the same page with [`PARAMETER`] added; whoever answers that GET keeps the choice in
//! [`COOKIE`]. No address is ever taken from the request, so there is nothing to redirect to.

use crate::protocol::Locale;

/// The name of the cookie that remembers the choice.
pub const COOKIE: &str = "khue_locale";

/// The parameter with which the language link asks for the other language.
pub const PARAMETER: &str = "lang";

/// The language's name in itself.
pub const fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "Tiếng Việt",
        Locale::En => "English",
    }
}

/// The one that is not this one.
pub const fn other(locale: Locale) -> Locale {
    match locale {
        Locale::Vi => Locale::En,
        Locale::En => Locale::Vi,
    }
}
