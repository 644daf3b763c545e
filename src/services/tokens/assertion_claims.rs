//! What a client assertion says, held against what it must say (RFC 7523 §3, OIDC Core §9).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::base::Timestamp;
use crate::protocol::ClientId;

/// How far in the future an assertion may end.
const LONGEST_LIFE: Duration = Duration::from_secs(5 * 60);

/// How far the clock of a client may run ahead of ours.
const TOLERANCE: Duration = Duration::from_secs(60);

/// The longest `jti`, in bytes.
const LONGEST_JTI: usize = 255;

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
    /// Its `jti`, if all it says is right at `now` for `client` towards `issuer`. Otherwise what is wrong.
    pub fn check(&self, client: &ClientId, issuer: &str, now: Timestamp) -> Result<&str, &'static str> {
        let is_client = |claim: &Value| claim.as_str() == Some(client.as_str());
        if !is_client(&self.iss) || !is_client(&self.sub) {
            return Err("iss and sub must both be the client_id.");
        }
        // What is meant for several, or for a name that another may bear too, could have been passed on.
        let audience = match &self.aud {
            Value::Array(items) if items.len() == 1 => items.first(),
            other => Some(other),
        };
        if audience.and_then(Value::as_str) != Some(issuer) {
            return Err("aud must be the issuer as in discovery, and nothing else.");
        }
        let exp = date(&self.exp)?.ok_or("exp is missing.")?;
        if exp <= seconds(now) {
            return Err("exp has passed.");
        }
        if exp > seconds(now + LONGEST_LIFE) {
            return Err("exp is more than 5 minutes ahead.");
        }
        let latest = seconds(now + TOLERANCE);
        if date(&self.iat)?.is_some_and(|iat| iat > latest) {
            return Err("iat is in the future.");
        }
        if date(&self.nbf)?.is_some_and(|nbf| nbf > latest) {
            return Err("nbf is in the future.");
        }
        match self.jti.as_str() {
            Some(jti) if (1..=LONGEST_JTI).contains(&jti.len()) => Ok(jti),
            _ => Err("jti must be a text of 1 to 255 bytes."),
        }
    }
}

/// RFC 7519 §2: seconds since 1970, with or without a fraction.
fn date(claim: &Value) -> Result<Option<f64>, &'static str> {
    match claim {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(number.as_f64()),
        _ => Err("exp, iat and nbf are numbers of seconds since 1970."),
    }
}

fn seconds(time: Timestamp) -> f64 {
    time.micros() as f64 / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn check(changes: Value) -> Result<String, &'static str> {
        let mut claims = json!({
            "iss": "rp", "sub": "rp", "aud": "https://id.example", "exp": 1_000_060, "iat": 1_000_000, "jti": "1",
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let claims: AssertionClaims = serde_json::from_value(claims).unwrap();
        claims.check(&ClientId::parse("rp").unwrap(), "https://id.example", NOW).map(str::to_owned)
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
