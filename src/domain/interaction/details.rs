//! What exactly a system wants to do at a resource, as the person is asked (RFC 9396).

use ring::digest;
use serde::{Deserialize, Serialize};

use crate::base::encoding::base64url;
use crate::domain::access::GrantedDetail;
use crate::domain::client::{Bilingual, DetailsField, DetailsType};
use crate::protocol::authorization_details::in_words;
use crate::protocol::{AuthorizationDetail, ResourceUri};

/// One thing that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedDetail {
    /// Where.
    pub resource: ResourceUri,
    /// What, as the resource understands it.
    pub detail: AuthorizationDetail,
    /// What, as people read it.
    pub name: Bilingual,
    /// Its fields, as people read them: what each is called, and its value.
    pub lines: Vec<(Bilingual, String)>,
}

impl OfferedDetail {
    /// `detail` at `resource`, in the words of its type; nothing where it is of another form than the type has.
    pub fn of(resource: ResourceUri, detail: AuthorizationDetail, kind: &DetailsType) -> Option<Self> {
        let required = kind.fields.iter().filter(|field| field.required);
        let is_there = |name: &str| detail.fields().any(|(given, _)| given == name);
        if !required.map(|field| field.field.as_str()).all(is_there) {
            return None;
        }
        let is_known = |(name, _): (&str, &_)| kind.fields.iter().any(|field| field.field == name);
        if !detail.fields().all(is_known) {
            return None;
        }
        // In the order of the register, which is the order of whoever wrote the words.
        let line = |field: &DetailsField| {
            let (_, value) = detail.fields().find(|(given, _)| *given == field.field)?;
            Some((field.label.clone(), in_words(value)))
        };
        let lines = kind.fields.iter().filter_map(line).collect();
        Some(Self { resource, name: kind.name.clone(), lines, detail })
    }

    /// What stands on the page, and nothing else, is agreed to: another value, name or label is another thing.
    pub fn digest(&self) -> String {
        self.digest_of(&[])
    }

    /// The same behind a salt, for where the values must not be found by trying them out.
    pub fn digest_after(&self, salt: &str) -> String {
        self.digest_of(&[salt])
    }

    fn digest_of(&self, before: &[&str]) -> String {
        let mut context = digest::Context::new(&digest::SHA256);
        let mut line = |text: &str| {
            context.update(&(text.len() as u64).to_be_bytes());
            context.update(text.as_bytes());
        };
        before.iter().for_each(|text| line(text));
        for text in [self.resource.as_str(), &self.name.vi, &self.name.en, &self.detail.canonical()] {
            line(text);
        }
        for (label, _) in &self.lines {
            line(&label.vi);
            line(&label.en);
        }
        base64url(context.finish())
    }

    /// As it is granted.
    pub fn granted(&self) -> GrantedDetail {
        GrantedDetail { resource: self.resource.clone(), detail: self.detail.clone() }
    }
}
