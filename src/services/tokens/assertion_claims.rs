//! What a client assertion says, held against what it must say (RFC 7523 §3, OIDC Core §9).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::base::Timestamp;
use crate::protocol::{ClientId, numeric_date};

/// How far in the future an assertion may end.
const LONGEST_LIFE: Duration = Duration::from_secs(5 * 60);

/// How far the clock of a client may run ahead of ours.
const TOLERANCE: Duration = Duration::from_secs(60);

/// The longest `jti`, in bytes.
const LONGEST_JTI: usize = 255;

/// The `aud` that an assertion may have.
#[derive(Clone, Debug)]
pub(super) enum AssertionAudience<'a> {
    /// FAPI 2.0 Security Profile §5.3.2.1: the issuer, as one text.
    IssuerAsText(&'a str),
    /// The issuer, as one text or as the only one of a list.
    Issuer(&'a str),
    /// Any addresses of ours, the issuer being one: what older clients know of RFC 7523 §3.
    AnyOf(Vec<String>),
}

/// The claims in whatever form they came, so that each fault can be named.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AssertionClaims {
    iss: Value,
    sub: Value,
    aud: Value,
    exp: Value,
    iat: Value,
    nbf: Value,
    jti: Value,
}

impl AssertionClaims {
    /// Its `jti`, if all it says is right at `now` for `client`. Otherwise what is wrong.
    pub fn check(
        &self,
        client: &ClientId,
        audience: &AssertionAudience<'_>,
        now: Timestamp,
    ) -> Result<&str, &'static str> {
        let is_client = |claim: &Value| claim.as_str() == Some(client.as_str());
        if !is_client(&self.iss) || !is_client(&self.sub) {
            return Err("iss and sub must both be the client_id.");
        }
        self.check_bounds(audience, now)
    }

    /// What an `issuer` says of somebody else, if all of it is right at `now`: the `sub` and the `jti`. Otherwise what is
    /// wrong. Nobody who vouches for others goes without `iat`.
    pub fn check_vouching(
        &self,
        issuer: &ClientId,
        audience: &AssertionAudience<'_>,
        now: Timestamp,
    ) -> Result<(&str, &str), &'static str> {
        if self.iss.as_str() != Some(issuer.as_str()) {
            return Err("iss must be the issuer.");
        }
        let sub = self.sub.as_str().filter(|sub| !sub.is_empty()).ok_or("sub must be a text.")?;
        let jti = self.check_bounds(audience, now)?;
        match self.iat {
            Value::Null => Err("iat is missing."),
            _ => Ok((sub, jti)),
        }
    }

    /// For whom and until when it is good, and its `jti`.
    fn check_bounds(&self, audience: &AssertionAudience<'_>, now: Timestamp) -> Result<&str, &'static str> {
        audience.check(&self.aud)?;
        let exp = numeric_date(&self.exp)?.ok_or("exp is missing.")?;
        if exp <= now {
            return Err("exp has passed.");
        }
        if exp > now + LONGEST_LIFE {
            return Err("exp is more than 5 minutes ahead.");
        }
        let latest = now + TOLERANCE;
        if numeric_date(&self.iat)?.is_some_and(|iat| iat > latest) {
            return Err("iat is in the future.");
        }
        if numeric_date(&self.nbf)?.is_some_and(|nbf| nbf > latest) {
            return Err("nbf is in the future.");
        }
        match self.jti.as_str() {
            Some(jti) if (1..=LONGEST_JTI).contains(&jti.len()) => Ok(jti),
            _ => Err("jti must be a text of 1 to 255 bytes."),
        }
    }
}

impl AssertionAudience<'_> {
    /// What is meant for several, or for a name that another may bear too, could have been passed on.
    fn check(&self, aud: &Value) -> Result<(), &'static str> {
        let only = match aud {
            Value::Array(items) if items.len() == 1 => items.first().and_then(Value::as_str),
            other => other.as_str(),
        };
        let (fits, otherwise) = match self {
            Self::IssuerAsText(issuer) => {
                (aud.as_str() == Some(issuer), "aud must be the issuer as in discovery, as a text.")
            }
            Self::Issuer(issuer) => {
                (only == Some(issuer), "aud must be the issuer as in discovery, and nothing else.")
            }
            Self::AnyOf(ours) => {
                let is_ours = |one: &Value| one.as_str().is_some_and(|one| ours.iter().any(|our| our == one));
                let all = match aud {
                    Value::Array(items) => !items.is_empty() && items.iter().all(is_ours),
                    other => is_ours(other),
                };
                (all, "aud must be the issuer or the endpoint as in discovery, and nothing else.")
            }
        };
        if fits { Ok(()) } else { Err(otherwise) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    const ISSUER: &str = "https://id.example";

    fn check(changes: Value) -> Result<String, &'static str> {
        check_for(&AssertionAudience::Issuer(ISSUER), changes)
    }

    fn check_for(audience: &AssertionAudience<'_>, changes: Value) -> Result<String, &'static str> {
        let mut claims = json!({
            "iss": "rp", "sub": "rp", "aud": "https://id.example", "exp": 1_000_060, "iat": 1_000_000, "jti": "1",
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let claims: AssertionClaims = serde_json::from_value(claims).unwrap();
        claims.check(&ClientId::parse("rp").unwrap(), audience, NOW).map(str::to_owned)
    }

    #[test]
    fn what_is_right_at_its_edges_passes() {
        for changes in [
            json!({}),
            json!({"aud": ["https://id.example"]}),
            json!({"exp": 1_000_300, "iat": 1_000_060, "nbf": 1_000_060}),
            json!({"exp": 1_000_000.5, "iat": null}),
            json!({"iat": 1, "jti": "x".repeat(255), "more": {"of": "it"}}),
        ] {
            assert!(check(changes.clone()).is_ok(), "{changes}: {:?}", check(changes.clone()));
        }
    }

    #[test]
    fn the_audience_is_as_strict_as_the_profile__fapi2_security_5_3_2_1() {
        let token = "https://id.example/token";
        let text = AssertionAudience::IssuerAsText(ISSUER);
        let any = AssertionAudience::AnyOf(vec![ISSUER.to_owned(), token.to_owned()]);
        for (audience, aud, is_taken) in [
            (&text, json!(ISSUER), true),
            (&text, json!([ISSUER]), false),
            (&text, json!(token), false),
            (&any, json!(ISSUER), true),
            (&any, json!(token), true),
            (&any, json!([token, ISSUER]), true),
            (&any, json!([token, "https://other.example"]), false),
            (&any, json!("https://id.example/token/"), false),
            (&any, json!([]), false),
            (&any, json!(null), false),
        ] {
            assert_eq!(check_for(audience, json!({ "aud": aud })).is_ok(), is_taken, "{audience:?} {aud}");
        }
    }

    #[test]
    fn each_wrong_part_alone_is_named__rfc7523_3() {
        for (changes, named) in [
            (json!({"iss": "other"}), "iss and sub"),
            (json!({"sub": "other"}), "iss and sub"),
            (json!({"iss": null}), "iss and sub"),
            (json!({"sub": ["rp"]}), "iss and sub"),
            (json!({"aud": "https://id.example/token"}), "aud"),
            (json!({"aud": "https://id.example/"}), "aud"),
            (json!({"aud": ["https://id.example", "https://other.example"]}), "aud"),
            (json!({"aud": []}), "aud"),
            (json!({"aud": null}), "aud"),
            (json!({"exp": null}), "exp is missing"),
            (json!({"exp": 1_000_000}), "exp has passed"),
            (json!({"exp": 1_000_301}), "exp is more"),
            (json!({"exp": 1e300}), "exp is more"),
            (json!({"exp": "1000060"}), "numbers"),
            (json!({"iat": 1_000_061}), "iat"),
            (json!({"nbf": 1_000_061}), "nbf"),
            (json!({"nbf": true}), "numbers"),
            (json!({"jti": null}), "jti"),
            (json!({"jti": ""}), "jti"),
            (json!({"jti": 7}), "jti"),
            (json!({"jti": "x".repeat(256)}), "jti"),
        ] {
            let what = check(changes.clone()).unwrap_err();
            assert!(what.contains(named), "{changes}: {what}");
        }
    }
}
