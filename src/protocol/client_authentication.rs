//! What a client presents to prove itself; whether it is right is judged elsewhere.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::params::decode;
use super::{AuthorizationHeader, ClientAssertion, ClientId, RawParams, TokenError, TokenErrorCode};
use crate::base::Secret;

/// A client's name and, unless it is public, what shall prove it: by exactly one method (RFC 6749 §2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PresentedCredentials {
    /// `client_secret_basic`.
    Basic {
        /// Who it says it is.
        client_id: ClientId,
        /// What shall prove it.
        secret: Secret<String>,
    },
    /// `client_secret_post`.
    Post {
        /// Who it says it is.
        client_id: ClientId,
        /// What shall prove it.
        secret: Secret<String>,
    },
    /// `client_secret_jwt` or `private_key_jwt`.
    Assertion(ClientAssertion),
    /// `none`.
    Public {
        /// Who it says it is.
        client_id: ClientId,
    },
}

impl PresentedCredentials {
    /// Reads the credentials of a request to the token endpoint.
    pub fn parse(header: Option<AuthorizationHeader<'_>>, params: &RawParams) -> Result<Self, TokenError> {
        let client_id = client_id(params)?;
        let secret = params.get("client_secret")?.map(|secret| Secret::new(secret.to_owned()));
        if let Some(assertion) = ClientAssertion::parse(params)? {
            return Self::assertion(assertion, client_id, header.is_some() || secret.is_some());
        }
        match (header, client_id, secret) {
            (Some(_), _, Some(_)) => Err(TokenError::new(
                TokenErrorCode::InvalidRequest,
                "Use one method of client authentication, not the Authorization header and client_secret both.",
            )),
            (Some(header), named, None) => Self::basic(header, named),
            (None, Some(client_id), Some(secret)) => Ok(Self::Post { client_id, secret }),
            (None, Some(client_id), None) => Ok(Self::Public { client_id }),
            (None, None, _) => Err(refused("Client authentication is missing; send at least client_id.")),
        }
    }

    /// Who the client says it is.
    pub fn client_id(&self) -> &ClientId {
        match self {
            Self::Basic { client_id, .. } | Self::Post { client_id, .. } | Self::Public { client_id } => {
                client_id
            }
            Self::Assertion(assertion) => assertion.subject(),
        }
    }

    /// RFC 7521 §4.2: `client_id` may stand beside the assertion, and then names the same client.
    fn assertion(
        assertion: ClientAssertion,
        named: Option<ClientId>,
        beside_another: bool,
    ) -> Result<Self, TokenError> {
        let wrong = |text| Err(TokenError::new(TokenErrorCode::InvalidRequest, text));
        if beside_another {
            return wrong("Use one method of client authentication, not client_assertion beside a secret.");
        }
        match named {
            Some(named) if named != *assertion.subject() => {
                wrong("client_id differs from the sub of client_assertion.")
            }
            _ => Ok(Self::Assertion(assertion)),
        }
    }

    fn basic(header: AuthorizationHeader<'_>, named: Option<ClientId>) -> Result<Self, TokenError> {
        let encoded = header
            .credentials("Basic")
            .ok_or_else(|| refused("The Authorization header must use the Basic scheme here."))?;
        let (client_id, secret) = split_basic(encoded).ok_or_else(|| {
            refused("The Basic credentials must be base64 of form-encoded client_id and client_secret.")
        })?;
        match named {
            Some(named) if named != client_id => Err(TokenError::new(
                TokenErrorCode::InvalidRequest,
                "client_id differs from the one in the Authorization header.",
            )),
            _ => Ok(Self::Basic { client_id, secret }),
        }
    }
}

fn refused(description: &'static str) -> TokenError {
    TokenError::new(TokenErrorCode::InvalidClient, description)
}

fn client_id(params: &RawParams) -> Result<Option<ClientId>, TokenError> {
    let parsed = params.get("client_id")?.map(ClientId::parse).transpose();
    parsed.map_err(|error| TokenError::new(TokenErrorCode::InvalidClient, error.to_string()))
}

/// RFC 6749 §2.3.1: name and secret are form-encoded one by one before they are joined by a colon.
fn split_basic(encoded: &str) -> Option<(ClientId, Secret<String>)> {
    let joined = Secret::new(STANDARD.decode(encoded).ok()?);
    let colon = joined.expose().iter().position(|byte| *byte == b':')?;
    let (name, secret) = joined.expose().split_at_checked(colon)?;
    let secret = Secret::new(decode(secret.get(1..)?).ok()?);
    let client_id = ClientId::parse(&decode(name).ok()?).ok()?;
    (!secret.expose().is_empty()).then_some((client_id, secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::params::BODY_LIMIT;

    fn parse(header: Option<&str>, body: &str) -> Result<PresentedCredentials, TokenError> {
        let params = RawParams::parse(body.as_bytes(), BODY_LIMIT).unwrap();
        let header = AuthorizationHeader::parse(header.map(str::as_bytes)).unwrap();
        PresentedCredentials::parse(header, &params)
    }

    fn basic(joined: &str) -> String {
        format!("Basic {}", STANDARD.encode(joined))
    }

    fn shown(credentials: &PresentedCredentials) -> (&str, &str, Option<&str>) {
        let (method, proof) = match credentials {
            PresentedCredentials::Basic { secret, .. } => {
                ("client_secret_basic", Some(secret.expose().as_str()))
            }
            PresentedCredentials::Post { secret, .. } => {
                ("client_secret_post", Some(secret.expose().as_str()))
            }
            PresentedCredentials::Assertion(assertion) => ("assertion", Some(assertion.jwt())),
            PresentedCredentials::Public { .. } => ("none", None),
        };
        (method, credentials.client_id().as_str(), proof)
    }

    const TYPE: &str =
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    /// `{"sub":"rp"}` between nothing and nothing: what is signed is looked at elsewhere.
    const OF_RP: &str = "client_assertion=.eyJzdWIiOiJycCJ9.";

    #[test]
    fn an_assertion_names_its_client__rfc7521_4_2() {
        let expected = ("assertion", "rp", Some(".eyJzdWIiOiJycCJ9."));
        for body in [format!("{TYPE}&{OF_RP}"), format!("client_id=rp&{OF_RP}&{TYPE}")] {
            assert_eq!(shown(&parse(None, &body).unwrap()), expected);
        }
        let other = TYPE.replace("jwt-bearer", "saml2-bearer");
        let endless = format!("{TYPE}&client_assertion=.{}.", "A".repeat(16_384));
        for (header, body, code) in [
            (None, OF_RP.to_owned(), "invalid_request"),
            (None, TYPE.to_owned(), "invalid_request"),
            (None, format!("{other}&{OF_RP}"), "invalid_client"),
            (None, format!("{TYPE}&{OF_RP}&client_id=other"), "invalid_request"),
            (None, format!("{TYPE}&{OF_RP}&client_secret=s"), "invalid_request"),
            (Some(basic("rp:s3cret")), format!("{TYPE}&{OF_RP}"), "invalid_request"),
            (None, format!("{TYPE}&{OF_RP}&{OF_RP}"), "invalid_request"),
            (None, endless, "invalid_client"),
            (None, format!("{TYPE}&client_assertion=a.b.c"), "invalid_client"),
            (None, format!("{TYPE}&client_assertion=.e30."), "invalid_client"),
            (None, format!("{TYPE}&client_assertion=.eyJzdWIiOiJycCJ9"), "invalid_client"),
            (None, format!("{TYPE}&client_assertion=..eyJzdWIiOiJycCJ9.."), "invalid_client"),
        ] {
            assert_eq!(parse(header.as_deref(), &body).unwrap_err().code.as_str(), code, "{body}");
        }
    }

    #[test]
    fn each_method_is_recognised__oidc_core_9() {
        for (header, body, expected) in [
            (Some(basic("rp:s3cret")), "", ("client_secret_basic", "rp", Some("s3cret"))),
            (Some(basic("rp:s3cret")), "client_id=rp", ("client_secret_basic", "rp", Some("s3cret"))),
            (Some(basic("rp%3A1:a%2Bb+c:d")), "", ("client_secret_basic", "rp:1", Some("a+b c:d"))),
            (None, "client_id=rp&client_secret=a%2Bb", ("client_secret_post", "rp", Some("a+b"))),
            (None, "client_id=rp", ("none", "rp", None)),
            (None, "client_id=rp&client_secret=", ("none", "rp", None)),
        ] {
            let credentials = parse(header.as_deref(), body).unwrap();
            assert_eq!(shown(&credentials), expected, "{header:?} {body}");
        }
    }

    #[test]
    fn two_methods_or_none_are_refused__rfc6749_2_3() {
        let good = basic("rp:s3cret");
        for (header, body, code) in [
            (Some(good.as_str()), "client_id=rp&client_secret=s3cret", "invalid_request"),
            (Some(good.as_str()), "client_secret=s3cret", "invalid_request"),
            (Some(good.as_str()), "client_id=other", "invalid_request"),
            (Some(good.as_str()), "client_assertion=a.b.c", "invalid_request"),
            (Some("Bearer abc"), "client_id=rp", "invalid_client"),
            (Some("Basic ???"), "", "invalid_client"),
            (Some(&basic("rp")), "", "invalid_client"),
            (Some(&basic("rp:")), "", "invalid_client"),
            (Some(&basic(":s3cret")), "", "invalid_client"),
            (Some(&basic("rp:%zz")), "", "invalid_client"),
            (Some(&basic("r\0p:x")), "", "invalid_client"),
            (None, "", "invalid_client"),
            (None, "client_secret=s3cret", "invalid_client"),
            (None, "client_id=a%20b", "invalid_client"),
            (None, "client_id=rp&client_id=rp", "invalid_request"),
            (None, "client_id=rp&client_secret=a&client_secret=a", "invalid_request"),
        ] {
            assert_eq!(parse(header, body).unwrap_err().code.as_str(), code, "{header:?} {body}");
        }
    }

    #[test]
    fn a_presented_secret_is_not_debugged() {
        let credentials = parse(Some(&basic("rp:hunter2")), "").unwrap();
        assert!(!format!("{credentials:?}").contains("hunter2"));
    }
}
