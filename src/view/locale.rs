//! The two languages that every page speaks.

/// A language of the pages. Vietnamese unless the person asked otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Locale {
    /// Both languages.
    pub const ALL: [Locale; 2] = [Locale::Vi, Locale::En];

    /// The name of the cookie that remembers the choice.
    pub const COOKIE: &'static str = "khue_locale";

    /// The parameter with which the language link asks for the other language.
    pub const PARAMETER: &'static str = "lang";

    /// The BCP 47 tag, as in `lang="vi"` and the claim `locale`.
    pub const fn tag(self) -> &'static str {
        match self {
            Locale::Vi => "vi",
            Locale::En => "en",
        }
    }

    /// The language's name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Locale::Vi => "Tiếng Việt",
            Locale::En => "English",
        }
    }

    /// The one that the page is not in.
    pub const fn other(self) -> Self {
        match self {
            Locale::Vi => Locale::En,
            Locale::En => Locale::Vi,
        }
    }

    /// From one tag such as `vi`, `en-GB`; `None` where it is neither language.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.tag()))
    }

    /// The first language of a `ui_locales` list that we speak (OIDC Core §3.1.2.1: space-separated, by preference).
    pub fn from_ui_locales(list: &str) -> Option<Self> {
        list.split(' ').find_map(Self::from_tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_we_speak_is_taken() {
        assert_eq!(Locale::from_ui_locales("fr-CA en-GB vi"), Some(Locale::En));
        assert_eq!(Locale::from_ui_locales("VI-vn"), Some(Locale::Vi));
        assert_eq!(Locale::from_ui_locales("fr"), None);
        assert_eq!(Locale::from_ui_locales("vietnamese"), None);
        assert_eq!(Locale::from_ui_locales(""), None);
    }
}
