//! What the authorization endpoint gives.

use super::wire_enum::wire_enum;

wire_enum! {
    /// A response type (RFC 6749 §3.1.1, OAuth 2.0 Multiple Response Type Encoding Practices §3 and §5).
    ResponseType {
        /// An authorization code.
        Code = "code",
        /// A code, and an ID token beside it.
        CodeIdToken = "code id_token",
        /// An ID token alone.
        IdToken = "id_token",
        /// A code, and an access token beside it.
        CodeToken = "code token",
        /// An ID token and an access token.
        IdTokenToken = "id_token token",
        /// All three.
        CodeIdTokenToken = "code id_token token",
    }
}

impl ResponseType {
    /// Reads a parameter: a set of words, whose order says nothing (Multiple Response Types §3).
    pub fn of_words(text: &str) -> Option<Self> {
        let mut words: Vec<&str> = text.split(' ').collect();
        // The published names have their words in this order too.
        words.sort_unstable();
        Self::parse(&words.join(" "))
    }

    /// Whether a code is given.
    pub const fn gives_code(self) -> bool {
        matches!(self, Self::Code | Self::CodeIdToken | Self::CodeToken | Self::CodeIdTokenToken)
    }

    /// Whether an ID token travels through the browser.
    pub const fn gives_id_token(self) -> bool {
        matches!(self, Self::CodeIdToken | Self::IdToken | Self::IdTokenToken | Self::CodeIdTokenToken)
    }

    /// Whether an access token travels through the browser.
    pub const fn gives_access_token(self) -> bool {
        matches!(self, Self::CodeToken | Self::IdTokenToken | Self::CodeIdTokenToken)
    }

    /// Whether any token travels through the browser: then the query, which stands in logs, is closed to the answer.
    pub const fn is_front_channel(self) -> bool {
        !matches!(self, Self::Code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_words_says_nothing__multiple_response_types_3() {
        for (text, expected) in [
            ("code", Some(ResponseType::Code)),
            ("id_token code", Some(ResponseType::CodeIdToken)),
            ("token id_token", Some(ResponseType::IdTokenToken)),
            ("token id_token code", Some(ResponseType::CodeIdTokenToken)),
            ("token code", Some(ResponseType::CodeToken)),
            ("token", None),
            ("code code", None),
            ("code  id_token", None),
            (" code", None),
            ("none", None),
            ("", None),
        ] {
            assert_eq!(ResponseType::of_words(text), expected, "{text:?}");
        }
    }

    #[test]
    fn each_gives_what_its_words_say() {
        for kind in ResponseType::ALL {
            let has = |word| kind.as_str().split(' ').any(|own| own == word);
            assert_eq!(
                (kind.gives_code(), kind.gives_id_token(), kind.gives_access_token()),
                (has("code"), has("id_token"), has("token"))
            );
            assert_eq!(kind.is_front_channel(), has("id_token") || has("token"));
            assert_eq!(ResponseType::of_words(kind.as_str()), Some(*kind));
        }
    }
}
