//! A JWT by which a client proves itself (RFC 7521 §4.2, RFC 7523 §2.2), as it came.

use serde::Deserialize;

use super::{ClientId, RawParams, TokenError, TokenErrorCode};
use crate::base::Secret;
use crate::base::encoding::from_base64url;

/// The one type of assertion that proves a client.
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The longest assertion that is looked at, in bytes.
const LARGEST: usize = 16 * 1024;

/// An assertion, not verified: whom it names is what its sender says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAssertion {
    subject: ClientId,
    jwt: Secret<String>,
}

impl ClientAssertion {
    /// The assertion of a request, where there is one.
    pub fn parse(params: &RawParams) -> Result<Option<Self>, TokenError> {
        let (kind, jwt) = (params.get("client_assertion_type")?, params.get("client_assertion")?);
        let (kind, jwt) = match (kind, jwt) {
            (None, None) => return Ok(None),
            (Some(kind), Some(jwt)) => (kind, jwt),
            _ => {
                return Err(TokenError::new(
                    TokenErrorCode::InvalidRequest,
                    "client_assertion and client_assertion_type go together.",
                ));
            }
        };
        if kind != TYPE {
            return Err(TokenError::new(
                TokenErrorCode::InvalidClient,
                "client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.",
            ));
        }
        // Its key is found by its subject, so that one must be read before the signature is.
        let subject = subject(jwt).ok_or_else(|| {
            TokenError::new(
                TokenErrorCode::InvalidClient,
                "client_assertion is not a signed JWT whose sub is a client_id, or is over 16 KiB.",
            )
        })?;
        Ok(Some(Self { subject, jwt: Secret::new(jwt.to_owned()) }))
    }

    /// Whom it names as its subject.
    pub const fn subject(&self) -> &ClientId {
        &self.subject
    }

    /// The JWT as it came.
    pub fn jwt(&self) -> &str {
        self.jwt.expose()
    }
}

fn subject(jwt: &str) -> Option<ClientId> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    if jwt.len() > LARGEST {
        return None;
    }
    let [_, claims, _] = jwt.split('.').collect::<Vec<_>>().try_into().ok()?;
    let claims: Subject = serde_json::from_slice(&from_base64url(claims)?).ok()?;
    ClientId::parse(&claims.sub).ok()
}
