//! What is searched for, in every form that a careless line of code would write it in.

use std::collections::HashMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use khue::base::encoding::from_base64url;
use khue::base::text::fold;
use unicode_normalization::UnicodeNormalization;
use url::form_urlencoded::byte_serialize;

/// What tells one form from another while a text is walked once. Nothing shorter is searched for.
const HEAD: usize = 8;

/// Words and secrets, in all their forms.
#[derive(Default)]
pub struct Needles {
    by_head: HashMap<[u8; HEAD], Vec<Needle>>,
}

struct Needle {
    what: String,
    form: Vec<u8>,
}

impl Needles {
    /// Searches for `text` from here on.
    pub fn add(&mut self, what: &str, text: &str) {
        let decomposed: String = text.nfd().collect();
        for spelling in [text.to_owned(), decomposed, fold(text), text.to_lowercase(), text.to_uppercase()] {
            self.add_bytes(what, spelling.as_bytes());
            let percent: String = byte_serialize(spelling.as_bytes()).collect();
            self.keep(what, percent.replace('+', "%20").into_bytes());
            self.keep(what, percent.to_lowercase().into_bytes());
            self.keep(what, percent.into_bytes());
            self.keep(what, spelling.encode_utf16().flat_map(u16::to_le_bytes).collect());
            self.keep(what, spelling.encode_utf16().flat_map(u16::to_be_bytes).collect());
            self.keep(what, json_escaped(&spelling).into_bytes());
        }
    }

    /// Searches for a token: whole, its random bytes, and for a signed one all that must be secret of it.
    pub fn add_token(&mut self, what: &str, token: &str) {
        self.add(what, token);
        let secret_parts = token.split('.').skip(1).chain(token.get(8..));
        for part in secret_parts {
            self.keep(what, part.as_bytes().to_vec());
            if let Some(bytes) = from_base64url(part) {
                self.add_bytes(what, bytes.get(..32).unwrap_or(&bytes));
            }
        }
    }

    fn add_bytes(&mut self, what: &str, bytes: &[u8]) {
        self.keep(what, bytes.to_vec());
        let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        self.keep(what, hex.to_uppercase().into_bytes());
        self.keep(what, hex.into_bytes());
        // Whatever stands before it: base64 cuts it at one of three places.
        for cut in 0..3.min(bytes.len()) {
            let inner = &bytes[cut..];
            let inner = &inner[..inner.len() / 3 * 3];
            self.keep(what, STANDARD.encode(inner).into_bytes());
            self.keep(what, URL_SAFE_NO_PAD.encode(inner).into_bytes());
        }
    }

    fn keep(&mut self, what: &str, form: Vec<u8>) {
        if let Some(head) = form.first_chunk::<HEAD>() {
            let same_head = self.by_head.entry(*head).or_default();
            if same_head.iter().all(|known| known.form != form) {
                same_head.push(Needle { what: what.to_owned(), form });
            }
        }
    }

    /// Fails where any of them is in `content`, and says which and where.
    pub fn nowhere_in(&self, place: &str, content: &[u8]) {
        let mut found = Vec::new();
        for (at, head) in content.windows(HEAD).enumerate() {
            let Ok(head) = <[u8; HEAD]>::try_from(head) else { continue };
            let Some(needles) = self.by_head.get(&head) else { continue };
            for needle in needles.iter().filter(|needle| content[at..].starts_with(&needle.form)) {
                let around = &content[at.saturating_sub(60)..content.len().min(at + needle.form.len() + 20)];
                found.push(format!("{} at {at}: …{}…", needle.what, String::from_utf8_lossy(around)));
            }
        }
        assert!(found.is_empty(), "in {place}:\n{}", found.join("\n"));
    }
}

/// As JSON writers that stay in ASCII put it.
fn json_escaped(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => out.push(char::from(byte)),
            _ => drop(write!(out, "\\u{unit:04x}")),
        }
        out
    })
}
