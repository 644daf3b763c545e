//! The language in which a person is addressed.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A language of the pages.
    #[derive(Default)]
    Locale {
        /// Vietnamese.
        #[default]
        Vi = "vi",
        /// English.
        En = "en",
    }
}

impl Locale {
    /// The first served language of a client's `ui_locales`: BCP 47 tags by preference (OIDC Core §3.1.2.1).
    pub fn from_ui_locales(ui_locales: &str) -> Option<Self> {
        ui_locales.split(' ').find_map(Self::from_tag)
    }

    /// The served language that an `Accept-Language` header likes best (RFC 9110 §12.5.4).
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for range in header.split(',').take(20) {
            let mut parts = range.split(';');
            let Some(locale) = parts.next().map(str::trim).and_then(Self::from_tag) else { continue };
            let weight = parts.next().map_or(1000, quality);
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }

    /// `vi`, `vi-VN`, `EN-us`: the primary subtag decides (RFC 5646 §2.1.1: letter case means nothing).
    fn from_tag(tag: &str) -> Option<Self> {
        Self::parse(&tag.split('-').next().unwrap_or_default().to_ascii_lowercase())
    }
}

/// Thousandths of a `q=` weight; 0, "not acceptable", where it can't be read.
fn quality(parameter: &str) -> u16 {
    let number = parameter.trim().strip_prefix("q=").unwrap_or_default();
    let (whole, thousandths) = number.split_once('.').unwrap_or((number, ""));
    if thousandths.len() > 3 || !thousandths.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => format!("{thousandths:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_s_first_served_language_wins__oidc_core_3_1_2_1() {
        for (text, locale) in [
            ("en", Some(Locale::En)),
            ("fr-CA EN-us vi", Some(Locale::En)),
            ("vi-VN en", Some(Locale::Vi)),
            ("fr de", None),
            ("", None),
            ("vietnamese", None),
        ] {
            assert_eq!(Locale::from_ui_locales(text), locale, "{text:?}");
        }
    }

    #[test]
    fn the_browser_s_weights_are_honoured__rfc9110_12_5_4() {
        for (header, locale) in [
            ("en-US,en;q=0.9", Some(Locale::En)),
            ("en;q=0.8, vi;q=0.9", Some(Locale::Vi)),
            ("fr, en;q=0.5, vi;q=0.05", Some(Locale::En)),
            ("en;q=0, vi;q=0.001", Some(Locale::Vi)),
            ("en;q=0", None),
            ("en;q=x", None),
            ("en;q=0.1234", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Locale::from_accept_language(header), locale, "{header:?}");
        }
    }
}
