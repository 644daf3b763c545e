//! What an access token says.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::id_token::numeric_date;
use super::{Amr, Audience, AuthorizationDetail, Confirmation};
use crate::base::Timestamp;

/// The claims of a JWT access token (RFC 9068 §2.2), in the order in which they are written. Nothing about the person:
/// that comes from userinfo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims<'a> {
    /// The issuer.
    pub iss: Cow<'a, str>,
    /// The person, as the client knows her; the client itself, where it acts for nobody (RFC 9068 §2.2).
    pub sub: Cow<'a, str>,
    /// The resources that may take it.
    pub aud: Audience,
    /// The client that may use it.
    pub client_id: Cow<'a, str>,
    /// When it ends.
    #[serde(serialize_with = "numeric_date", deserialize_with = "from_numeric_date")]
    pub exp: Timestamp,
    /// When it was made.
    #[serde(serialize_with = "numeric_date", deserialize_with = "from_numeric_date")]
    pub iat: Timestamp,
    /// Its own name, which leads to its family where it has one.
    pub jti: Cow<'a, str>,
    /// How far it reaches; left out where details alone say it (RFC 9068 §2.2.3).
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub scope: Cow<'a, str>,
    /// What exactly was authorized (RFC 9396 §9.1).
    #[serde(default, skip_serializing_if = "<[AuthorizationDetail]>::is_empty")]
    pub authorization_details: Cow<'a, [AuthorizationDetail]>,
    /// The sign-in of the person that it stands for (RFC 9068 §2.2.1).
    #[serde(flatten)]
    pub sign_in: Option<SignInClaims<'a>>,
    /// Who acts for the person, and for whom that one was acting (RFC 8693 §4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<ActorClaim>,
    /// The key that whoever presents it must show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}

/// A system that acts for a person; behind it the one that called it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorClaim {
    /// The system's identifier.
    pub sub: String,
    /// The one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<ActorClaim>>,
}

impl ActorClaim {
    /// How many act in a row.
    pub fn length(&self) -> usize {
        1 + self.act.as_deref().map_or(0, Self::length)
    }
}

/// How the person of an access token signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInClaims<'a> {
    /// When.
    #[serde(serialize_with = "numeric_date", deserialize_with = "from_numeric_date")]
    pub auth_time: Timestamp,
    /// The level, with its prefix.
    pub acr: Cow<'a, str>,
    /// The means.
    pub amr: Cow<'a, [Amr]>,
}

fn from_numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    i64::deserialize(deserializer).map(Timestamp::from_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_are_those_of_the_profile__rfc9068_2_2() {
        let token = AccessTokenClaims {
            iss: "https://id.example".into(),
            sub: "s".into(),
            aud: Audience::one("https://id.example"),
            client_id: "rp".into(),
            exp: Timestamp::from_seconds(1_300),
            iat: Timestamp::from_seconds(1_000),
            jti: "j".into(),
            scope: "openid email".into(),
            authorization_details: Cow::Borrowed(&[]),
            sign_in: Some(SignInClaims {
                auth_time: Timestamp::from_seconds(900),
                acr: "https://id.moet.gov.vn/acr/xt2-phr".into(),
                amr: Cow::Borrowed(&[Amr::Swk, Amr::User]),
            }),
            act: None,
            cnf: None,
        };
        let json = serde_json::to_string(&token).unwrap();
        assert_eq!(
            json,
            concat!(
                r#"{"iss":"https://id.example","sub":"s","aud":"https://id.example","client_id":"rp","exp":1300,"#,
                r#""iat":1000,"jti":"j","scope":"openid email","auth_time":900,"#,
                r#""acr":"https://id.moet.gov.vn/acr/xt2-phr","amr":["swk","user"]}"#
            )
        );
        assert_eq!(serde_json::from_str::<AccessTokenClaims<'static>>(&json).unwrap(), token);
    }
}
