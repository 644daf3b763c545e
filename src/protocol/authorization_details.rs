//! What exactly a system wants to do somewhere (RFC 9396).

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::UniqueMembers;

/// The most bytes of one parameter: with the rest it fits into an address and into a token.
const MAX_LENGTH: usize = 4_096;
/// The most details of one request.
const MOST: usize = 8;
/// The most entries of a list.
const MOST_ENTRIES: usize = 32;
/// The most characters of a text.
const LONGEST_TEXT: usize = 300;

/// One thing that is wanted: its type and its fields, in the order of their names. Two are the same where everything in them is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct AuthorizationDetail(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for AuthorizationDetail {
    /// Each field has one value: of two, nobody could say which one was agreed to.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UniqueMembers::deserialize(deserializer).map(|fields| Self(fields.0.into_iter().collect()))
    }
}

/// Why details were refused; each is `invalid_authorization_details` (RFC 9396 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetailsError {
    /// More text than a request needs.
    #[error("authorization_details is longer than {MAX_LENGTH} bytes.")]
    TooLong,
    /// Not what the standard says.
    #[error(
        "authorization_details must be a JSON array of 1 to {MOST} objects, each with a type and no field twice."
    )]
    Form,
    /// A value that nobody could be shown.
    #[error(
        "The fields of authorization_details must be texts of at most {LONGEST_TEXT} visible characters, whole numbers of at most 64 bits, true or false, or lists of at most {MOST_ENTRIES} of these."
    )]
    Value,
    /// A location that is no list of texts.
    #[error("The field locations of authorization_details must be a list of addresses.")]
    Locations,
    /// The same thing twice.
    #[error("authorization_details names the same thing twice.")]
    Twice,
}

impl AuthorizationDetail {
    /// Reads the parameter `authorization_details`.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, DetailsError> {
        if text.len() > MAX_LENGTH {
            return Err(DetailsError::TooLong);
        }
        let all: Vec<Self> = serde_json::from_str(text).map_err(|_| DetailsError::Form)?;
        let has_types = all.iter().all(|detail| detail.text("type").is_some_and(|kind| !kind.is_empty()));
        if !(1..=MOST).contains(&all.len()) || !has_types {
            return Err(DetailsError::Form);
        }
        for (place, detail) in all.iter().enumerate() {
            if !detail.0.values().all(can_be_shown) {
                return Err(DetailsError::Value);
            }
            if detail.0.contains_key("locations") && detail.locations().is_none() {
                return Err(DetailsError::Locations);
            }
            if all.iter().take(place).any(|earlier| earlier == detail) {
                return Err(DetailsError::Twice);
            }
        }
        Ok(all)
    }

    /// Of which type it is.
    pub fn kind(&self) -> &str {
        self.text("type").unwrap_or_default()
    }

    /// Where it is wanted; nothing where that is not said.
    pub fn locations(&self) -> Option<Vec<&str>> {
        self.0.get("locations")?.as_array()?.iter().map(Value::as_str).collect()
    }

    /// Its own fields, without type and locations.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        let own = self.0.iter().filter(|(name, _)| !matches!(name.as_str(), "type" | "locations"));
        own.map(|(name, value)| (name.as_str(), value))
    }

    /// The same thing in the same bytes, whoever wrote it.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }
}

/// The value of a field as people read it.
pub fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(in_words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn can_be_shown(value: &Value) -> bool {
    let is_plain = |value: &Value| match value {
        Value::String(text) => is_visible(text),
        Value::Bool(_) => true,
        // Others come out of a computer as other numbers than went in.
        Value::Number(number) => !number.is_f64(),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    };
    match value {
        Value::Array(entries) => entries.len() <= MOST_ENTRIES && entries.iter().all(is_plain),
        plain => is_plain(plain),
    }
}

/// What stands on the page is what is agreed to: nothing that hides, or turns the order of what is read.
fn is_visible(text: &str) -> bool {
    text.chars().count() <= LONGEST_TEXT && crate::base::text::clean(text, LONGEST_TEXT).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_detail_is_the_same_whatever_the_order_of_its_fields() {
        let one =
            AuthorizationDetail::parse_all(r#"[{"type":"ho_so","nam":2026,"lop":["6A","6B"]}]"#).unwrap();
        let other =
            AuthorizationDetail::parse_all(r#"[{"lop":["6A","6B"],"type":"ho_so","nam":2026}]"#).unwrap();
        assert_eq!(one, other);
        let detail = one.first().unwrap();
        assert_eq!(detail.canonical(), r#"{"lop":["6A","6B"],"nam":2026,"type":"ho_so"}"#);
        assert_eq!(detail.kind(), "ho_so");
        let shown: Vec<_> = detail.fields().map(|(name, value)| (name, in_words(value))).collect();
        assert_eq!(shown, [("lop", "6A, 6B".to_owned()), ("nam", "2026".to_owned())]);
    }

    #[test]
    fn what_is_no_list_of_details_is_refused__rfc9396_5() {
        let many = format!("[{}]", [r#"{"type":"a"}"#; 9].join(","));
        let entries = format!(r#"[{{"type":"a","x":[{}]}}]"#, ["1"; 33].join(","));
        for (text, error) in [
            ("", DetailsError::Form),
            ("{}", DetailsError::Form),
            ("[]", DetailsError::Form),
            ("[1]", DetailsError::Form),
            ("[{}]", DetailsError::Form),
            (r#"[{"type":""}]"#, DetailsError::Form),
            (r#"[{"type":7}]"#, DetailsError::Form),
            (many.as_str(), DetailsError::Form),
            (r#"[{"type":"a","x":{"y":1}}]"#, DetailsError::Value),
            (r#"[{"type":"a","x":1,"x":2}]"#, DetailsError::Form),
            (r#"[{"type":"a","x":null}]"#, DetailsError::Value),
            (r#"[{"type":"a","x":0.1}]"#, DetailsError::Value),
            (r#"[{"type":"a","x":[18446744073709551616]}]"#, DetailsError::Value),
            (r#"[{"type":"a","x":[[1]]}]"#, DetailsError::Value),
            (r#"[{"type":"a","x":"a\u202eb"}]"#, DetailsError::Value),
            (entries.as_str(), DetailsError::Value),
            (r#"[{"type":"a","locations":"https://a.vn/"}]"#, DetailsError::Locations),
            (r#"[{"type":"a","locations":[1]}]"#, DetailsError::Locations),
            (r#"[{"type":"a","x":1},{"x":1,"type":"a"}]"#, DetailsError::Twice),
        ] {
            assert_eq!(AuthorizationDetail::parse_all(text), Err(error), "{text}");
        }
        assert_eq!(AuthorizationDetail::parse_all(&" ".repeat(4_097)), Err(DetailsError::TooLong));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r#"[\[\]{}":,a-z_0-9]{0,64}"#) {
            let _ = AuthorizationDetail::parse_all(&text);
        }
    }
}
