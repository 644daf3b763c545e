//! Names of clients.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A client's identifier: 1 to 255 printable ASCII characters without space (within RFC 6749 appendix A.1).
/// Compared byte for byte, cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ClientId(Arc<str>);

/// A text that can't be a client's identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A client_id has 1 to 255 printable ASCII characters and no space.")]
pub struct InvalidClientId;

impl ClientId {
    /// Reads an identifier.
    pub fn parse(text: &str) -> Result<Self, InvalidClientId> {
        let fits = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.into())) } else { Err(InvalidClientId) }
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClientId {
    type Error = InvalidClientId;

    fn try_from(text: String) -> Result<Self, InvalidClientId> {
        Self::parse(&text)
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_printable_ascii_is_a_client_id() {
        for text in ["a", "cong-dich-vu-cong", "https://rp.example/:~", &"x".repeat(255)] {
            assert_eq!(ClientId::parse(text).as_ref().map(ClientId::as_str), Ok(text));
        }
        for text in ["", "a b", "cổng", "a\n", "a\0", &"x".repeat(256)] {
            assert_eq!(ClientId::parse(text), Err(InvalidClientId), "{text:?}");
        }
    }
}
