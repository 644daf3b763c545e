//! The discovery document, ready to be sent.

use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;

use crate::protocol::ProviderMetadata;

/// The document as it was written last. It is written anew when resources have come to know other types of authorization
/// details, and never else: nothing besides changes while the server runs.
pub struct DiscoveryDocument {
    described: ProviderMetadata,
    written: ArcSwap<Written>,
}

struct Written {
    types: Arc<[String]>,
    bytes: Bytes,
}

impl DiscoveryDocument {
    /// A document that says what `described` does.
    pub fn new(described: ProviderMetadata) -> Self {
        let written = ArcSwap::from_pointee(Written::of(&described, Arc::default()));
        Self { described, written }
    }

    /// The document for resources that know `types`.
    pub fn bytes(&self, types: &Arc<[String]>) -> Bytes {
        let written = self.written.load();
        if written.types == *types {
            return written.bytes.clone();
        }
        let fresh = Written::of(&self.described, Arc::clone(types));
        let bytes = fresh.bytes.clone();
        self.written.store(Arc::new(fresh));
        bytes
    }
}

impl Written {
    fn of(described: &ProviderMetadata, types: Arc<[String]>) -> Self {
        let whole = described.clone().with_details_types(types.to_vec());
        Self { bytes: serde_json::to_vec(&whole).unwrap_or_default().into(), types }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Issuer, Prefixes, ProviderFacts};

    #[test]
    fn it_is_written_anew_when_its_types_change_and_never_else() {
        let document = DiscoveryDocument::new(ProviderMetadata::describe(ProviderFacts {
            issuer: &Issuer::parse("https://id.example").unwrap(),
            prefixes: &Prefixes { acr: String::new(), claims: String::new() },
            id_token_algorithms: &[],
            trust_frameworks: &[],
            levels: &[],
            client_authentication: &[],
            takes_certificates: false,
            mutual_tls_alias: None,
            registration_endpoint: None,
            service_documentation: None,
        }));
        let types = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Arc<[String]>>();
        let bare = document.bytes(&types(&[]));
        assert_eq!(document.bytes(&types(&[])).as_ptr(), bare.as_ptr());
        let with = document.bytes(&types(&["hoc_ba"]));
        let text = String::from_utf8(with.to_vec()).unwrap();
        assert!(text.contains(r#""authorization_details_types_supported":["hoc_ba"]"#), "{text}");
        assert_eq!(document.bytes(&types(&["hoc_ba"])).as_ptr(), with.as_ptr(), "the same bytes");
        assert_ne!(document.bytes(&types(&["diem", "hoc_ba"])), with);
        assert_eq!(document.bytes(&types(&[])), bare);
    }
}
