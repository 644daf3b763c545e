//! What a registration says of requests: how they begin, and what they mean where they say nothing.

use super::details_type::is_word;
use super::{DetailsType, ProtectedResource, RegistrationDocument, RegistrationError};
use crate::protocol::InitiateLoginUri;

/// The most types of authorization details.
const MOST_TYPES: usize = 32;
/// The most levels that are wished for.
const MOST_LEVELS: usize = 16;
/// The most characters of one.
const LONGEST_LEVEL: usize = 200;

/// Everything that is wrong with it.
pub(super) fn problems(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let levels = &document.default_acr_values;
    let is_level = |level: &String| {
        (1..=LONGEST_LEVEL).contains(&level.len()) && level.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let fits = levels.len() <= MOST_LEVELS && levels.iter().all(is_level);
    let types = &document.authorization_details_types;
    let can_be_asked = types.len() <= MOST_TYPES
        && types.iter().all(|name| is_word(name))
        && (types.is_empty() || !document.resources.is_empty());
    let mut problems: Vec<_> = initiate_login_uri(document).err().into_iter().collect();
    problems.extend((!fits).then_some(RegistrationError::AcrValues));
    let has_keys = document.jwks.is_some() || document.jwks_uri.is_some();
    problems.extend((document.vouches_for_software && !has_keys).then_some(RegistrationError::StatementKeys));
    problems.extend((!can_be_asked).then_some(RegistrationError::DetailsTypes));
    problems.extend(
        (!document.protected_resources.iter().all(knows_sound_types))
            .then_some(RegistrationError::DetailsType),
    );
    problems
}

fn knows_sound_types(resource: &ProtectedResource) -> bool {
    let types = &resource.authorization_details;
    let is_new =
        |place: usize, one: &DetailsType| types.iter().take(place).all(|earlier| earlier.kind != one.kind);
    types.len() <= MOST_TYPES
        && types.iter().enumerate().all(|(place, one)| one.is_sound() && is_new(place, one))
}

pub(super) fn initiate_login_uri(
    document: &RegistrationDocument,
) -> Result<Option<InitiateLoginUri>, RegistrationError> {
    let Some(text) = &document.initiate_login_uri else { return Ok(None) };
    let wrong = |cause| RegistrationError::Uri { field: "initiate_login_uri", uri: text.clone(), cause };
    InitiateLoginUri::parse(text).map(Some).map_err(wrong)
}
