//! Every text that a person reads, in both languages (Fluent files under `locales/`), compiled in and parsed once.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::protocol::Locale;

macro_rules! files {
    ($language:literal: $($file:literal)*) => {
        [$(include_str!(concat!("../../locales/", $language, "/", $file, ".ftl"))),*]
    };
}

/// The Vietnamese files.
pub(super) const VI: [&str; 10] =
    files!("vi": "frame" "home" "sign_in" "create" "consent" "device" "sign_out" "account" "log" "trouble");

/// The English files: the same names, the same keys.
pub(super) const EN: [&str; 10] =
    files!("en": "frame" "home" "sign_in" "create" "consent" "device" "sign_out" "account" "log" "trouble");

/// The texts of one language.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
}

static VIETNAMESE: LazyLock<Texts> = LazyLock::new(|| Texts::parse(Locale::Vi, &VI));
static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::parse(Locale::En, &EN));

impl Texts {
    /// The texts of that language.
    pub fn of_locale(locale: Locale) -> &'static Texts {
        match locale {
            Locale::Vi => &VIETNAMESE,
            Locale::En => &ENGLISH,
        }
    }

    fn parse(locale: Locale, files: &[&str]) -> Self {
        let language =
            unic_langid::LanguageIdentifier::from_bytes(locale.as_str().as_bytes()).unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Names of people and systems are left to right here; the isolating marks would end up in copied text.
        bundle.set_use_isolating(false);
        for file in files {
            // A file that does not parse fails the tests; what did parse is kept.
            let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(parsed, _)| parsed);
            bundle.add_resource_overriding(resource);
        }
        Self { bundle }
    }

    /// A text without anything to fill in.
    pub fn of(&self, key: &str) -> Cow<'_, str> {
        self.look_up(key, None, None)
    }

    /// An attribute of a text, such as `.what` and `.todo` of a trouble.
    pub fn part(&self, key: &str, attribute: &str) -> Cow<'_, str> {
        self.look_up(key, Some(attribute), None)
    }

    /// A text with one value filled in.
    pub fn with(&self, key: &str, name: &str, value: impl AsRef<str>) -> String {
        let mut values = FluentArgs::new();
        values.set(name, value.as_ref());
        self.look_up(key, None, Some(&values)).into_owned()
    }

    /// A text with a number filled in.
    pub fn count(&self, key: &str, number: &usize) -> String {
        let mut values = FluentArgs::new();
        values.set("count", *number);
        self.look_up(key, None, Some(&values)).into_owned()
    }

    fn look_up(&self, key: &str, attribute: Option<&str>, values: Option<&FluentArgs<'_>>) -> Cow<'_, str> {
        let message = self.bundle.get_message(key);
        let pattern = message.and_then(|message| match attribute {
            Some(attribute) => message.get_attribute(attribute).map(|found| found.value()),
            None => message.value(),
        });
        let mut errors = Vec::new();
        match pattern {
            Some(pattern) => {
                Cow::Owned(self.bundle.format_pattern(pattern, values, &mut errors).into_owned())
            }
            // Seen by the tests of every page; a person would at least see which text is missing.
            None => Cow::Owned(format!("⟦{key}⟧")),
        }
    }
}
