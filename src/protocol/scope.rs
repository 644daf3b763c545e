//! Scopes: the words with which a system asks.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ClaimName;
use super::wire_enum::wire_enum;

wire_enum! {
    /// A scope that the provider serves.
    Scope {
        /// Sign-in itself: the subject and nothing more.
        Openid = "openid",
        /// The name.
        ProfileMin = "profile_min",
        /// Name, birth date, gender, language.
        Profile = "profile",
        /// Email address.
        Email = "email",
        /// Phone number.
        Phone = "phone",
        /// Postal address.
        Address = "address",
        /// Whether certain ages are reached, without the birth date.
        Age = "age",
        /// Access while the person is away: a refresh token (OIDC Core §11).
        OfflineAccess = "offline_access",
    }
}

impl Scope {
    /// The claims that the scope asks for (OIDC Core §5.4).
    pub const fn claims(self) -> &'static [ClaimName] {
        match self {
            Self::Openid | Self::OfflineAccess => &[],
            Self::ProfileMin => &[ClaimName::Name, ClaimName::Ial],
            Self::Profile => &[
                ClaimName::Name,
                ClaimName::Birthdate,
                ClaimName::Gender,
                ClaimName::Locale,
                ClaimName::UpdatedAt,
                ClaimName::Ial,
            ],
            Self::Email => &[ClaimName::Email, ClaimName::EmailVerified],
            Self::Phone => &[ClaimName::PhoneNumber, ClaimName::PhoneNumberVerified],
            Self::Address => &[ClaimName::Address],
            Self::Age => &[ClaimName::AgeOver14, ClaimName::AgeOver16, ClaimName::AgeOver18],
        }
    }
}

/// Scopes, each once, in the order of [`Scope::ALL`]. On the wire and in storage: words with single spaces.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct ScopeSet(BTreeSet<Scope>);

impl ScopeSet {
    /// Reads a space-separated list. Words that we don't serve are ignored (OIDC Core §3.1.2.1).
    pub fn parse(text: &str) -> Self {
        text.split(' ').filter_map(Scope::parse).collect()
    }

    /// Whether `scope` is among them.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether every one of them is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Those that are in both.
    pub fn intersection(&self, other: &Self) -> Self {
        self.0.intersection(&other.0).copied().collect()
    }

    /// Those that are in either.
    pub fn union(&self, other: &Self) -> Self {
        self.0.union(&other.0).copied().collect()
    }

    /// Those that are not in `other`.
    pub fn difference(&self, other: &Self) -> Self {
        self.0.difference(&other.0).copied().collect()
    }

    /// All but `scope`.
    pub fn without(&self, scope: Scope) -> Self {
        self.iter().filter(|kept| *kept != scope).collect()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }

    /// The claims that they ask for, each once.
    pub fn claims(&self) -> BTreeSet<ClaimName> {
        self.iter().flat_map(Scope::claims).copied().collect()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{scope}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScopeSet({self})")
    }
}

impl Serialize for ScopeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScopeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_scopes_are_ignored_and_order_is_ours() {
        let scopes = ScopeSet::parse("email  openid nonsense email OPENID openid");
        assert_eq!(scopes.to_string(), "openid email");
        assert_eq!(ScopeSet::parse(&scopes.to_string()), scopes);
        assert!(ScopeSet::parse("").is_empty());
    }

    #[test]
    fn openid_alone_asks_for_no_claim__oidc_core_5_4() {
        assert!(ScopeSet::parse("openid offline_access").claims().is_empty());
        let claims = ScopeSet::parse("openid profile_min email").claims();
        let expected = [ClaimName::Name, ClaimName::Email, ClaimName::EmailVerified, ClaimName::Ial];
        assert_eq!(claims.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_claim_can_be_asked_for_by_a_scope() {
        let all: ScopeSet = Scope::ALL.iter().copied().collect();
        assert_eq!(all.claims().into_iter().collect::<Vec<_>>(), ClaimName::ALL);
    }
}
