//! Our own cookies, found among whatever a browser sends.
//!
//! The `cookie` crate keeps a jar of everything and takes the last of two that share a name. Who can plant a second
//! cookie could so choose which one counts: here two are none.

const MAX_VALUE: usize = 4096;

/// Why a cookie of ours can't be used; it is then as if it had not been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CookieError {
    /// Two of the same name.
    #[error("the cookie was sent more than once")]
    Repeated,
    /// Longer than any of ours, or with a character that none of ours has.
    #[error("the cookie is not one of ours")]
    Malformed,
}

/// The value of the cookie `name` in all Cookie headers of a request (RFC 6265 §5.4). Others' cookies are passed over,
/// whatever they look like.
pub fn find_cookie<'a>(
    headers: impl IntoIterator<Item = &'a [u8]>,
    name: &str,
) -> Result<Option<&'a str>, CookieError> {
    let pairs = headers.into_iter().flat_map(|header| header.split(|byte| *byte == b';'));
    let mut values = pairs.filter_map(|pair| {
        let pair = pair.trim_ascii();
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let (key, value) = pair.split_at_checked(equals)?;
        (key == name.as_bytes()).then(|| value.get(1..)).flatten()
    });
    let first = values.next();
    if values.next().is_some() {
        return Err(CookieError::Repeated);
    }
    first.map(read).transpose()
}

/// RFC 6265 §4.1.1, without the quotes that none of ours has.
fn read(value: &[u8]) -> Result<&str, CookieError> {
    let octet = |byte: &u8| matches!(byte, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E);
    let fits = (1..=MAX_VALUE).contains(&value.len()) && value.iter().all(octet);
    std::str::from_utf8(value).ok().filter(|_| fits).ok_or(CookieError::Malformed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find<'a>(headers: &[&'a [u8]]) -> Result<Option<&'a str>, CookieError> {
        find_cookie(headers.iter().copied(), "__Host-khue_session")
    }

    #[test]
    fn ours_is_found_among_others__rfc6265_5_4() {
        assert_eq!(find(&[b"a=1; __Host-khue_session=abc; b"]), Ok(Some("abc")));
        assert_eq!(find(&[b"\xFF=\xFE; =; ;;", b"__Host-khue_session=a=b"]), Ok(Some("a=b")));
        for header in ["", "a=1", "__Host-khue_session", "__host-khue_session=x", "x__Host-khue_session=x"] {
            assert_eq!(find(&[header.as_bytes()]), Ok(None), "{header:?}");
        }
    }

    #[test]
    fn two_are_none_and_nonsense_is_refused() {
        assert_eq!(find(&[b"__Host-khue_session=a; __Host-khue_session=a"]), Err(CookieError::Repeated));
        assert_eq!(find(&[b"__Host-khue_session=a", b"__Host-khue_session=b"]), Err(CookieError::Repeated));
        for value in ["", "\"abc\"", "a b", "a,b", "a\\b", "á", "a\0", &"x".repeat(4097)] {
            let header = format!("__Host-khue_session={value}");
            assert_eq!(find(&[header.as_bytes()]), Err(CookieError::Malformed), "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(noise in proptest::collection::vec(any::<u8>(), 0..64), value in "[a-zA-Z0-9_-]{1,64}") {
            let _ = find(&[&noise]);
            let header = format!("a=1; __Host-khue_session={value}");
            prop_assert_eq!(find(&[header.as_bytes()]), Ok(Some(value.as_str())));
        }
    }
}
