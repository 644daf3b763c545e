//! JSON objects in which no name comes twice.
//!
//! RFC 8259 §4: of two members with one name some readers take the first and some the last, so that two could take two
//! things from one text. RFC 7519 §4 demands it of claims.

use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The members of an object. Each name comes once, and so it is in all that lies within.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UniqueMembers(pub Map<String, Value>);

/// Why a text is no such object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MembersError {
    /// Something else, or more than one.
    #[error("the text is not one JSON object")]
    Form,
    /// A name that comes twice, however deep it stands.
    #[error("{0} comes twice")]
    Twice(String),
}

/// The first name that came twice.
type Twice = RefCell<Option<String>>;

impl UniqueMembers {
    /// Reads the object that `text` is.
    pub fn read(text: &[u8]) -> Result<Self, MembersError> {
        let twice = Twice::default();
        let mut reader = serde_json::Deserializer::from_slice(text);
        let read = Object(&twice).deserialize(&mut reader);
        let read = read.and_then(|members| reader.end().map(|()| Self(members)));
        match twice.into_inner() {
            Some(name) => Err(MembersError::Twice(name)),
            None => read.map_err(|_| MembersError::Form),
        }
    }
}

impl<'de> Deserialize<'de> for UniqueMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Object(&Twice::default()).deserialize(deserializer).map(Self)
    }
}

struct Object<'a>(&'a Twice);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Map<String, Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if members.contains_key(&name) {
                self.0.replace(Some(name));
                return Err(A::Error::custom("a member comes twice"));
            }
            let value = map.next_value_seed(Any(self.0))?;
            members.insert(name, value);
        }
        Ok(members)
    }
}

#[derive(Clone, Copy)]
struct Any<'a>(&'a Twice);

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        Object(self.0).visit_map(map).map(Value::Object)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_that_comes_twice_is_named_however_deep_it_stands__rfc8259_4() {
        for (text, name) in [
            (r#"{"a":1,"b":2,"a":1}"#, "a"),
            (r#"{"a":{"keys":[],"keys":[]}}"#, "keys"),
            (r#"{"a":[1,[{"b":1,"\u0062":2}]]}"#, "b"),
        ] {
            let twice = Err(MembersError::Twice(name.to_owned()));
            assert_eq!(UniqueMembers::read(text.as_bytes()), twice, "{text}");
            assert!(serde_json::from_str::<UniqueMembers>(text).is_err(), "{text}");
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200));
        for text in ["", "[]", "null", "7", "\"a\"", "{", "{} {}", "{\"a\":}", "{\"a\":1e999}", &deep] {
            assert_eq!(UniqueMembers::read(text.as_bytes()), Err(MembersError::Form), "{text}");
        }
        assert_eq!(UniqueMembers::read(b"{\"a\":\"\xff\"}"), Err(MembersError::Form));
    }

    #[test]
    fn all_else_is_read_as_ever() {
        let text =
            r#"{"z":null,"a":[true,-1,18446744073709551615,0.5,"á",{"z":{},"a":[]}],"b":{"a":{"a":1}}}"#;
        let read = UniqueMembers::read(text.as_bytes()).unwrap();
        assert_eq!(Value::Object(read.0.clone()), serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(serde_json::to_string(&read.0).unwrap(), text, "in the order in which it came");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r#"\{[\[\]{}":,a-c0-9]{0,48}\}"#) {
            if let Ok(read) = UniqueMembers::read(text.as_bytes()) {
                let plain: Value = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(Value::Object(read.0), plain);
            }
        }
    }
}
