//! The form of an access token.

use super::wire_enum::wire_enum;

wire_enum! {
    /// In which form a resource takes access tokens.
    #[derive(Default)]
    AccessTokenFormat {
        /// Signed, and read by whoever has our keys (RFC 9068).
        #[default]
        Jwt = "jwt",
        /// 256 random bits; what they stand for is told at introspection (RFC 7662).
        Opaque = "opaque",
    }
}

impl AccessTokenFormat {
    /// Whether it is the one that is meant where nothing is said.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
