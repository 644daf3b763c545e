//! Parameters of a query or form body, read strictly.
//!
//! The URL Standard's decoder, which every crate of the field wraps, never fails: it keeps broken escapes and
//! replaces bytes that are no UTF-8. Two readers of one request could then see two requests. Here what is not
//! well-formed is refused.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::form_urlencoded;

use crate::base::Secret;

/// The most bytes that the authorization endpoint reads, query or body.
pub const AUTHORIZE_LIMIT: usize = 8 * 1024;
/// The most bytes that a form body may have at every other endpoint.
pub const BODY_LIMIT: usize = 64 * 1024;

const MAX_PAIRS: usize = 100;

/// Why parameters could not be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// More bytes than the endpoint takes.
    #[error("The parameters are longer than {limit} bytes.")]
    TooLarge {
        /// The most bytes that the endpoint takes.
        limit: usize,
    },
    /// More pairs than any request needs.
    #[error("There are more than {MAX_PAIRS} parameters.")]
    TooMany,
    /// A percent sign without two hexadecimal digits.
    #[error("The parameters contain a broken percent escape.")]
    BrokenEscape,
    /// Bytes that are no text.
    #[error("The parameters are not UTF-8.")]
    NotUtf8,
    /// A zero character, which some readers take for an end.
    #[error("The parameters contain a NUL character.")]
    Nul,
}

/// A parameter that must come once came twice (RFC 6749 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The parameter {name} was sent more than once.")]
pub struct Repeated {
    /// Which one.
    pub name: &'static str,
}

/// Parameters in the order in which they came. Redacted when debugged and wiped when dropped: codes, tokens and
/// client secrets travel here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawParams(Secret<Vec<(String, String)>>);

impl RawParams {
    /// Reads `application/x-www-form-urlencoded` bytes of at most `limit` bytes.
    pub fn parse(bytes: &[u8], limit: usize) -> Result<Self, ParamsError> {
        if bytes.len() > limit {
            return Err(ParamsError::TooLarge { limit });
        }
        let mut pairs = Vec::new();
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == MAX_PAIRS {
                return Err(ParamsError::TooMany);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            pairs.push((name, value));
        }
        Ok(Self(Secret::new(pairs)))
    }

    /// The value of `name`. An empty value counts as not sent, a repeated name is an error (RFC 6749 §3.1).
    pub fn get(&self, name: &'static str) -> Result<Option<&str>, Repeated> {
        let mut values = self.iter().filter(|(given, _)| *given == name).map(|(_, value)| value);
        let first = values.next();
        if values.next().is_some() {
            return Err(Repeated { name });
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// The values of a parameter that may come many times. Empty ones count as not sent.
    pub fn every(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(given, value)| *given == name && !value.is_empty()).map(|(_, value)| value)
    }

    /// All pairs, as they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.expose().iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same parameters as a query string.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.iter()).finish()
    }
}

impl Serialize for RawParams {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.expose().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawParams {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(|pairs| Self(Secret::new(pairs)))
    }
}

/// Decodes one form-encoded name or value. Basic credentials use it too (RFC 6749 §2.3.1).
pub(super) fn decode(encoded: &[u8]) -> Result<String, ParamsError> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next())? << 4 | hex(rest.next())?,
            plain => *plain,
        });
    }
    if bytes.contains(&0) {
        return Err(ParamsError::Nul);
    }
    String::from_utf8(bytes).map_err(|_| ParamsError::NotUtf8)
}

fn hex(digit: Option<&u8>) -> Result<u8, ParamsError> {
    match digit {
        Some(digit @ b'0'..=b'9') => Ok(digit - b'0'),
        Some(digit @ b'a'..=b'f') => Ok(digit - b'a' + 10),
        Some(digit @ b'A'..=b'F') => Ok(digit - b'A' + 10),
        _ => Err(ParamsError::BrokenEscape),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String)>, ParamsError> {
        RawParams::parse(text.as_bytes(), 1024)
            .map(|params| params.iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    #[test]
    fn pairs_keep_their_order_and_text() {
        let pairs = read("b=2&a=%C3%A1+%2B&&flag&c==x").unwrap();
        let expected = [("b", "2"), ("a", "á +"), ("flag", ""), ("c", "=x")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for (text, error) in [
            ("a=%", ParamsError::BrokenEscape),
            ("a=%4", ParamsError::BrokenEscape),
            ("a=%zz", ParamsError::BrokenEscape),
            ("a=%+1", ParamsError::BrokenEscape),
            ("a=%FF", ParamsError::NotUtf8),
            ("a=%C0%80", ParamsError::NotUtf8),
            ("%ED%A0%80=a", ParamsError::NotUtf8),
            ("a=%00", ParamsError::Nul),
            ("a=x\0", ParamsError::Nul),
        ] {
            assert_eq!(read(text), Err(error), "{text:?}");
        }
        assert_eq!(RawParams::parse(b"a=\xFF", 1024), Err(ParamsError::NotUtf8));
    }

    #[test]
    fn size_and_number_are_limited() {
        assert_eq!(RawParams::parse(b"abc=1", 4), Err(ParamsError::TooLarge { limit: 4 }));
        assert!(RawParams::parse(b"abc=1", 5).is_ok());
        assert_eq!(read(&"a&".repeat(101)), Err(ParamsError::TooMany));
        assert_eq!(read(&"a&".repeat(100)).map(|pairs| pairs.len()), Ok(100));
    }

    #[test]
    fn empty_means_omitted_and_twice_is_refused__rfc6749_3_1() {
        let params = RawParams::parse(b"empty=&one=1&two=1&two=1&half=&half=1", 1024).unwrap();
        assert_eq!(params.get("empty"), Ok(None));
        assert_eq!(params.get("absent"), Ok(None));
        assert_eq!(params.get("one"), Ok(Some("1")));
        assert_eq!(params.get("two"), Err(Repeated { name: "two" }));
        assert_eq!(params.get("half"), Err(Repeated { name: "half" }));
    }

    #[test]
    fn secrets_are_not_debugged() {
        let params = RawParams::parse(b"client_secret=hunter2", 1024).unwrap();
        assert!(!format!("{params:?}").contains("hunter2"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            if let Ok(params) = RawParams::parse(&bytes, 512) {
                let again = RawParams::parse(params.to_query().as_bytes(), usize::MAX);
                prop_assert_eq!(again, Ok(params));
            }
        }

        #[test]
        fn what_is_written_reads_back(pairs in proptest::collection::vec(("[^\0]{1,8}", "[^\0]{0,8}"), 0..20)) {
            let params = RawParams(Secret::new(pairs));
            prop_assert_eq!(RawParams::parse(params.to_query().as_bytes(), usize::MAX), Ok(params));
        }
    }
}
