//! What a resource lets systems ask for exactly (RFC 9396).

use serde::{Deserialize, Serialize};

use super::Bilingual;
use crate::base::text;

/// The most characters of a name.
const LONGEST: usize = 100;
/// The most characters of what people read.
const TEXT_LIMIT: usize = 300;
/// The fields that the standard has for every type (RFC 9396 §2.2) and that are read here, not by the resource.
const RESERVED: [&str; 2] = ["type", "locations"];

/// A type of authorization details, as the resource that knows it registered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailsType {
    /// Its name in requests.
    #[serde(rename = "type")]
    pub kind: String,
    /// What people read.
    pub name: Bilingual,
    /// What may stand in it, and nothing else.
    #[serde(default)]
    pub fields: Vec<DetailsField>,
    /// Whether a system may have it for itself, with nobody who agrees.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_systems: bool,
}

/// A field of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailsField {
    /// Its name in requests.
    pub field: String,
    /// What people read before its value.
    pub label: Bilingual,
    /// Whether nothing can be asked for without it.
    #[serde(default)]
    pub required: bool,
}

impl DetailsType {
    /// Whether it can be asked for, and be shown to people.
    pub(super) fn is_sound(&self) -> bool {
        let is_read =
            |text: &Bilingual| [&text.vi, &text.en].iter().all(|text| text::clean(text, TEXT_LIMIT).is_ok());
        let is_new = |place: usize, field: &DetailsField| {
            self.fields.iter().take(place).all(|earlier| earlier.field != field.field)
        };
        is_word(&self.kind)
            && is_read(&self.name)
            && self.fields.iter().enumerate().all(|(place, field)| {
                is_word(&field.field)
                    && !RESERVED.contains(&field.field.as_str())
                    && is_read(&field.label)
                    && is_new(place, field)
            })
    }
}

/// Whether `text` can be a name: visible ASCII.
pub(super) fn is_word(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
