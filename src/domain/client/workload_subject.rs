//! Workloads of a system, by the names that somebody else gives them (RFC 7523 §2.1).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{RegistrationDocument, RegistrationError};
use crate::protocol::{ClientAuthMethod, ClientId, GrantType};

/// The most of them.
const MOST: usize = 32;

/// The longest name, in bytes.
const LONGEST: usize = 255;

/// A workload that is given what its system is given for itself, if `issuer` vouches for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkloadSubject {
    /// Who may vouch: the `iss` of its assertions, and its name on the register.
    pub issuer: ClientId,
    /// For whom: the `sub`, byte for byte.
    pub subject: String,
}

/// Everything that is wrong with what a registration says of workloads.
pub(super) fn problems(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let subjects = &document.jwt_bearer_subjects;
    let has_grant = document.grant_types.contains(&GrantType::JwtBearer);
    let has_keys = document.jwks.is_some() || document.jwks_uri.is_some();
    let is_public = document.token_endpoint_auth_method == ClientAuthMethod::None;
    let mut seen = BTreeSet::new();
    let is_sound = |one: &WorkloadSubject| {
        (1..=LONGEST).contains(&one.subject.len())
            && !one.subject.contains(char::is_control)
            && one.issuer != document.client_id
    };
    let are_sound = subjects.len() <= MOST && subjects.iter().all(|one| is_sound(one) && seen.insert(one));
    let found = [
        (document.vouches_for_workloads && !has_keys, RegistrationError::WorkloadKeys),
        (has_grant == subjects.is_empty(), RegistrationError::WorkloadOnlyHalf),
        (is_public && !subjects.is_empty(), RegistrationError::PublicWorkload),
        (has_grant && document.resources.is_empty(), RegistrationError::WorkloadNowhere),
        (!are_sound, RegistrationError::WorkloadSubjects),
    ];
    found.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, problem)| problem).collect()
}
