//! `[policy]`: the names that this sector gives to levels and claims.

use super::form::{Form, Wrong};
use super::reader::Reader;
use super::setting::{Section, Setting};

/// `[policy]`, read.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What stands before every `acr` value.
    pub acr_prefix: NamePrefix,
    /// What stands before every claim of this sector.
    pub claims_namespace: NamePrefix,
}

/// A URI that names are appended to. It ends where a name can begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePrefix(String);

impl NamePrefix {
    /// The prefix itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Form for NamePrefix {
    fn read(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let remedy = "write a URI that ends in `/` or `:`, such as \"https://id.example.vn/acr/\"";
        match url::Url::parse(text) {
            Ok(_) if text.ends_with(['/', ':']) => Ok(Self(text.to_owned())),
            Ok(_) => Err(Wrong::new("does not end in `/` or `:`", remedy)),
            Err(_) => Err(Wrong::new("is not a URI", remedy)),
        }
    }
}

const ACR_PREFIX: Setting = Setting::new(
    "policy",
    "acr_prefix",
    "a URI that ends in `/` or `:`",
    "What stands before every `acr` value. Clients ask for these by name: choose once.",
)
.or("https://id.moet.gov.vn/acr/");
const CLAIMS_NAMESPACE: Setting = Setting::new(
    "policy",
    "claims_namespace",
    "a URI that ends in `/` or `:`",
    "What stands before the claims that OpenID Connect has no name for. Clients read these by name: choose once.",
)
.or("https://id.moet.gov.vn/claims/");

pub(super) const SECTION: Section = Section {
    name: "policy",
    about: "The names that this sector gives to levels and claims.",
    settings: &[&ACR_PREFIX, &CLAIMS_NAMESPACE],
};

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Policy> {
    let acr_prefix = reader.value(&ACR_PREFIX);
    let claims_namespace = reader.value(&CLAIMS_NAMESPACE);
    Some(Policy { acr_prefix: acr_prefix?, claims_namespace: claims_namespace? })
}
