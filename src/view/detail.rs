//! What exactly a system may do elsewhere, in the person's words.

use crate::domain::client::Bilingual;
use crate::domain::interaction::OfferedDetail;
use crate::protocol::Locale;

/// One thing that a system wants to do elsewhere, or was agreed to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailView {
    /// What, in the language of the page.
    pub name: String,
    /// The address of the resource.
    pub resource: String,
    /// What each part is called, and its value.
    pub lines: Vec<(String, String)>,
}

impl DetailView {
    /// `offered` for a reader of `locale`.
    pub fn of(offered: &OfferedDetail, locale: Locale) -> Self {
        let line = |(label, value): &(Bilingual, String)| (label.get(locale).to_owned(), value.clone());
        Self {
            name: offered.name.get(locale).to_owned(),
            resource: offered.resource.as_str().to_owned(),
            lines: offered.lines.iter().map(line).collect(),
        }
    }

    /// As it may look.
    pub(super) fn sample(locale: Locale) -> Self {
        let (name, label) = match locale {
            Locale::Vi => ("Xem học bạ", "Năm học"),
            Locale::En => ("Read the school record", "School year"),
        };
        Self {
            name: name.to_owned(),
            resource: "https://hoc-sinh.example.vn/api".to_owned(),
            lines: vec![(label.to_owned(), "2026".to_owned())],
        }
    }
}
