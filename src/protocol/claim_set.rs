//! What is told about a person, in one place.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{ClaimName, Prefixes, VerifiedClaims};

/// Claims about a person with their values, named as on the wire. Only a [`ClaimName`] gets in, and `verified_claims`,
/// so nothing here can take the place of a claim about the token (`iss`, `sub`, `acr` …).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ClaimSet(Map<String, Value>);

impl ClaimSet {
    /// Names the claims; those without a value are left out (OIDC Core §5.3.2).
    pub fn new(claims: impl IntoIterator<Item = (ClaimName, Value)>, prefixes: &Prefixes) -> Self {
        let told = claims.into_iter().filter(|(_, value)| !value.is_null());
        Self(told.map(|(name, value)| (name.wire_name(prefixes).into_owned(), value)).collect())
    }

    /// With what was verified: an object, an array of several, or no member at all (Identity Assurance 1.0 §5.7).
    pub fn with_verified(mut self, verified: &[VerifiedClaims]) -> serde_json::Result<Self> {
        let member = match verified {
            [] => return Ok(self),
            [one] => serde_json::to_value(one)?,
            several => serde_json::to_value(several)?,
        };
        self.0.insert("verified_claims".to_owned(), member);
        Ok(self)
    }

    /// Whether nothing is told.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_without_a_value_are_left_out__oidc_core_5_3_2() {
        let claims = [
            (ClaimName::Name, "Nguyễn Thị Ánh".into()),
            (ClaimName::Email, Value::Null),
            (ClaimName::AgeOver18, true.into()),
            (ClaimName::Ial, "tk0".into()),
        ];
        assert_eq!(
            serde_json::to_string(&ClaimSet::new(claims, &Prefixes::default())).unwrap(),
            r#"{"name":"Nguyễn Thị Ánh","age_over_18":true,"https://id.moet.gov.vn/claims/ial":"tk0"}"#
        );
    }
}
