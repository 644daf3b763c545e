//! What a registration says of requests: how they begin, and what they mean where they say nothing.

use super::{RegistrationDocument, RegistrationError};
use crate::protocol::InitiateLoginUri;

/// The most levels that are wished for.
const MOST_LEVELS: usize = 16;
/// The most characters of one.
const LONGEST_LEVEL: usize = 200;

/// Everything that is wrong with it.
pub(super) fn problems(document: &RegistrationDocument) -> Vec<RegistrationError> {
    let levels = &document.default_acr_values;
    let is_word = |level: &String| {
        (1..=LONGEST_LEVEL).contains(&level.len()) && level.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let fits = levels.len() <= MOST_LEVELS && levels.iter().all(is_word);
    let uri = initiate_login_uri(document).err();
    uri.into_iter().chain((!fits).then_some(RegistrationError::AcrValues)).collect()
}

pub(super) fn initiate_login_uri(
    document: &RegistrationDocument,
) -> Result<Option<InitiateLoginUri>, RegistrationError> {
    let Some(text) = &document.initiate_login_uri else { return Ok(None) };
    let wrong = |cause| RegistrationError::Uri { field: "initiate_login_uri", uri: text.clone(), cause };
    InitiateLoginUri::parse(text).map(Some).map_err(wrong)
}
