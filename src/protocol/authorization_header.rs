//! The Authorization header, split into scheme and credentials.

/// One Authorization header (RFC 9110 §11.6.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AuthorizationHeader<'a> {
    /// The scheme as written; compare without regard to case.
    scheme: &'a str,
    /// What follows it.
    credentials: &'a str,
}

/// Why the header can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationHeaderError {
    /// More than one header: whoever reads the other one sees another caller.
    #[error("The Authorization header was sent more than once.")]
    Repeated,
    /// Not `scheme credentials` in ASCII.
    #[error("The Authorization header is not a scheme followed by credentials.")]
    Malformed,
}

impl<'a> AuthorizationHeader<'a> {
    /// Reads all Authorization headers of a request, of which there may be at most one.
    pub fn parse(
        values: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<Self>, AuthorizationHeaderError> {
        let mut values = values.into_iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(AuthorizationHeaderError::Repeated);
        }
        let text = std::str::from_utf8(value).ok().filter(|text| text.is_ascii());
        let (scheme, credentials) =
            text.and_then(|text| text.split_once(' ')).ok_or(AuthorizationHeaderError::Malformed)?;
        Ok(Some(Self { scheme, credentials: credentials.trim_matches(' ') }))
    }

    /// The credentials, where the scheme is `scheme`.
    pub fn credentials(&self, scheme: &str) -> Option<&'a str> {
        self.scheme.eq_ignore_ascii_case(scheme).then_some(self.credentials)
    }
}

impl std::fmt::Debug for AuthorizationHeader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuthorizationHeader({} …)", self.scheme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse<'a>(values: &[&'a str]) -> Result<Option<AuthorizationHeader<'a>>, AuthorizationHeaderError> {
        AuthorizationHeader::parse(values.iter().map(|value| value.as_bytes()))
    }

    #[test]
    fn one_header_is_split__rfc9110_11_6_2() {
        let header = parse(&["bEaReR  abc"]).unwrap().unwrap();
        assert_eq!(header.credentials("Bearer"), Some("abc"));
        assert_eq!(header.credentials("Basic"), None);
        assert_eq!(parse(&[]), Ok(None));
    }

    #[test]
    fn two_headers_or_nonsense_are_refused() {
        assert_eq!(parse(&["Basic a", "Bearer b"]), Err(AuthorizationHeaderError::Repeated));
        for value in ["", "Bearer", "Bearer\tabc", "Bearer á"] {
            assert_eq!(parse(&[value]), Err(AuthorizationHeaderError::Malformed), "{value:?}");
        }
    }
}
