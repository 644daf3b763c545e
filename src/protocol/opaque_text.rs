//! Texts that a client gives us to keep or hand back, and that mean nothing to us.

use super::{RawParams, Repeated};

/// Why such a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpaqueTextError {
    /// More bytes than the field takes.
    #[error("is longer than {limit} bytes")]
    TooLong {
        /// The most bytes the field takes.
        limit: usize,
    },
    /// A control character: no form field or header carries one unchanged, so it could not be given back as it came.
    #[error("contains a control character")]
    Control,
}

/// Why a parameter that carries such a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpaqueParamError {
    /// It came twice.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// It can't be kept.
    #[error("The parameter {name} {error}.")]
    Malformed {
        /// Which one.
        name: &'static str,
        /// What is wrong with it.
        error: OpaqueTextError,
    },
}

/// Reads the optional parameter `name` with the parser of such a text.
pub(super) fn opaque<T>(
    params: &RawParams,
    name: &'static str,
    parse: fn(&str) -> Result<T, OpaqueTextError>,
) -> Result<Option<T>, OpaqueParamError> {
    let parsed = params.get(name)?.map(parse).transpose();
    parsed.map_err(|error| OpaqueParamError::Malformed { name, error })
}

/// Declares a bounded text without control characters that is otherwise kept byte for byte.
macro_rules! opaque_text {
    ($(#[$doc:meta])* $name:ident, at most $limit:literal bytes) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it came.
            pub fn parse(text: &str) -> Result<Self, $crate::protocol::opaque_text::OpaqueTextError> {
                use $crate::protocol::opaque_text::OpaqueTextError;
                if text.len() > $limit {
                    return Err(OpaqueTextError::TooLong { limit: $limit });
                }
                if text.chars().any(char::is_control) {
                    return Err(OpaqueTextError::Control);
                }
                Ok(Self(text.to_owned()))
            }

            /// The text as it came.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            /// Redacted: what clients and people put here can be personal.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

pub(crate) use opaque_text;
