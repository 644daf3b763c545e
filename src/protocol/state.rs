//! The client's `state`.

use super::opaque_text::opaque_text;

opaque_text! {
    /// What the client wants back with the answer (RFC 6749 §4.1.1): returned exactly as it came.
    State, at most 2048 bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::opaque_text::OpaqueTextError;

    #[test]
    fn state_is_kept_as_it_came__rfc6749_4_1_2() {
        for text in ["x", "a b+c%20d", "<script>\"'&", "về-trang-chủ"] {
            assert_eq!(State::parse(text).as_ref().map(State::as_str), Ok(text));
        }
    }

    #[test]
    fn what_could_not_be_returned_unchanged_is_refused() {
        assert_eq!(State::parse("a\r\nb"), Err(OpaqueTextError::Control));
        assert_eq!(State::parse(&"s".repeat(2049)), Err(OpaqueTextError::TooLong { limit: 2048 }));
    }
}
