//! What a request object says (RFC 9101 §4, OIDC Core §6.1): a request, and about the object itself.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{ClientProfile, UniqueMembers, numeric_date};
use crate::base::Timestamp;

/// FAPI 2.0 Message Signing §5.3.1: how old it may be, how long it may live. It is a good measure for everybody.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// How far the clock of a client may run ahead of ours.
const TOLERANCE: Duration = Duration::from_secs(60);

/// Members about the object. They are no part of the request.
const ABOUT: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// The claims of a request object, in whatever form they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestObject(BTreeMap<String, Value>);

/// Against what an object is held.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who sends it: the `client_id` beside it.
    pub client_id: &'a str,
    /// For whom it has to be: our name.
    pub issuer: &'a str,
    /// How strictly the client is held.
    pub profile: ClientProfile,
    /// Whether it was signed. What was not says of itself whatever it likes.
    pub is_signed: bool,
}

impl RequestObject {
    /// Everything that it says as parameters, for an object that is good at `now`. Otherwise what is wrong.
    pub fn check(&self, expected: &Expected<'_>, now: Timestamp) -> Result<(), &'static str> {
        if ["request", "request_uri"].iter().any(|name| self.0.contains_key(*name)) {
            return Err("request and request_uri cannot stand inside a request object.");
        }
        // RFC 9101 §6.3: whoever sends it and whoever made it are the same.
        if self.text("client_id") != Some(expected.client_id) {
            return Err("client_id must stand inside, the same as beside it.");
        }
        // RFC 9101 §10.8: an assertion that authenticates the client has its name here, and is no request.
        if self.text("sub") == Some(expected.client_id) {
            return Err("sub must not be the client_id: that is a client assertion.");
        }
        let may_leave_out = !expected.is_signed || expected.profile == ClientProfile::Legacy;
        let is_left_out = |name: &str| may_leave_out && !self.0.contains_key(name);
        if !is_left_out("iss") && self.text("iss") != Some(expected.client_id) {
            return Err("iss must be the client_id.");
        }
        if !is_left_out("aud") && !self.is_for(expected.issuer) {
            return Err("aud must be, or hold, the issuer as in discovery.");
        }
        self.check_times(expected, may_leave_out, now)
    }

    fn check_times(
        &self,
        expected: &Expected<'_>,
        may_leave_out: bool,
        now: Timestamp,
    ) -> Result<(), &'static str> {
        let [exp, nbf, iat] = [self.date("exp")?, self.date("nbf")?, self.date("iat")?];
        let latest = now + TOLERANCE;
        match exp {
            None if !may_leave_out => return Err("exp is missing."),
            Some(exp) if exp <= now => return Err("exp has passed."),
            Some(exp) if exp > nbf.unwrap_or(now) + LONGEST => {
                return Err("exp is more than 60 minutes ahead of nbf, or of now.");
            }
            _ => {}
        }
        match nbf {
            None if expected.profile == ClientProfile::Fapi2 => return Err("nbf is missing."),
            Some(nbf) if nbf > latest => return Err("nbf is in the future."),
            Some(nbf) if nbf < now - LONGEST => return Err("nbf is more than 60 minutes ago."),
            _ => {}
        }
        match iat {
            Some(iat) if iat > latest => Err("iat is in the future."),
            _ => Ok(()),
        }
    }

    /// The request in it, as a query. OIDC Core §6.1: numbers and objects stand there as themselves; a parameter that may
    /// come several times is a list (RFC 8707 §2).
    pub fn to_query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.0.iter().filter(|(name, _)| !ABOUT.contains(&name.as_str())) {
            match value {
                Value::Null => {}
                Value::String(text) => drop(query.append_pair(name, text)),
                Value::Array(items) if name == "resource" => {
                    for item in items {
                        // What is no text is no resource: it is told so, and not passed over.
                        let text = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
                        query.append_pair(name, &text);
                    }
                }
                other => drop(query.append_pair(name, &other.to_string())),
            }
        }
        query.finish()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    fn is_for(&self, issuer: &str) -> bool {
        match self.0.get("aud") {
            Some(Value::String(aud)) => aud == issuer,
            Some(Value::Array(several)) => several.iter().any(|aud| aud.as_str() == Some(issuer)),
            _ => false,
        }
    }

    fn date(&self, name: &str) -> Result<Option<Timestamp>, &'static str> {
        self.0.get(name).map_or(Ok(None), numeric_date)
    }
}

impl<'de> Deserialize<'de> for RequestObject {
    /// RFC 7519 §4: a member that comes twice is refused: two readers could take two requests from it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UniqueMembers::deserialize(deserializer).map(|members| Self(members.0.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn object(changes: Value) -> RequestObject {
        let mut claims = json!({
            "iss": "rp", "aud": "https://id.example", "exp": 1_000_300, "nbf": 1_000_000, "client_id": "rp",
        });
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        serde_json::from_value(claims).unwrap()
    }

    fn check_as(profile: ClientProfile, is_signed: bool, changes: Value) -> Result<(), &'static str> {
        let expected = Expected { client_id: "rp", issuer: "https://id.example", profile, is_signed };
        object(changes).check(&expected, NOW)
    }

    #[test]
    fn what_is_right_at_its_edges_passes() {
        for changes in [
            json!({}),
            json!({ "aud": ["https://other.example", "https://id.example"], "jti": "1", "sub": "somebody" }),
            json!({ "nbf": 996_401, "exp": 1_000_001 }),
            json!({ "exp": 1_000_000.5 }),
            json!({ "nbf": 1_000_060, "exp": 1_003_660, "iat": 1_000_060 }),
        ] {
            assert_eq!(check_as(ClientProfile::Fapi2, true, changes.clone()), Ok(()), "{changes}");
        }
        for profile in [ClientProfile::Modern, ClientProfile::Legacy] {
            assert_eq!(check_as(profile, true, json!({ "nbf": null, "exp": 1_003_600 })), Ok(()));
        }
        let bare = json!({ "iss": null, "aud": null, "exp": null, "nbf": null });
        assert_eq!(check_as(ClientProfile::Legacy, true, bare.clone()), Ok(()));
        assert_eq!(check_as(ClientProfile::Modern, false, bare.clone()), Ok(()));
        assert!(check_as(ClientProfile::Modern, true, bare).is_err());
    }

    #[test]
    fn each_wrong_part_alone_is_named__rfc9101_6_3() {
        for profile in ClientProfile::ALL {
            for (changes, named) in [
                (json!({ "request": "a.b.c" }), "inside"),
                (json!({ "request_uri": "https://rp.example/r" }), "inside"),
                (json!({ "client_id": null }), "client_id"),
                (json!({ "client_id": "other" }), "client_id"),
                (json!({ "client_id": ["rp"] }), "client_id"),
                (json!({ "sub": "rp" }), "sub"),
                (json!({ "iss": "other" }), "iss"),
                (json!({ "iss": 7 }), "iss"),
                (json!({ "aud": "https://id.example/" }), "aud"),
                (json!({ "aud": [] }), "aud"),
                (json!({ "aud": { "a": 1 } }), "aud"),
                (json!({ "exp": 1_000_000 }), "exp has passed"),
                (json!({ "exp": 1_003_601 }), "exp is more"),
                (json!({ "exp": 1e300 }), "exp is more"),
                (json!({ "exp": "1000300" }), "numbers"),
                (json!({ "nbf": 1_000_061 }), "nbf is in the future"),
                (json!({ "nbf": 996_399, "exp": 999_999 }), "exp has passed"),
                (json!({ "nbf": true }), "numbers"),
                (json!({ "iat": 1_000_061 }), "iat"),
            ] {
                let what = check_as(*profile, true, changes.clone()).unwrap_err();
                assert!(what.contains(named), "{profile} {changes}: {what}");
            }
        }
        for (changes, named) in [
            (json!({ "nbf": null }), "nbf is missing"),
            (json!({ "exp": null }), "exp is missing"),
            (json!({ "iss": null }), "iss"),
            (json!({ "aud": null }), "aud"),
        ] {
            let what = check_as(ClientProfile::Fapi2, true, changes).unwrap_err();
            assert!(what.contains(named), "{what}");
        }
        assert_eq!(
            check_as(ClientProfile::Modern, true, json!({ "exp": null, "nbf": 996_399 })),
            Err("exp is missing.")
        );
        assert_eq!(
            check_as(ClientProfile::Legacy, true, json!({ "exp": null, "nbf": 996_399 })),
            Err("nbf is more than 60 minutes ago.")
        );
    }

    #[test]
    fn members_become_parameters__oidc_core_6_1() {
        let object = object(json!({
            "max_age": 86400, "claims": { "userinfo": { "name": null } }, "state": "a b", "prompt": "",
            "resource": ["https://a.example/", "https://b.example/"], "display": null, "jti": "x",
            "authorization_details": [{ "type": "t" }],
        }));
        let query = object.to_query();
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let expected = [
            ("authorization_details", r#"[{"type":"t"}]"#),
            ("claims", r#"{"userinfo":{"name":null}}"#),
            ("client_id", "rp"),
            ("max_age", "86400"),
            ("prompt", ""),
            ("resource", "https://a.example/"),
            ("resource", "https://b.example/"),
            ("state", "a b"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_resource_that_is_no_text_is_not_passed_over__rfc8707_2() {
        assert_eq!(object(json!({ "resource": [1, "a"] })).to_query(), "client_id=rp&resource=1&resource=a");
    }

    #[test]
    fn a_member_that_comes_twice_is_refused__rfc7519_4() {
        for text in [
            r#"{"client_id":"rp","client_id":"other"}"#,
            r#"{"claims":{"id_token":{"acr":null},"id_token":{}}}"#,
            "[]",
            "null",
            "\"x\"",
            "{",
            "7",
        ] {
            assert!(serde_json::from_str::<RequestObject>(text).is_err(), "{text}");
        }
    }
}
