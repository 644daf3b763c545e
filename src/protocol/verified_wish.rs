//! `verified_claims` in the `claims` parameter (OpenID Connect for Identity Assurance 1.0 §5).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::claims_request::Wanted;
use super::verified_claims::{ToldVerification, TrustFramework, VERIFIABLE, Verification};
use super::{ClaimName, ClaimsRequestError, Prefixes};
use crate::base::Timestamp;

const TRUST_FRAMEWORK: &str = "trust_framework";
const TIME: &str = "time";

/// The verified claims asked for, by place. Only wishes that somebody's data could fulfil.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedWishes {
    /// For the userinfo endpoint.
    pub userinfo: Vec<VerifiedWish>,
    /// For the ID token.
    pub id_token: Vec<VerifiedWish>,
}

impl VerifiedWishes {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.id_token.is_empty()
    }

    /// Each claim that is asked for anywhere.
    pub fn names(&self) -> impl Iterator<Item = ClaimName> {
        self.userinfo.iter().chain(&self.id_token).flat_map(VerifiedWish::names)
    }

    /// What is left where `frameworks` are all that data are verified under. What can't be told isn't asked of anybody.
    #[must_use]
    pub fn under(self, frameworks: &[TrustFramework]) -> Self {
        self.each(|mut wish| {
            wish.frameworks.retain(|framework| frameworks.contains(framework));
            (!wish.frameworks.is_empty()).then_some(wish)
        })
    }

    /// What is left of the claims that `may_have` gives.
    #[must_use]
    pub fn limited(self, may_have: impl Fn(&ClaimName) -> bool) -> Self {
        self.each(|mut wish| {
            wish.claims.retain(|name, _| may_have(name));
            (!wish.claims.is_empty()).then_some(wish)
        })
    }

    fn each(self, keep: impl Fn(VerifiedWish) -> Option<VerifiedWish>) -> Self {
        let kept = |wishes: Vec<VerifiedWish>| wishes.into_iter().filter_map(&keep).collect();
        Self { userinfo: kept(self.userinfo), id_token: kept(self.id_token) }
    }
}

/// One wish: some claims, verified in a way that the client can rely on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedWish {
    frameworks: BTreeSet<TrustFramework>,
    time: Option<TimeWish>,
    /// With the values that alone are wanted, where not any is.
    claims: BTreeMap<ClaimName, Option<Vec<Value>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TimeWish {
    max_age: Option<u64>,
    values: Option<Vec<Value>>,
}

impl VerifiedWish {
    /// Reads the member: one wish or several. Those that nobody here could fulfil are left out (§5.7).
    pub(super) fn parse_all(member: &Value, prefixes: &Prefixes) -> Result<Vec<Self>, ClaimsRequestError> {
        let wishes = match member {
            Value::Array(wishes) if !wishes.is_empty() => wishes,
            object => std::slice::from_ref(object),
        };
        wishes.iter().filter_map(|wish| Self::parse(wish, prefixes).transpose()).collect()
    }

    fn parse(wish: &Value, prefixes: &Prefixes) -> Result<Option<Self>, ClaimsRequestError> {
        let object =
            |name| wish.get(name).and_then(Value::as_object).ok_or(ClaimsRequestError::NotVerifiable);
        let (verification, claims) = (object("verification")?, object("claims")?);
        if claims.is_empty() {
            return Err(ClaimsRequestError::NotVerifiable);
        }
        let frameworks = frameworks(verification)?;
        let time = verification.get(TIME).map(TimeWish::parse).transpose()?;
        if let Some(evidence) = verification.get("evidence") {
            check_evidence(evidence)?;
        }
        let mut known = BTreeMap::new();
        for (name, wanted) in claims {
            let values = owned(&Wanted::parse(wanted)?);
            let name = ClaimName::parse_wire(name, prefixes);
            // How old a birth date may be, nobody here reckons: what is not looked at is not met.
            let is_dated = wanted.get("max_age").is_some();
            if let Some(name) = name.filter(|name| VERIFIABLE.contains(name) && !is_dated) {
                known.insert(name, values);
            }
        }
        let others =
            verification.iter().filter(|(name, _)| ![TRUST_FRAMEWORK, TIME].contains(&name.as_str()));
        let is_beyond_us = others.map(|(_, member)| member).any(restricts);
        let can_be_met = !frameworks.is_empty() && !known.is_empty() && !is_beyond_us;
        Ok(can_be_met.then_some(Self { frameworks, time, claims: known }))
    }

    /// The claims.
    pub fn names(&self) -> impl Iterator<Item = ClaimName> {
        self.claims.keys().copied()
    }

    /// What is told of `verification` now; `None` where it isn't what the client wants to rely on. Then nothing is told
    /// under it, and that is no error (§5.7.4).
    pub fn met_by(&self, verification: &Verification, now: Timestamp) -> Option<ToldVerification> {
        let told = verification.time_text();
        let is_met = self.frameworks.contains(&verification.trust_framework)
            && self.time.as_ref().is_none_or(|time| time.is_met(verification.time, &told, now));
        is_met.then(|| ToldVerification {
            trust_framework: verification.trust_framework,
            time: self.time.is_some().then_some(told),
        })
    }

    /// Whether `value` is one that is wanted: others of this claim are left out (§5.7.4).
    pub fn wants(&self, name: ClaimName, value: &Value) -> bool {
        self.claims.get(&name).is_some_and(|values| is_one_of(values.as_deref(), value))
    }
}

impl TimeWish {
    fn parse(member: &Value) -> Result<Self, ClaimsRequestError> {
        let values = owned(&Wanted::parse(member)?);
        let max_age = member.get("max_age").map(age).transpose()?;
        Ok(Self { max_age, values })
    }

    fn is_met(&self, time: Timestamp, told: &str, now: Timestamp) -> bool {
        self.max_age.is_none_or(|age| now.since(time) <= Duration::from_secs(age))
            && is_one_of(self.values.as_deref(), &Value::from(told))
    }
}

/// §5.5.2: a number of seconds, in whatever form JSON has it. Parts of a second don't count.
fn age(member: &Value) -> Result<u64, ClaimsRequestError> {
    let seconds = member.as_f64().filter(|seconds| *seconds >= 0.0);
    let seconds = seconds.ok_or(ClaimsRequestError::NotVerification)?;
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).as_secs())
}

/// Null for any; those that are not ours can't be told.
fn frameworks(verification: &Map<String, Value>) -> Result<BTreeSet<TrustFramework>, ClaimsRequestError> {
    let wanted = verification.get(TRUST_FRAMEWORK).ok_or(ClaimsRequestError::NotVerifiable)?;
    let texts = Wanted::parse(wanted)?.texts().map_err(|_| ClaimsRequestError::NotVerification)?;
    Ok(match texts {
        None => TrustFramework::ALL.iter().copied().collect(),
        Some(texts) => texts.filter_map(TrustFramework::parse).collect(),
    })
}

/// §5.4: each entry is for one type of evidence, and says which.
fn check_evidence(evidence: &Value) -> Result<(), ClaimsRequestError> {
    let has_type = |entry: &Value| entry.pointer("/type/value").is_some_and(Value::is_string);
    match evidence {
        Value::Array(entries) if !entries.is_empty() && entries.iter().all(has_type) => Ok(()),
        _ => Err(ClaimsRequestError::NotVerification),
    }
}

/// Whether anything in `member` has to be so and not otherwise. Of what is merely asked for we leave out what we don't
/// have, whether or not it is called essential (§5.7). Words in `assurance_details` choose nothing (§5.4).
fn restricts(member: &Value) -> bool {
    match member {
        Value::Object(members) => {
            let rest = members.iter().filter(|(name, _)| name.as_str() != "assurance_details");
            ["value", "values", "max_age"].iter().any(|name| members.contains_key(*name))
                || rest.map(|(_, member)| member).any(restricts)
        }
        Value::Array(entries) => entries.iter().any(restricts),
        _ => false,
    }
}

fn owned(wanted: &Wanted<'_>) -> Option<Vec<Value>> {
    wanted.values().map(<[Value]>::to_vec)
}

fn is_one_of(values: Option<&[Value]>, value: &Value) -> bool {
    values.is_none_or(|values| values.contains(value))
}

#[cfg(test)]
mod tests;
