//! The key that a token is bound to (RFC 7800 §3.1): who presents the token must show that he holds it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::encoding::{base64url, from_base64url};

/// The name of a public key: SHA-256 over its required members (RFC 7638).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JwkThumbprint([u8; 32]);

impl JwkThumbprint {
    /// Reads its base64url form; `None` where it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        from_base64url(text)?.try_into().ok().map(Self)
    }

    /// The bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for JwkThumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url(self.0))
    }
}

impl Serialize for JwkThumbprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for JwkThumbprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a SHA-256 thumbprint"))
    }
}

/// The value of `cnf`: exactly one way of showing the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmation {
    /// By a DPoP proof (RFC 9449 §6.1).
    #[serde(rename = "jkt")]
    Jkt(JwkThumbprint),
}

impl Confirmation {
    /// How the key is shown, as the audit log names it. The key itself would tell one person's device from another's.
    pub const fn method(&self) -> &'static str {
        match self {
            Self::Jkt(_) => "dpop",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_form_of_the_standard__rfc9449_6_1() {
        let text = r#"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#;
        let confirmation: Confirmation = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&confirmation).unwrap(), text);
        for wrong in [r#"{"jkt":"AA"}"#, r#"{"jkt":1}"#, "{}", r#"{"x":"y"}"#] {
            assert!(serde_json::from_str::<Confirmation>(wrong).is_err(), "{wrong}");
        }
    }
}
