//! What an ID token says.

use serde::{Deserialize, Serialize};

use super::{Amr, ClaimSet};
use crate::base::Timestamp;

/// The claims of an ID token (OIDC Core §2), in the order in which they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdTokenClaims<'a> {
    /// The issuer.
    pub iss: &'a str,
    /// The person, as this client knows her.
    pub sub: &'a str,
    /// The client.
    pub aud: &'a str,
    /// When it ends.
    #[serde(serialize_with = "numeric_date")]
    pub exp: Timestamp,
    /// When it was made.
    #[serde(serialize_with = "numeric_date")]
    pub iat: Timestamp,
    /// When the person signed in.
    #[serde(serialize_with = "numeric_date")]
    pub auth_time: Timestamp,
    /// The request's nonce, unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    /// The level of the sign-in, with its prefix.
    pub acr: &'a str,
    /// The means of the sign-in.
    pub amr: &'a [Amr],
    /// To whom it was issued; the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azp: Option<&'a str>,
    /// The hash of the access token that came with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<&'a str>,
    /// The hash of the code that came with it (OIDC Core §3.3.2.11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<&'a str>,
    /// The hash of the state that came with it (FAPI 1.0 Part 2 §5.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s_hash: Option<&'a str>,
    /// The session, as this client knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<&'a str>,
    /// Claims about the person that the request asked to have here.
    #[serde(flatten)]
    pub claims: &'a ClaimSet,
}

/// What is read from an ID token of ours that comes back as a hint. It may have expired (RP-Initiated Logout §2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct IdTokenHintClaims {
    /// The issuer.
    pub iss: String,
    /// The person, as that client knows her.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// When it ended or ends: by this it is told from userinfo that was signed, which has the same type and no end.
    pub exp: i64,
    /// The session, as that client knows it.
    #[serde(default)]
    pub sid: Option<String>,
}

/// RFC 7519 §2: whole seconds since the epoch.
pub(super) fn numeric_date<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(at.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ClaimName, Prefixes};

    #[test]
    fn the_order_is_stable_and_what_is_absent_is_left_out__oidc_core_2() {
        let claims = ClaimSet::new([(ClaimName::Name, "Ánh".into())], &Prefixes::default());
        let token = IdTokenClaims {
            iss: "https://id.example",
            sub: "s",
            aud: "rp",
            exp: Timestamp::from_seconds(1_300),
            iat: Timestamp::from_micros(1_000_999_999),
            auth_time: Timestamp::from_seconds(900),
            nonce: Some("n"),
            acr: "https://id.moet.gov.vn/acr/xt2-phr",
            amr: &[Amr::Hwk, Amr::User, Amr::Mfa],
            azp: None,
            at_hash: Some("h"),
            c_hash: None,
            s_hash: None,
            sid: None,
            claims: &claims,
        };
        let json = serde_json::to_string(&token).unwrap();
        assert_eq!(
            json,
            concat!(
                r#"{"iss":"https://id.example","sub":"s","aud":"rp","exp":1300,"iat":1000,"auth_time":900,"nonce":"n","#,
                r#""acr":"https://id.moet.gov.vn/acr/xt2-phr","amr":["hwk","user","mfa"],"at_hash":"h","name":"Ánh"}"#
            )
        );
        let hint: IdTokenHintClaims = serde_json::from_str(&json).unwrap();
        assert_eq!((hint.sub.as_str(), hint.aud.as_str(), hint.sid), ("s", "rp", None));
    }
}
