//! What a system of the `legacy` profile is let off, and what that risks.

use super::{Registration, RegistrationDocument, profile_rules};
use crate::protocol::{
    ApplicationType, ClientAuthMethod, ClientProfile, RequestObjectAlgorithm, ResponseType,
};

/// An exception, as operators see it wherever they look at a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegacyException {
    /// Response types other than `code`.
    TokensByBrowser,
    /// Codes without PKCE.
    NoPkce,
    /// Request objects without a signature.
    UnsignedRequests,
    /// Assertions whose `aud` is the address of an endpoint.
    EndpointAudience,
}

impl LegacyException {
    /// What is taken, in a few words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TokensByBrowser => "tokens by way of the browser",
            Self::NoPkce => "codes without PKCE",
            Self::UnsignedRequests => "requests that nobody signed",
            Self::EndpointAudience => "assertions for an endpoint's address",
        }
    }

    /// What may happen.
    pub const fn risk(self) -> &'static str {
        match self {
            Self::TokensByBrowser => "extensions, histories and scripts of a page can read them",
            Self::NoPkce => "a stolen code can be put into another person's sign-in",
            Self::UnsignedRequests => "whoever carries them can change what they ask for",
            Self::EndpointAudience => "a server that names our endpoint as its own can pass them on",
        }
    }
}

impl Registration {
    /// The exceptions that it has. Only a system of the `legacy` profile has any.
    pub fn exceptions(&self) -> Vec<LegacyException> {
        if self.profile != ClientProfile::Legacy {
            return Vec::new();
        }
        let signs = matches!(
            self.token_endpoint_auth_method,
            ClientAuthMethod::PrivateKeyJwt | ClientAuthMethod::ClientSecretJwt
        );
        let by_browser = self.response_types.iter().any(|kind| *kind != ResponseType::Code);
        let is_unsigned = self.request_object_signing_alg == Some(RequestObjectAlgorithm::None);
        let all = [
            (by_browser, LegacyException::TokensByBrowser),
            (!self.require_pkce, LegacyException::NoPkce),
            (is_unsigned, LegacyException::UnsignedRequests),
            (signs, LegacyException::EndpointAudience),
        ];
        all.into_iter().filter(|(has, _)| *has).map(|(_, exception)| exception).collect()
    }
}

/// What stood for no front door.
const NOWHERE: &str = "https://localhost/";

impl RegistrationDocument {
    /// As it was kept. Before there were profiles nobody named one: whoever has exceptions is `legacy`. A native system that had
    /// no front door was given one that leads nowhere.
    pub fn as_kept(self) -> Self {
        let profile = self.profile.unwrap_or_else(|| profile_rules::fitting(&self));
        let is_door = |door: &String| self.application_type != ApplicationType::Native || door != NOWHERE;
        let client_uri = self.client_uri.filter(is_door);
        Self { profile: Some(profile), client_uri, ..self }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document(changes: Value) -> RegistrationDocument {
        let text = json!({ "vi": "Học bạ", "en": "School record" });
        let mut document = json!({
            "client_id": "hoc-ba", "client_name": text, "client_purpose": text, "contacts": ["it@example.vn"],
            "client_uri": "https://a.vn/", "redirect_uris": ["https://a.vn/cb"], "scope": "openid",
        });
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn what_was_registered_before_there_were_profiles_is_read_as_what_it_is() {
        let implicit = json!({ "response_types": ["id_token"], "grant_types": ["implicit"] });
        for (changes, expected, exceptions) in [
            (json!({}), ClientProfile::Modern, &[][..]),
            (json!({ "require_pkce": false }), ClientProfile::Legacy, &[LegacyException::NoPkce]),
            (implicit, ClientProfile::Legacy, &[LegacyException::TokensByBrowser]),
            (
                json!({ "request_object_signing_alg": "none" }),
                ClientProfile::Legacy,
                &[LegacyException::UnsignedRequests],
            ),
        ] {
            let kept = Registration::try_from(document(changes).as_kept()).unwrap();
            assert_eq!((kept.profile, &kept.exceptions()[..]), (expected, exceptions));
        }
    }

    #[test]
    fn a_named_profile_stays_what_it_is() {
        let kept = document(json!({ "profile": "modern", "require_pkce": false })).as_kept();
        assert_eq!(kept.profile, Some(ClientProfile::Modern));
        assert!(Registration::try_from(kept).is_err());
        let kept = document(json!({ "profile": "legacy" })).as_kept();
        assert!(Registration::try_from(kept).unwrap().exceptions().is_empty());
    }
}
