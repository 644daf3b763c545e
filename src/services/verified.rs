//! Telling what was verified about a person (OpenID Connect for Identity Assurance 1.0).

use std::collections::BTreeSet;

use super::Provider;
use crate::domain::invented::InventedPerson;
use crate::domain::profile::Profile;
use crate::protocol::{ClaimName, ClaimSet, TrustFramework, Verification, VerifiedClaims, VerifiedWish};
use crate::storage::KeyedAccount;

/// What is told as verified.
#[derive(Debug, Default)]
pub(super) struct ToldVerified {
    pub names: BTreeSet<ClaimName>,
    pub answers: Vec<VerifiedClaims>,
}

impl Provider {
    /// An answer to each of `wishes` that can be met: each is judged by itself (§5.6).
    pub(super) fn told_verified(
        &self,
        wishes: &[VerifiedWish],
        owner: &KeyedAccount,
        profile: &Profile,
        may_know: impl Fn(&ClaimName) -> bool,
    ) -> ToldVerified {
        let mut told = ToldVerified::default();
        if wishes.is_empty() {
            return told;
        }
        let Some((verification, verified)) = self.verification_of(owner) else { return told };
        for wish in wishes {
            let Some(verification) = wish.met_by(&verification, self.now()) else { continue };
            // What she changed afterwards is her own word again.
            let value = |claim: ClaimName| {
                let value = self.value(claim, owner, &verified);
                let is_told = !value.is_null()
                    && value == self.value(claim, owner, profile)
                    && wish.wants(claim, &value);
                is_told.then_some((claim, value))
            };
            let values: Vec<_> = wish.names().filter(&may_know).filter_map(value).collect();
            if values.is_empty() {
                continue;
            }
            told.names.extend(values.iter().map(|(claim, _)| *claim));
            let claims = ClaimSet::new(values, &self.policy.prefixes);
            told.answers.push(VerifiedClaims { verification, claims });
        }
        told
    }

    /// What was verified of this person: of the invented people of a sandbox everything that was invented with them. Of
    /// everybody else nothing, because nobody looked.
    fn verification_of(&self, owner: &KeyedAccount) -> Option<(Verification, Profile)> {
        let trust_framework = TrustFramework::Sandbox;
        if !self.policy.trust_frameworks().contains(&trust_framework) {
            return None;
        }
        let person = InventedPerson::by_account(owner.account.id)?;
        let profile = person.profile(self.now()).ok()?;
        Some((Verification { trust_framework, time: owner.account.created_at }, profile))
    }
}
