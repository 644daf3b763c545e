//! Access tokens as they are presented (RFC 6750, RFC 9449 §7).

use super::{AuthorizationHeader, BearerError, BearerErrorCode, RawParams, SigningAlgorithm};
use crate::base::Secret;

/// How a token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenScheme {
    /// By itself.
    Bearer,
    /// With a proof of the key that it is bound to.
    DPoP,
}

/// An access token that somebody holds; whether it is good is judged elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedAccessToken {
    token: Secret<String>,
    scheme: TokenScheme,
}

impl PresentedAccessToken {
    /// Reads the token of a request, from the header or from a form body. `None` where nothing was presented.
    ///
    /// RFC 6750 §2: one way, once. A token in the query is not looked at: it would stand in every log (RFC 9700 §4.3.2).
    pub fn parse(
        header: Option<AuthorizationHeader<'_>>,
        body: Option<&RawParams>,
    ) -> Result<Option<Self>, BearerError> {
        let by = |scheme: TokenScheme| header?.credentials(scheme.as_str()).map(|token| (token, scheme));
        let in_header = by(TokenScheme::Bearer).or_else(|| by(TokenScheme::DPoP));
        let in_body = match body {
            Some(params) => params.get("access_token")?.map(|token| (token, TokenScheme::Bearer)),
            None => None,
        };
        let (token, scheme) = match (in_header, in_body) {
            (Some(_), Some(_)) => {
                return Err(malformed("The access token was sent in two ways; send it once."));
            }
            (Some(presented), None) | (None, Some(presented)) => presented,
            (None, None) => return Ok(None),
        };
        if is_b64token(token) {
            Ok(Some(Self { token: Secret::new(token.to_owned()), scheme }))
        } else {
            Err(malformed("The access token contains a character that no access token has."))
        }
    }

    /// The token itself.
    pub fn expose(&self) -> &str {
        self.token.expose()
    }

    /// How it was presented.
    pub const fn scheme(&self) -> TokenScheme {
        self.scheme
    }
}

impl TokenScheme {
    /// As the Authorization header names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::DPoP => "DPoP",
        }
    }
}

/// One `WWW-Authenticate` value for a refused request (RFC 6750 §3, RFC 9449 §7.1). Without an error where nothing was
/// presented.
pub fn challenge(scheme: TokenScheme, realm: &str, error: Option<&BearerError>) -> String {
    let mut challenge = format!("{} realm=\"{realm}\"", scheme.as_str());
    if scheme == TokenScheme::DPoP {
        let algorithms: Vec<&str> =
            SigningAlgorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
        challenge.push_str(&format!(", algs=\"{}\"", algorithms.join(" ")));
    }
    if let Some(BearerError { code, description }) = error {
        challenge.push_str(&format!(", error=\"{code}\", error_description=\"{description}\""));
    }
    challenge
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
        let asked = challenge(TokenScheme::Bearer, "https://id.example", None);
        assert_eq!(asked, r#"Bearer realm="https://id.example""#);
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
            challenge(TokenScheme::Bearer, "https://id.example", Some(&error)),
            r#"Bearer realm="https://id.example", error="invalid_token", error_description="The access token has expired.""#
        );
        let algorithms: Vec<&str> =
            SigningAlgorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
        assert_eq!(
            challenge(TokenScheme::DPoP, "khue", None),
            format!("DPoP realm=\"khue\", algs=\"{}\"", algorithms.join(" "))
        );
    }
}
