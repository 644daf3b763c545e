//! The `claims` parameter: single claims, asked for by name (OIDC Core §5.5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::wire_enum::wire_enum;
use super::{AcrRequest, ClaimName, Prefixes, VerifiedWish, VerifiedWishes};

const MAX_LENGTH: usize = 4096;
/// Evidence is asked for deep within `verified_claims`.
const MAX_DEPTH: usize = 12;
const VERIFIED_CLAIMS: &str = "verified_claims";

wire_enum! {
    /// How much a client needs a claim (OIDC Core §5.5.1).
    Importance {
        /// It would be welcome.
        Voluntary = "voluntary",
        /// The client says that it cannot serve the person without.
        Essential = "essential",
    }
}

/// The claims asked for one by one.
///
/// `value` and `values` count for `sub` and `acr`. On other claims they are only a hint of what the client would
/// like to read, and the person's own value is told as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsRequest {
    /// For the userinfo endpoint.
    pub userinfo: ClaimWishes,
    /// For the ID token.
    pub id_token: ClaimWishes,
    /// What is wanted as verified (OpenID Connect for Identity Assurance 1.0 §5).
    pub verified: VerifiedWishes,
    /// The level asked for by the ID token's `acr`.
    pub acr: Option<AcrRequest>,
    /// The only subjects for whom the answer may be given (OIDC Core §5.5.1, `sub` with a value); empty: any.
    pub subjects: Vec<String>,
}

/// Claims asked for in one place, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimWishes(BTreeMap<ClaimName, Importance>);

impl ClaimWishes {
    /// How much `name` is wanted; `None` where it isn't asked for.
    pub fn importance(&self, name: ClaimName) -> Option<Importance> {
        self.0.get(&name).copied()
    }

    /// Each claim, in the order of [`ClaimName::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (ClaimName, Importance)> {
        self.0.iter().map(|(name, importance)| (*name, *importance))
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(ClaimName, Importance)> for ClaimWishes {
    fn from_iter<I: IntoIterator<Item = (ClaimName, Importance)>>(wishes: I) -> Self {
        Self(wishes.into_iter().collect())
    }
}

/// Why a `claims` parameter was refused; each is `invalid_request`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsRequestError {
    /// More text than a request for all our claims needs.
    #[error("claims is longer than {MAX_LENGTH} bytes.")]
    TooLong,
    /// Not JSON, or nested deeper than any request needs.
    #[error("claims must be a JSON object at most {MAX_DEPTH} levels deep.")]
    NotJson,
    /// A member that isn't an object.
    #[error("The members userinfo and id_token of claims must be JSON objects.")]
    NotAnObject,
    /// A claim's member that is neither null nor an object with `essential`, `value` or `values`.
    #[error(
        "Each claim in claims must be null or an object in which essential is true or false and values is an array."
    )]
    Malformed,
    /// A value that can't be one of `sub` or `acr`.
    #[error("The value and values of sub and acr in claims must be strings.")]
    NotText,
    /// `verified_claims` without one of its parts.
    #[error(
        "verified_claims must be an object or an array of objects, each with verification, an object that has \
         trust_framework, and claims, an object that is not empty."
    )]
    NotVerifiable,
    /// Something in `verification` that is asked for in no form of the standard.
    #[error(
        "In verification of verified_claims trust_framework is null or has texts as value or values, max_age is a \
         number of seconds, and evidence an array in which each entry has a type with a value."
    )]
    NotVerification,
}

impl ClaimsRequest {
    /// Reads the parameter. Members and claims that we don't know are ignored (OIDC Core §5.5).
    pub fn parse(text: &str, prefixes: &Prefixes) -> Result<Self, ClaimsRequestError> {
        if text.len() > MAX_LENGTH {
            return Err(ClaimsRequestError::TooLong);
        }
        let root: Value = serde_json::from_str(text).map_err(|_| ClaimsRequestError::NotJson)?;
        if depth(&root) > MAX_DEPTH {
            return Err(ClaimsRequestError::NotJson);
        }
        let root = root.as_object().ok_or(ClaimsRequestError::NotJson)?;
        let userinfo = member(root, "userinfo")?;
        let id_token = member(root, "id_token")?;
        let mut subjects = Vec::new();
        for wanted in [&userinfo, &id_token] {
            if let Some(subject) = wanted.get("sub") {
                subjects.extend(subject.texts()?.unwrap_or_default().map(str::to_owned));
            }
        }
        let acr = match id_token.get("acr") {
            Some(acr) => Some(AcrRequest::new(acr.importance, acr.texts()?, prefixes)),
            None => None,
        };
        let wishes = |wanted: &BTreeMap<&str, Wanted<'_>>| {
            let known = |(name, wanted): (&&str, &Wanted<'_>)| {
                Some((ClaimName::parse_wire(name, prefixes)?, wanted.importance))
            };
            wanted.iter().filter_map(known).collect()
        };
        let verified = |place| match root.get(place).and_then(|members| members.get(VERIFIED_CLAIMS)) {
            Some(member) => VerifiedWish::parse_all(member, prefixes),
            None => Ok(Vec::new()),
        };
        let verified = VerifiedWishes { userinfo: verified("userinfo")?, id_token: verified("id_token")? };
        Ok(Self { userinfo: wishes(&userinfo), id_token: wishes(&id_token), verified, acr, subjects })
    }
}

/// One claim's member, read but not yet understood.
pub(super) struct Wanted<'a> {
    importance: Importance,
    values: Option<Values<'a>>,
}

#[derive(Clone, Copy)]
enum Values<'a> {
    One(&'a Value),
    Many(&'a [Value]),
}

impl<'a> Wanted<'a> {
    pub(super) fn parse(member: &'a Value) -> Result<Self, ClaimsRequestError> {
        let object = match member {
            Value::Null => return Ok(Self { importance: Importance::Voluntary, values: None }),
            Value::Object(object) => object,
            _ => return Err(ClaimsRequestError::Malformed),
        };
        let importance = match object.get("essential") {
            None | Some(Value::Bool(false)) => Importance::Voluntary,
            Some(Value::Bool(true)) => Importance::Essential,
            Some(_) => return Err(ClaimsRequestError::Malformed),
        };
        let values = match (object.get("value"), object.get("values")) {
            (None, None) => None,
            (Some(value), None) => Some(Values::One(value)),
            (None, Some(Value::Array(values))) => Some(Values::Many(values)),
            _ => return Err(ClaimsRequestError::Malformed),
        };
        Ok(Self { importance, values })
    }

    /// The values, where only some are wanted.
    pub(super) fn values(&self) -> Option<&'a [Value]> {
        self.values.map(|values| match values {
            Values::One(value) => std::slice::from_ref(value),
            Values::Many(values) => values,
        })
    }

    /// The values as text, for the claims whose values bind.
    pub(super) fn texts(&self) -> Result<Option<std::vec::IntoIter<&'a str>>, ClaimsRequestError> {
        let Some(values) = self.values() else { return Ok(None) };
        let texts: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
        Ok(Some(texts.ok_or(ClaimsRequestError::NotText)?.into_iter()))
    }
}

fn member<'a>(
    root: &'a Map<String, Value>,
    name: &str,
) -> Result<BTreeMap<&'a str, Wanted<'a>>, ClaimsRequestError> {
    match root.get(name) {
        None => Ok(BTreeMap::new()),
        Some(Value::Object(object)) => {
            let plain = object.iter().filter(|(name, _)| name.as_str() != VERIFIED_CLAIMS);
            plain.map(|(name, wanted)| Ok((name.as_str(), Wanted::parse(wanted)?))).collect()
        }
        Some(_) => Err(ClaimsRequestError::NotAnObject),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocol::Acr;

    fn parse(text: &str) -> Result<ClaimsRequest, ClaimsRequestError> {
        ClaimsRequest::parse(text, &Prefixes::default())
    }

    #[test]
    fn the_example_of_the_standard_is_understood__oidc_core_5_5() {
        let request = parse(
            r#"{"userinfo":{"given_name":{"essential":true},"nickname":null,"email":{"essential":true},
                "email_verified":{"essential":false},"picture":null,
                "http://example.info/claims/groups":null,"https://id.moet.gov.vn/claims/ial":null},
               "id_token":{"auth_time":{"essential":true},"acr":{"values":["urn:mace:incommon:iap:silver"]},
                "birthdate":null}}"#,
        )
        .unwrap();
        let userinfo: Vec<_> = request.userinfo.iter().collect();
        assert_eq!(
            userinfo,
            [
                (ClaimName::Email, Importance::Essential),
                (ClaimName::EmailVerified, Importance::Voluntary),
                (ClaimName::Ial, Importance::Voluntary),
            ]
        );
        assert_eq!(request.id_token.importance(ClaimName::Birthdate), Some(Importance::Voluntary));
        assert_eq!(request.id_token.importance(ClaimName::Email), None);
        assert_eq!(request.acr, Some(AcrRequest { importance: Importance::Voluntary, levels: Some(vec![]) }));
    }

    #[test]
    fn an_essential_level_is_understood__oidc_core_5_5_1_1() {
        let acr = |text: &str| parse(text).unwrap().acr.unwrap();
        assert_eq!(
            acr(r#"{"id_token":{"acr":{"essential":true,"values":["xt4","xt2-phr"]}}}"#),
            AcrRequest { importance: Importance::Essential, levels: Some(vec![Acr::Xt4, Acr::Xt2Phr]) }
        );
        assert_eq!(
            acr(r#"{"id_token":{"acr":{"value":"https://id.moet.gov.vn/acr/xt2"}}}"#),
            AcrRequest { importance: Importance::Voluntary, levels: Some(vec![Acr::Xt2]) }
        );
        let any = AcrRequest { importance: Importance::Essential, levels: None };
        assert_eq!(acr(r#"{"id_token":{"acr":{"essential":true}}}"#), any);
    }

    #[test]
    fn a_subject_can_be_demanded__oidc_core_5_5_1() {
        assert_eq!(
            parse(r#"{"id_token":{"sub":{"value":"248289761001"}}}"#).unwrap().subjects,
            ["248289761001"]
        );
        assert_eq!(parse(r#"{"userinfo":{"sub":{"values":["a","b"]}}}"#).unwrap().subjects, ["a", "b"]);
        assert!(parse(r#"{"id_token":{"sub":null}}"#).unwrap().subjects.is_empty());
    }

    #[test]
    fn what_is_unknown_is_ignored() {
        for text in ["{}", r#"{"other":5}"#, r#"{"userinfo":{}}"#, r#"{"id_token":{"x":{"y":[1]}}}"#] {
            assert_eq!(parse(text), Ok(ClaimsRequest::default()), "{text}");
        }
        let hint = parse(r#"{"userinfo":{"gender":{"value":{"a":1}}}}"#).unwrap();
        assert_eq!(hint.userinfo.importance(ClaimName::Gender), Some(Importance::Voluntary));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        let deep = format!(r#"{{"userinfo":{}1{}}}"#, "[".repeat(12), "]".repeat(12));
        for (text, error) in [
            ("", ClaimsRequestError::NotJson),
            ("[]", ClaimsRequestError::NotJson),
            ("null", ClaimsRequestError::NotJson),
            ("{} {}", ClaimsRequestError::NotJson),
            (deep.as_str(), ClaimsRequestError::NotJson),
            (r#"{"userinfo":null}"#, ClaimsRequestError::NotAnObject),
            (r#"{"id_token":["email"]}"#, ClaimsRequestError::NotAnObject),
            (r#"{"userinfo":{"email":true}}"#, ClaimsRequestError::Malformed),
            (r#"{"userinfo":{"email":{"essential":"true"}}}"#, ClaimsRequestError::Malformed),
            (r#"{"userinfo":{"email":{"values":"a"}}}"#, ClaimsRequestError::Malformed),
            (r#"{"userinfo":{"email":{"value":"a","values":["a"]}}}"#, ClaimsRequestError::Malformed),
            (r#"{"userinfo":{"verified_claims":{}}}"#, ClaimsRequestError::NotVerifiable),
            (r#"{"id_token":{"verified_claims":[]}}"#, ClaimsRequestError::NotVerifiable),
            (r#"{"id_token":{"acr":{"value":2}}}"#, ClaimsRequestError::NotText),
            (r#"{"id_token":{"sub":{"values":["a",null]}}}"#, ClaimsRequestError::NotText),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
        assert_eq!(parse(&" ".repeat(4097)), Err(ClaimsRequestError::TooLong));
        assert_eq!(parse(&"[".repeat(4096)), Err(ClaimsRequestError::NotJson));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r#"[\[\]{}":,a-z_0-9]{0,64}"#) {
            let _ = parse(&text);
        }

        #[test]
        fn every_named_claim_is_found(name in proptest::sample::select(ClaimName::ALL), essential: bool) {
            let prefixes = Prefixes::default();
            let wire = name.wire_name(&prefixes);
            let request = parse(&format!(r#"{{"userinfo":{{"{wire}":{{"essential":{essential}}}}}}}"#)).unwrap();
            let importance = if essential { Importance::Essential } else { Importance::Voluntary };
            prop_assert_eq!(request.userinfo.iter().collect::<Vec<_>>(), vec![(name, importance)]);
        }
    }
}
