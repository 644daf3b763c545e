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

    /// Whether all of `agreed` is exactly `said`, in whatever order.
    pub fn are(agreed: &[Self], said: &[AuthorizationDetail]) -> bool {
        agreed.len() == said.len() && agreed.iter().all(|one| said.contains(&one.offered.detail))
    }
}
