//! What stands around every page: language, system, person, reference number, help.

use super::assets::Assets;
use super::done::Done;
use super::language;
use crate::protocol::Locale;

/// Everything of a page that does not depend on which page it is.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The language of the page.
    pub locale: Locale,
    /// The path of the issuer, `""` or `"/khue"`; never ends in a slash.
    pub base_path: String,
    /// The address (path and query, as the browser sees it) at which GET shows this page: the language link leads
    /// there with `lang=` added. `None` where no GET shows it: then there is no language link.
    pub here: Option<String>,
    /// The number that finds this request in the logs.
    pub request_reference: String,
    /// The value of the hidden field `form_token` in every form.
    pub form_token: String,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// The system that the person is on the way to.
    pub system: Option<SystemView>,
    /// Whether this instance is for real.
    pub stage: Stage,
    /// Where people find help by voice or letter.
    pub support: Support,
    /// What was just done, to be confirmed at the top of the page.
    pub done: Option<Done>,
}

/// The person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The name as registered.
    pub name: String,
}

/// A connected system, as shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemView {
    /// Its name in the language of the page.
    pub name: String,
    /// Address of its logo on this very server, if it has one.
    pub logo: Option<String>,
}

/// Whether this instance is for real.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Real people, real data.
    #[default]
    Live,
    /// A demonstration: nobody should enter real data.
    Demo,
    /// A sandbox: whoever comes is somebody who was invented.
    Sandbox,
}

/// Where people find help by voice or letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    /// Telephone, as it is to be shown.
    pub phone: Option<String>,
    /// Electronic mail.
    pub email: Option<String>,
}

/// A way back to the system that the person came from. The address is `http` or `https`, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnLink {
    name: String,
    address: String,
}

impl Chrome {
    /// A chrome with nobody signed in and no system; fill the rest by struct update.
    pub fn new(
        locale: Locale,
        base_path: impl Into<String>,
        request_reference: impl Into<String>,
        form_token: impl Into<String>,
    ) -> Self {
        Self {
            locale,
            base_path: base_path.into(),
            here: None,
            request_reference: request_reference.into(),
            form_token: form_token.into(),
            signed_in: None,
            system: None,
            stage: Stage::Live,
            support: Support::default(),
            done: None,
        }
    }

    /// An address of ours under the issuer's path.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base_path)
    }

    /// The address of an asset, with the hash that lets it be cached for good.
    pub fn asset(&self, name: &str) -> String {
        format!("{}{}", self.base_path, Assets::get().path(name))
    }

    /// The text that says that this instance is not for real, where it is not.
    pub const fn stage_key(&self) -> Option<&'static str> {
        match self.stage {
            Stage::Live => None,
            Stage::Demo => Some("demo-note"),
            Stage::Sandbox => Some("sandbox-note"),
        }
    }

    /// The other language.
    pub const fn other_locale(&self) -> Locale {
        language::other(self.locale)
    }

    /// The other language's name in itself.
    pub const fn other_language(&self) -> &'static str {
        language::own_name(self.other_locale())
    }

    /// This page in the other language. Only ever an address on this server.
    pub fn language_link(&self) -> Option<String> {
        let here = self.here.as_deref()?;
        let ours =
            here.starts_with('/') && !here.starts_with("//") && !here.contains(['\\', '\r', '\n', '\t']);
        if !ours {
            return None;
        }
        let without_fragment = here.split('#').next().unwrap_or_default();
        let (path, query) = without_fragment.split_once('?').unwrap_or((without_fragment, ""));
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        pairs.extend_pairs(
            url::form_urlencoded::parse(query.as_bytes())
                .filter(|(name, _)| name != language::PARAMETER && name != Done::PARAMETER),
        );
        pairs.append_pair(language::PARAMETER, language::other(self.locale).as_str());
        Some(format!("{path}?{}", pairs.finish()))
    }

    /// A filled chrome for tests and for looking at pages.
    pub fn sample(locale: Locale) -> Self {
        Self {
            here: Some("/continue?interaction=c2VhbGVk".to_owned()),
            signed_in: Some(SignedIn { name: "Nguyễn Thị Ánh".to_owned() }),
            system: Some(SystemView::sample(locale)),
            support: Support {
                phone: Some("1900 0000".to_owned()),
                email: Some("hotro@khue.example.vn".to_owned()),
            },
            ..Self::new(locale, "", "01JD4Q7W2M9K", "Zm9ybS10b2tlbg")
        }
    }
}

impl Support {
    /// The telephone as an address that a phone dials.
    pub fn phone_link(&self) -> String {
        let shown = self.phone.as_deref().unwrap_or_default();
        let digits: String = shown.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        format!("tel:{digits}")
    }
}

impl SystemView {
    /// The first letter of the name, where there is no logo.
    pub fn initial(&self) -> String {
        self.name
            .chars()
            .find(|c| c.is_alphanumeric())
            .map(|c| c.to_uppercase().collect())
            .unwrap_or_default()
    }

    /// A system as it may look.
    pub fn sample(locale: Locale) -> Self {
        let name = match locale {
            Locale::Vi => "Cổng dịch vụ công",
            Locale::En => "Public Service Portal",
        };
        Self { name: name.to_owned(), logo: None }
    }
}

impl ReturnLink {
    /// `None` unless the address is `http` or `https`: a link must never run anything.
    pub fn new(name: impl Into<String>, address: &str) -> Option<Self> {
        let parsed = url::Url::parse(address).ok()?;
        matches!(parsed.scheme(), "http" | "https")
            .then(|| Self { name: name.into(), address: parsed.into() })
    }

    /// The name of the system.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A link as it may look.
    pub fn sample(locale: Locale) -> Option<Self> {
        Self::new(SystemView::sample(locale).name, "https://dichvucong.example.vn/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(here: &str) -> Option<String> {
        Chrome { here: Some(here.to_owned()), ..Chrome::sample(Locale::Vi) }.language_link()
    }

    #[test]
    fn the_language_link_keeps_the_flow() {
        assert_eq!(
            at("/continue?interaction=a%2Bb&lang=vi").as_deref(),
            Some("/continue?interaction=a%2Bb&lang=en")
        );
        assert_eq!(at("/help#KH-201").as_deref(), Some("/help?lang=en"));
    }

    #[test]
    fn the_language_link_never_leaves_this_server() {
        for here in ["//evil.test/", "/\\evil.test", "https://evil.test/", "evil", "", "/a\tb"] {
            assert_eq!(at(here), None, "{here:?}");
        }
    }

    #[test]
    fn a_way_back_never_runs_anything() {
        for address in ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "/relative", ""] {
            assert_eq!(ReturnLink::new("x", address), None, "{address:?}");
        }
        assert!(ReturnLink::sample(Locale::Vi).is_some());
    }
}
