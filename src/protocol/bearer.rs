//! Access tokens as they are presented (RFC 6750).

use super::{AuthorizationHeader, BearerError, BearerErrorCode, RawParams};
use crate::base::Secret;

/// An access token that somebody holds; whether it is good is judged elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedAccessToken(Secret<String>);

impl PresentedAccessToken {
    /// Reads the token of a request, from the header or from a form body. `None` where nothing was presented.
    ///
    /// RFC 6750 §2: one way, once. A token in the query is not looked at: it would stand in every log (RFC 9700 §4.3.2).
    pub fn parse(
        header: Option<AuthorizationHeader<'_>>,
        body: Option<&RawParams>,
    ) -> Result<Option<Self>, BearerError> {
        let in_header = header.and_then(|header| header.credentials("Bearer"));
        let in_body = match body {
            Some(params) => params.get("access_token")?,
            None => None,
        };
        let token = match (in_header, in_body) {
            (Some(_), Some(_)) => {
                return Err(malformed("The access token was sent in two ways; send it once."));
            }
            (Some(token), None) | (None, Some(token)) => token,
            (None, None) => return Ok(None),
        };
        if is_b64token(token) {
            Ok(Some(Self(Secret::new(token.to_owned()))))
        } else {
            Err(malformed("The access token contains a character that no access token has."))
        }
    }

    /// The token itself.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The `WWW-Authenticate` value for a refused request (RFC 6750 §3). Without an error where nothing was presented.
pub fn bearer_challenge(realm: &str, error: Option<&BearerError>) -> String {
    match error {
        None => format!("Bearer realm=\"{realm}\""),
        Some(BearerError { code, description }) => {
            format!("Bearer realm=\"{realm}\", error=\"{code}\", error_description=\"{description}\"")
        }
    }
}

fn malformed(description: &'static str) -> BearerError {
    BearerError::new(BearerErrorCode::InvalidRequest, description)
}

/// RFC 6750 §2.1, the grammar of a token.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(header: Option<&str>, body: Option<&str>) -> Result<Option<String>, BearerErrorCode> {
        let header = AuthorizationHeader::parse(header.map(str::as_bytes)).unwrap();
        let body = body.map(|body| RawParams::parse(body.as_bytes(), 1024).unwrap());
        PresentedAccessToken::parse(header, body.as_ref())
            .map(|token| token.map(|token| token.expose().to_owned()))
            .map_err(|error| error.code)
    }

    #[test]
    fn a_token_comes_by_header_or_form__rfc6750_2() {
        assert_eq!(parse(Some("Bearer a.b-c_d"), None), Ok(Some("a.b-c_d".to_owned())));
        assert_eq!(parse(Some("bearer abc=="), Some("x=1")), Ok(Some("abc==".to_owned())));
        assert_eq!(parse(None, Some("access_token=abc")), Ok(Some("abc".to_owned())));
    }

    #[test]
    fn nothing_presented_is_no_error__rfc6750_3() {
        for (header, body) in [(None, None), (Some("Basic abc"), None), (None, Some("access_token="))] {
            assert_eq!(parse(header, body), Ok(None));
        }
        assert_eq!(bearer_challenge("https://id.example", None), r#"Bearer realm="https://id.example""#);
    }

    #[test]
    fn twice_or_malformed_is_invalid_request__rfc6750_3_1() {
        for (header, body) in [
            (Some("Bearer abc"), Some("access_token=abc")),
            (None, Some("access_token=abc&access_token=abc")),
            (Some("Bearer a b"), None),
            (Some("Bearer  "), None),
            (Some("Bearer a=b"), None),
            (Some("Bearer \"abc\""), None),
            (None, Some("access_token=%C3%A1")),
        ] {
            assert_eq!(parse(header, body), Err(BearerErrorCode::InvalidRequest), "{header:?} {body:?}");
        }
    }

    #[test]
    fn the_challenge_names_the_error__rfc6750_3() {
        let error = BearerError::new(BearerErrorCode::InvalidToken, "The access token has expired.");
        assert_eq!(
            bearer_challenge("https://id.example", Some(&error)),
            r#"Bearer realm="https://id.example", error="invalid_token", error_description="The access token has expired.""#
        );
    }
}
