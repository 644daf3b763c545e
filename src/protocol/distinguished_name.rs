//! Names of subjects: as they are registered (RFC 4514), and as a certificate has them.

use std::fmt;

/// A subject as a certificate has it: from the most general part on, each part a set of attributes.
pub type ShownName = Vec<Vec<ShownAttribute>>;

/// An attribute of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAttribute {
    /// Its object identifier, with dots.
    pub kind: String,
    /// Its value, where that is a text.
    pub text: Option<String>,
}

/// A registered subject: the text as it was written, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName {
    text: String,
    /// From the most specific part on, as RFC 4514 writes them; each part in the order of its attributes.
    parts: Vec<Vec<(String, String)>>,
}

/// Why a text is no such name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DistinguishedNameError {
    /// Not the form of the standard.
    #[error("must be written as RFC 4514 has it, the most specific part first: CN=client,O=Bank,C=VN")]
    Form,
    /// A word that stands for no attribute here.
    #[error("has an attribute that is neither known by its short name nor written as numbers with dots")]
    Attribute,
}

/// RFC 4514 §3, and those that certificate authorities like.
const SHORT_NAMES: [(&str, &str); 16] = [
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("SERIALNUMBER", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("T", "2.5.4.12"),
    ("BUSINESSCATEGORY", "2.5.4.15"),
    ("GN", "2.5.4.42"),
    ("ORGANIZATIONIDENTIFIER", "2.5.4.97"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("EMAILADDRESS", "1.2.840.113549.1.9.1"),
];

impl DistinguishedName {
    /// Reads a registered name.
    pub fn parse(text: &str) -> Result<Self, DistinguishedNameError> {
        let mut parts = vec![Vec::new()];
        for (attribute, ends_part) in attributes(text)? {
            let read = read_attribute(&attribute)?;
            if let Some(part) = parts.last_mut() {
                part.push(read);
            }
            if ends_part {
                parts.push(Vec::new());
            }
        }
        parts.iter_mut().for_each(|part: &mut Vec<_>| part.sort());
        Ok(Self { text: text.to_owned(), parts })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a certificate's subject is this one: every attribute, in every part, byte for byte.
    pub fn is(&self, subject: &ShownName) -> bool {
        let shown = |part: &Vec<ShownAttribute>| {
            let pairs = part.iter().map(|one| Some((one.kind.clone(), one.text.clone()?)));
            let mut pairs = pairs.collect::<Option<Vec<_>>>()?;
            pairs.sort();
            Some(pairs)
        };
        let shown: Option<Vec<_>> = subject.iter().rev().map(shown).collect();
        shown.is_some_and(|shown| shown == self.parts)
    }
}

impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The attributes as they are written, unescaped up to their kind, and whether each is the last of its part.
fn attributes(text: &str) -> Result<Vec<(String, bool)>, DistinguishedNameError> {
    let mut found = Vec::new();
    let mut current = String::new();
    let mut is_escaped = false;
    for character in text.chars() {
        match character {
            _ if is_escaped => {
                is_escaped = false;
                current.push(character);
            }
            '\\' => {
                is_escaped = true;
                current.push(character);
            }
            ',' | '+' => found.push((std::mem::take(&mut current), character == ',')),
            // RFC 4514 §2.4: these are escaped where they are meant.
            ';' | '"' | '<' | '>' | '\0' => return Err(DistinguishedNameError::Form),
            _ => current.push(character),
        }
    }
    found.push((current, false));
    Ok(found)
}

fn read_attribute(text: &str) -> Result<(String, String), DistinguishedNameError> {
    let (kind, value) = text.split_once('=').ok_or(DistinguishedNameError::Form)?;
    let value = unescaped(value.trim_start()).filter(|value| !value.is_empty());
    Ok((object_identifier(kind.trim())?, value.ok_or(DistinguishedNameError::Form)?))
}

fn object_identifier(kind: &str) -> Result<String, DistinguishedNameError> {
    let by_name = SHORT_NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind));
    if let Some((_, identifier)) = by_name {
        return Ok((*identifier).to_owned());
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_identifier = kind.contains('.') && kind.split('.').all(is_number);
    if is_identifier { Ok(kind.to_owned()) } else { Err(DistinguishedNameError::Attribute) }
}

/// RFC 4514 §2.4: a backslash before a special character, or before two hexadecimal digits of a byte of UTF-8.
fn unescaped(value: &str) -> Option<String> {
    // `#` would begin the bytes of a value that is no text.
    if value.starts_with('#') {
        return None;
    }
    let kept = value.trim_end_matches(' ');
    // A space that was escaped stays.
    let value =
        if kept.ends_with('\\') && kept.len() < value.len() { value.get(..kept.len() + 1)? } else { kept };
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes().iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let first = rest.next()?;
        if !first.is_ascii_hexdigit() {
            bytes.push(first);
            continue;
        }
        let digits = [first, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[&[(&str, &str)]]) -> ShownName {
        let one =
            |(kind, text): &(&str, &str)| ShownAttribute { kind: (*kind).into(), text: Some((*text).into()) };
        parts.iter().map(|part| part.iter().map(one).collect()).collect()
    }

    #[test]
    fn a_subject_is_compared_part_by_part__rfc4514() {
        let subject = shown(&[
            &[("2.5.4.6", "VN")],
            &[("2.5.4.10", "Ngân hàng, A + B")],
            &[("2.5.4.3", "client"), ("2.5.4.5", "42")],
        ]);
        for text in [
            r"CN=client+serialNumber=42,O=Ngân hàng\, A \+ B,C=VN",
            r"serialnumber=42+cn=client, o=Ng\c3\a2n h\C3\A0ng\2C A \2B B , c=VN",
            r"2.5.4.3=client+2.5.4.5=42,2.5.4.10=Ngân hàng\, A \+ B,2.5.4.6=VN",
        ] {
            assert!(DistinguishedName::parse(text).unwrap().is(&subject), "{text}");
        }
        for text in [
            r"C=VN,O=Ngân hàng\, A \+ B,CN=client+serialNumber=42",
            r"CN=client,O=Ngân hàng\, A \+ B,C=VN",
            r"CN=client+serialNumber=42,O=Ngân hàng\, A \+ B",
            r"CN=client,serialNumber=42,O=Ngân hàng\, A \+ B,C=VN",
            r"CN=Client+serialNumber=42,O=Ngân hàng\, A \+ B,C=VN",
            r"CN=client+serialNumber=42,O=Ngân hàng\, A \+ B,C=VN,C=VN",
        ] {
            assert!(!DistinguishedName::parse(text).unwrap().is(&subject), "{text}");
        }
    }

    #[test]
    fn a_value_that_is_no_text_is_nobody_s() {
        let mut subject = shown(&[&[("2.5.4.3", "client")]]);
        let name = DistinguishedName::parse("CN=client").unwrap();
        assert!(name.is(&subject) && !name.is(&Vec::new()));
        subject[0][0].text = None;
        assert!(!name.is(&subject));
    }

    #[test]
    fn spaces_count_where_they_are_escaped() {
        let subject = shown(&[&[("2.5.4.3", " a ")]]);
        assert!(DistinguishedName::parse(r"CN=\ a\ ").unwrap().is(&subject));
        assert!(!DistinguishedName::parse("CN= a ").unwrap().is(&subject));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (text, error) in [
            ("", DistinguishedNameError::Form),
            ("client", DistinguishedNameError::Form),
            ("CN=", DistinguishedNameError::Form),
            ("CN=a,", DistinguishedNameError::Form),
            ("CN=a++C=VN", DistinguishedNameError::Form),
            ("CN=a;C=VN", DistinguishedNameError::Form),
            ("CN=\"a\"", DistinguishedNameError::Form),
            ("CN=#0402", DistinguishedNameError::Form),
            (r"CN=a\", DistinguishedNameError::Form),
            (r"CN=\c3", DistinguishedNameError::Form),
            (r"CN=\c", DistinguishedNameError::Form),
            ("XY=a", DistinguishedNameError::Attribute),
            ("2..5=a", DistinguishedNameError::Attribute),
        ] {
            assert_eq!(DistinguishedName::parse(text), Err(error), "{text}");
        }
    }
}
