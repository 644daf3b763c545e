//! The key that a token is bound to (RFC 7800 §3.1): who presents the token must show that he holds it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::encoding::{base64url, from_base64url};

/// Declares a SHA-256 that names a key, in base64url.
macro_rules! thumbprint {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The one with this digest.
            pub const fn of(digest: [u8; 32]) -> Self {
                Self(digest)
            }

            /// Reads its base64url form; `None` where it is anything else.
            pub fn parse(text: &str) -> Option<Self> {
                from_base64url(text)?.try_into().ok().map(Self)
            }

            /// The bytes of the digest.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base64url(self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a SHA-256 thumbprint"))
            }
        }
    };
}

thumbprint! {
    /// The name of a public key: SHA-256 over its required members (RFC 7638).
    JwkThumbprint
}

thumbprint! {
    /// The name of a certificate: SHA-256 over its DER (RFC 8705 §3.1).
    CertificateThumbprint
}

/// The value of `cnf`: exactly one way of showing the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmation {
    /// By a DPoP proof (RFC 9449 §6.1).
    #[serde(rename = "jkt")]
    Jkt(JwkThumbprint),
    /// By a connection with this certificate (RFC 8705 §3.1).
    #[serde(rename = "x5t#S256")]
    X5tS256(CertificateThumbprint),
}

impl Confirmation {
    /// How the key is shown, as the audit log names it. The key itself would tell one person's device from another's.
    pub const fn method(&self) -> &'static str {
        match self {
            Self::Jkt(_) => "dpop",
            Self::X5tS256(_) => "mtls",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_form_of_the_standards__rfc9449_6_1__rfc8705_3_1() {
        for text in [
            r#"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#,
            r##"{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0"}"##,
        ] {
            let confirmation: Confirmation = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&confirmation).unwrap(), text);
        }
        for wrong in [r#"{"jkt":"AA"}"#, r#"{"jkt":1}"#, "{}", r#"{"x":"y"}"#] {
            assert!(serde_json::from_str::<Confirmation>(wrong).is_err(), "{wrong}");
        }
    }
}
