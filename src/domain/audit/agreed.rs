//! What exactly a person agreed to (RFC 9396), as the log keeps it: the values may be about her, so they are sealed, and what
//! stands in the clear is a digest that nobody can guess them from.

use serde::{Deserialize, Serialize};

use crate::base::encoding::base64url;
use crate::base::entropy::{Entropy, random_bytes};
use crate::domain::access::GrantedDetail;
use crate::domain::interaction::OfferedDetail;
use crate::protocol::{AuthorizationDetail, ResourceUri};

/// One thing that was asked for exactly, without its values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NamedDetail {
    /// Of which type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where.
    pub resource: ResourceUri,
}

/// One thing that was agreed to, as it stands in the clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgreedDetail {
    /// What it is.
    #[serde(flatten)]
    pub named: NamedDetail,
    /// [`SaltedDetail::digest`].
    pub digest: String,
}

impl NamedDetail {
    /// What `granted` is.
    pub fn of(granted: &GrantedDetail) -> Self {
        Self { kind: granted.detail.kind().to_owned(), resource: granted.resource.clone() }
    }
}

/// The same as it stands in the sealed part: the words that were on the page, and what opens the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaltedDetail {
    /// Drawn for this entry. Sealed with the rest: whoever does not have it cannot try out values.
    salt: String,
    /// What stood on the page.
    #[serde(flatten)]
    pub offered: OfferedDetail,
}

impl SaltedDetail {
    /// What stood on the page, with a new salt.
    pub fn new(offered: OfferedDetail, entropy: &(impl Entropy + ?Sized)) -> Self {
        Self { salt: base64url(random_bytes::<16>(entropy)), offered }
    }

    /// As it stands in the clear.
    pub fn agreed(&self) -> AgreedDetail {
        AgreedDetail { named: NamedDetail::of(&self.offered.granted()), digest: self.digest() }
    }

    /// The digest of salt, resource, name, values and labels, which `docs/audit.md` describes.
    pub fn digest(&self) -> String {
        self.offered.digest_after(&self.salt)
    }

    /// Whether `agreed` is exactly `said`, each as often, in whatever order.
    pub fn are(agreed: &[Self], said: &[AuthorizationDetail]) -> bool {
        let sorted = |mut details: Vec<String>| {
            details.sort_unstable();
            details
        };
        let agreed = agreed.iter().map(|one| one.offered.detail.canonical()).collect();
        sorted(agreed) == sorted(said.iter().map(AuthorizationDetail::canonical).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SystemEntropy;
    use crate::domain::client::Bilingual;

    #[test]
    fn an_agreement_is_to_each_detail_as_often_as_it_was_shown() {
        let [first, second] =
            [r#"[{"type":"hoc_ba","nam_hoc":2026}]"#, r#"[{"type":"hoc_ba","nam_hoc":2025}]"#]
                .map(|text| AuthorizationDetail::parse_all(text).unwrap().remove(0));
        let shown = |detail: &AuthorizationDetail| {
            let offered = OfferedDetail {
                resource: ResourceUri::parse("https://hoc-ba.example.vn/api").unwrap(),
                detail: detail.clone(),
                name: Bilingual { vi: "a".to_owned(), en: "a".to_owned() },
                lines: Vec::new(),
            };
            SaltedDetail::new(offered, &SystemEntropy::new())
        };
        let both = [shown(&first), shown(&second)];
        assert!(SaltedDetail::are(&both, &[second.clone(), first.clone()]));
        let twice = [shown(&first), shown(&first)];
        assert!(!SaltedDetail::are(&twice, &[first.clone(), second.clone()]), "nobody agreed to the second");
        assert!(!SaltedDetail::are(&both, &[first.clone(), first.clone()]));
        assert!(!SaltedDetail::are(&both, &[first]));
    }
}
