//! The members of a client file: what they are called, what may stand there.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeValue, Error, ValueDeserializer};

use crate::domain::client::{Bilingual, ClaimGrant, ClientStatus};
use crate::protocol::{ApplicationType, ClientAuthMethod, ClientId, SigningAlgorithm, SubjectType};

/// One member.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether a system is nothing without it.
    pub needed: bool,
    /// What may stand there.
    pub form: &'static str,
    /// What is wrong with a value, part by part.
    pub check: fn(&Spanned<DeValue<'_>>) -> Vec<Error>,
}

const BOTH: &str = "a text in both languages: { vi = \"…\", en = \"…\" }";
const ADDRESSES: &str = "a list of addresses: [\"https://…\"]";

/// Those of the registration itself: they become its document.
pub const REGISTERED: &[Field] = &[
    needed("client_id", "1 to 255 printable ASCII characters without space", one::<ClientId>),
    needed("client_name", BOTH, one::<Bilingual>),
    needed("client_purpose", BOTH, one::<Bilingual>),
    needed("contacts", "a list of addresses: [\"it@example.vn\"]", each::<String>),
    needed("client_uri", "the address of its front door: \"https://…\"", one::<String>),
    optional("application_type", "\"web\" or \"native\"", one::<ApplicationType>),
    needed("redirect_uris", ADDRESSES, each::<String>),
    optional("post_logout_redirect_uris", ADDRESSES, each::<String>),
    optional(
        "token_endpoint_auth_method",
        "\"client_secret_basic\", \"client_secret_post\", or \"none\" for a public system",
        one::<ClientAuthMethod>,
    ),
    needed("scope", "scopes with spaces between them: \"openid profile_min\"", one::<String>),
    optional(
        "claims",
        "[[client.claims]] with claim (name, birthdate, gender, email, phone_number, address, locale, updated_at, \
         age_over_14, age_over_16, age_over_18, ial), purpose { vi, en }, basis (consent, law, contract, emergency) and \
         essential (true, false)",
        each::<ClaimGrant>,
    ),
    optional("subject_type", "\"pairwise\" or \"public\"", one::<SubjectType>),
    optional("sector_identifier", "a host name: \"dichvucong.example.vn\"", one::<String>),
    optional(
        "id_token_signed_response_alg",
        "\"RS256\", \"ES256\", \"PS256\" or \"EdDSA\"",
        one::<SigningAlgorithm>,
    ),
    optional("require_pkce", "true or false", one::<bool>),
];

/// Those beside it.
pub const BESIDE: &[Field] = &[
    optional("client_secret", "the secret that the system has already", one::<String>),
    optional("client_secret_file", "a file that holds the secret", one::<String>),
    optional("logo_file", "a PNG or WebP file of at most 24 KiB", one::<String>),
    optional("status", "\"active\" or \"disabled\"", one::<Status>),
];

const fn needed(
    name: &'static str,
    form: &'static str,
    check: fn(&Spanned<DeValue<'_>>) -> Vec<Error>,
) -> Field {
    Field { name, needed: true, form, check }
}

const fn optional(
    name: &'static str,
    form: &'static str,
    check: fn(&Spanned<DeValue<'_>>) -> Vec<Error>,
) -> Field {
    Field { needed: false, ..needed(name, form, check) }
}

/// A status as it stands in a file.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Status;

impl TryFrom<String> for Status {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        ClientStatus::parse(&text).map(|_| Self).ok_or("not a status")
    }
}

/// What is wrong with a value that should be a `T`.
fn one<T: DeserializeOwned>(value: &Spanned<DeValue<'_>>) -> Vec<Error> {
    T::deserialize(ValueDeserializer::from(value.clone())).err().into_iter().collect()
}

/// What is wrong with the items of a list of `T`, each by itself.
fn each<T: DeserializeOwned>(value: &Spanned<DeValue<'_>>) -> Vec<Error> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().flat_map(one::<T>).collect(),
        _ => one::<Vec<T>>(value),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::client::RegistrationDocument;

    #[test]
    fn every_member_of_a_registration_can_stand_in_a_file() {
        let names: BTreeSet<&str> = REGISTERED.iter().map(|field| field.name).chain(["logo"]).collect();
        // What serde refuses as unknown, it answers with everything that is known.
        let refused =
            serde_json::from_str::<RegistrationDocument>(r#"{"nothing":1}"#).unwrap_err().to_string();
        let listed = refused.split_once("expected one of ").unwrap().1;
        let known: BTreeSet<&str> = listed.split('`').skip(1).step_by(2).collect();
        assert_eq!(names, known);
    }
}
