//! The members of a client file: what they are called, what may stand there.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeValue, Error, ValueDeserializer};

use crate::domain::client::{Bilingual, ClientJwks, ClientStatus, LegalBasis};
use crate::protocol::{
    AccessTokenFormat, ApplicationType, AssertionAlgorithm, ClaimName, ClientAuthMethod, ClientId,
    ClientProfile, ContentEncryptionAlgorithm, GrantType, KeyManagementAlgorithm, RequestObjectAlgorithm,
    ResourceUri, ResponseType, ServiceScopes, SigningAlgorithm, SubjectType,
};

/// One member.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether a system is nothing without it.
    pub needed: bool,
    /// What may stand there.
    pub form: &'static str,
    /// How a value is checked.
    pub check: Check,
}

/// How a value is checked.
#[derive(Clone, Copy)]
pub enum Check {
    /// By itself: what is wrong with it.
    Value(fn(&Spanned<DeValue<'_>>) -> Vec<Error>),
    /// As a list of tables with these members.
    Tables(&'static [Field]),
}

const BOTH: &str = "a text in both languages: { vi = \"…\", en = \"…\" }";
const ADDRESSES: &str = "a list of addresses: [\"https://…\"]";

/// Those of the registration itself: they become its document.
pub const REGISTERED: &[Field] = &[
    needed("client_id", "1 to 255 printable ASCII characters without space", one::<ClientId>),
    optional("profile", "\"fapi2\", \"modern\" or \"legacy\"", one::<ClientProfile>),
    needed("client_name", BOTH, one::<Bilingual>),
    needed("client_purpose", BOTH, one::<Bilingual>),
    needed("contacts", "a list of addresses: [\"it@example.vn\"]", each::<String>),
    optional("client_uri", "the address of its front door: \"https://…\"", one::<String>),
    optional("policy_uri", "an address: \"https://…\"", one::<String>),
    optional("tos_uri", "an address: \"https://…\"", one::<String>),
    optional("initiate_login_uri", "an address: \"https://…\"", one::<String>),
    optional("application_type", "\"web\" or \"native\"", one::<ApplicationType>),
    optional("redirect_uris", ADDRESSES, each::<String>),
    optional("post_logout_redirect_uris", ADDRESSES, each::<String>),
    optional("backchannel_logout_uri", "an address: \"https://…\"", one::<String>),
    optional("backchannel_logout_session_required", "true or false", one::<bool>),
    optional("frontchannel_logout_uri", "an address: \"https://…\"", one::<String>),
    optional("frontchannel_logout_session_required", "true or false", one::<bool>),
    optional(
        "token_endpoint_auth_method",
        "\"client_secret_basic\", \"client_secret_post\", \"client_secret_jwt\", \"private_key_jwt\", \"tls_client_auth\", \
         \"self_signed_tls_client_auth\", or \"none\" for a public system",
        one::<ClientAuthMethod>,
    ),
    optional(
        "token_endpoint_auth_signing_alg",
        "\"ES256\", \"ES384\", \"RS256\", \"PS256\" or \"EdDSA\"; \"HS256\" with client_secret_jwt",
        one::<AssertionAlgorithm>,
    ),
    optional(
        "jwks",
        "public keys: { keys = [{ kty = \"EC\", crv = \"P-256\", x = \"…\", y = \"…\" }] }",
        one::<ClientJwks>,
    ),
    optional("jwks_uri", "the address of public keys: \"https://…\"", one::<String>),
    optional(
        "tls_client_auth_subject_dn",
        "the subject of its certificates, as RFC 4514 has it: \"CN=client,O=Bank,C=VN\"",
        one::<String>,
    ),
    optional(
        "tls_client_auth_san_dns",
        "a host that its certificates name: \"client.example.vn\"",
        one::<String>,
    ),
    optional("tls_client_auth_san_uri", "a URI that its certificates name: \"https://…\"", one::<String>),
    optional("tls_client_auth_san_ip", "an address that its certificates name: \"192.0.2.1\"", one::<String>),
    optional(
        "tls_client_auth_san_email",
        "a mail address that its certificates name: \"it@example.vn\"",
        one::<String>,
    ),
    optional(
        "grant_types",
        "a list of \"authorization_code\", \"refresh_token\", \"client_credentials\", \"implicit\" and \"urn:ietf:params:oauth:grant-type:…\"",
        each::<GrantType>,
    ),
    optional("response_types", "a list of response types such as \"code\"", each::<ResponseType>),
    optional("scope", "scopes with spaces between them: \"openid profile_min\"", one::<String>),
    Field {
        name: "claims",
        needed: false,
        form: "a [[client.claims]] table for each claim",
        check: Check::Tables(CLAIM),
    },
    Field {
        name: "protected_resources",
        needed: false,
        form: "a [[client.protected_resources]] table for each resource that the system is",
        check: Check::Tables(PROTECTED),
    },
    Field {
        name: "resources",
        needed: false,
        form: "a [[client.resources]] table for each resource that the system may call",
        check: Check::Tables(RESOURCE),
    },
    optional("vouches_for_software", "true or false", one::<bool>),
    optional("vouches_for_workloads", "true or false", one::<bool>),
    Field {
        name: "jwt_bearer_subjects",
        needed: false,
        form: "a [[client.jwt_bearer_subjects]] table for each workload for which an issuer vouches",
        check: Check::Tables(WORKLOAD),
    },
    optional("authorization_details_types", "a list of types: [\"ho_so_hoc_sinh\"]", each::<String>),
    Field {
        name: "exchanges",
        needed: false,
        form: "a [[client.exchanges]] table for each pair of a system whose tokens are exchanged and a resource",
        check: Check::Tables(EXCHANGE),
    },
    optional("subject_type", "\"pairwise\" or \"public\"", one::<SubjectType>),
    optional("sector_identifier", "a host name: \"dichvucong.example.vn\"", one::<String>),
    optional("default_max_age", "a number of seconds", one::<u32>),
    optional("require_auth_time", "true or false", one::<bool>),
    optional("default_acr_values", "a list of levels: [\"xt2-phr\"]", each::<String>),
    optional(
        "id_token_signed_response_alg",
        "\"RS256\", \"ES256\", \"ES384\", \"PS256\" or \"EdDSA\"",
        one::<SigningAlgorithm>,
    ),
    optional(
        "userinfo_signed_response_alg",
        "\"RS256\", \"ES256\", \"ES384\", \"PS256\" or \"EdDSA\"",
        one::<SigningAlgorithm>,
    ),
    optional(
        "authorization_signed_response_alg",
        "\"RS256\", \"ES256\", \"ES384\", \"PS256\" or \"EdDSA\"",
        one::<SigningAlgorithm>,
    ),
    optional("require_pushed_authorization_requests", "true or false", one::<bool>),
    optional(
        "introspection_signed_response_alg",
        "\"RS256\", \"ES256\", \"ES384\", \"PS256\" or \"EdDSA\"",
        one::<SigningAlgorithm>,
    ),
    optional(
        "id_token_encrypted_response_alg",
        "\"RSA-OAEP-256\", \"ECDH-ES\" or \"ECDH-ES+A256KW\"",
        one::<KeyManagementAlgorithm>,
    ),
    optional(
        "id_token_encrypted_response_enc",
        "\"A128GCM\" or \"A256GCM\"",
        one::<ContentEncryptionAlgorithm>,
    ),
    optional(
        "userinfo_encrypted_response_alg",
        "\"RSA-OAEP-256\", \"ECDH-ES\" or \"ECDH-ES+A256KW\"",
        one::<KeyManagementAlgorithm>,
    ),
    optional(
        "userinfo_encrypted_response_enc",
        "\"A128GCM\" or \"A256GCM\"",
        one::<ContentEncryptionAlgorithm>,
    ),
    optional(
        "authorization_encrypted_response_alg",
        "\"RSA-OAEP-256\", \"ECDH-ES\" or \"ECDH-ES+A256KW\"",
        one::<KeyManagementAlgorithm>,
    ),
    optional(
        "authorization_encrypted_response_enc",
        "\"A128GCM\" or \"A256GCM\"",
        one::<ContentEncryptionAlgorithm>,
    ),
    optional(
        "introspection_encrypted_response_alg",
        "\"RSA-OAEP-256\", \"ECDH-ES\" or \"ECDH-ES+A256KW\"",
        one::<KeyManagementAlgorithm>,
    ),
    optional(
        "introspection_encrypted_response_enc",
        "\"A128GCM\" or \"A256GCM\"",
        one::<ContentEncryptionAlgorithm>,
    ),
    optional(
        "request_object_signing_alg",
        "\"ES256\", \"ES384\", \"RS256\", \"PS256\" or \"EdDSA\"; \"HS256\" with client_secret_jwt; \"none\"",
        one::<RequestObjectAlgorithm>,
    ),
    optional("require_signed_request_object", "true or false", one::<bool>),
    optional(
        "request_object_encryption_alg",
        "\"RSA-OAEP-256\", \"ECDH-ES\" or \"ECDH-ES+A256KW\"",
        one::<KeyManagementAlgorithm>,
    ),
    optional(
        "request_object_encryption_enc",
        "\"A128GCM\" or \"A256GCM\"",
        one::<ContentEncryptionAlgorithm>,
    ),
    optional("request_uris", ADDRESSES, each::<String>),
    optional("require_pkce", "true or false", one::<bool>),
    optional("dpop_bound_access_tokens", "true or false", one::<bool>),
    optional("tls_client_certificate_bound_access_tokens", "true or false", one::<bool>),
    optional("require_dpop_nonce", "true or false", one::<bool>),
];

/// Those of a claim that the system may learn.
const CLAIM: &[Field] = &[
    needed(
        "claim",
        "one of name, birthdate, gender, email, phone_number, address, locale, updated_at, age_over_14, age_over_16, \
         age_over_18, ial",
        one::<ClaimName>,
    ),
    needed("purpose", BOTH, one::<Bilingual>),
    needed("basis", "\"consent\", \"law\", \"contract\" or \"emergency\"", one::<LegalBasis>),
    optional("essential", "true or false", one::<bool>),
];

/// Those of a resource.
const RESOURCE: &[Field] = &[
    needed("resource", "the resource's address: \"https://…\"", one::<ResourceUri>),
    needed("scope", "scopes of the resource, with spaces between them", one::<ServiceScopes>),
];

/// Those of a resource that the system is.
const PROTECTED: &[Field] = &[
    needed("resource", "the resource's address: \"https://…\"", one::<ResourceUri>),
    needed("scope", "scopes of the resource, with spaces between them", one::<ServiceScopes>),
    optional("access_token_format", "\"jwt\" or \"opaque\"", one::<AccessTokenFormat>),
    Field {
        name: "authorization_details",
        needed: false,
        form: "a [[client.protected_resources.authorization_details]] table for each type that it knows",
        check: Check::Tables(DETAILS_TYPE),
    },
];

/// Those of a type of authorization details.
const DETAILS_TYPE: &[Field] = &[
    needed("type", "its name in requests: \"ho_so_hoc_sinh\"", one::<String>),
    needed("name", BOTH, one::<Bilingual>),
    Field {
        name: "fields",
        needed: false,
        form: "a [[client.protected_resources.authorization_details.fields]] table for each field",
        check: Check::Tables(DETAILS_FIELD),
    },
    optional("for_systems", "true or false", one::<bool>),
];

/// Those of a field of a type.
const DETAILS_FIELD: &[Field] = &[
    needed("field", "its name in requests: \"nam_hoc\"", one::<String>),
    needed("label", BOTH, one::<Bilingual>),
    optional("required", "true or false", one::<bool>),
];

/// Those of an exchange.
const EXCHANGE: &[Field] = &[
    needed("from", "the client_id of the system whose tokens are exchanged", one::<ClientId>),
    needed("resource", "the resource's address: \"https://…\"", one::<ResourceUri>),
    needed("scope", "scopes of the resource, with spaces between them", one::<ServiceScopes>),
];

/// Those of a workload.
const WORKLOAD: &[Field] = &[
    needed("issuer", "the client_id of the issuer, which is the iss of its assertions", one::<ClientId>),
    needed("subject", "the sub with which it vouches", one::<String>),
];

/// Those beside it.
pub const BESIDE: &[Field] = &[
    optional("client_secret", "the secret that the system has already", one::<String>),
    optional("client_secret_file", "a file that holds the secret", one::<String>),
    optional("jwks_file", "a JSON file that holds a JWK set", one::<String>),
    optional("logo_file", "a PNG or WebP file of at most 24 KiB", one::<String>),
    optional("status", "\"active\" or \"disabled\"", one::<Status>),
];

const fn needed(
    name: &'static str,
    form: &'static str,
    check: fn(&Spanned<DeValue<'_>>) -> Vec<Error>,
) -> Field {
    Field { name, needed: true, form, check: Check::Value(check) }
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
    use crate::domain::client::{
        ClaimGrant, DetailsField, DetailsType, ProtectedResource, RegistrationDocument, ResourceAccess,
    };

    /// What serde refuses as unknown, it answers with everything that is known.
    fn members<T: DeserializeOwned + std::fmt::Debug>() -> BTreeSet<String> {
        let refused = serde_json::from_str::<T>(r#"{"nothing":1}"#).unwrap_err().to_string();
        // "expected one of `a`, `b`, `c`", and of two "expected `a` or `b`".
        let listed = refused.split_once("expected ").unwrap().1;
        listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn names(fields: &[Field]) -> BTreeSet<String> {
        fields.iter().map(|field| field.name.to_owned()).collect()
    }

    #[test]
    fn every_member_of_a_registration_can_stand_in_a_file() {
        let mut registered = names(REGISTERED);
        registered.insert("logo".to_owned());
        assert_eq!(registered, members::<RegistrationDocument>());
        assert_eq!(names(CLAIM), members::<ClaimGrant>());
        assert_eq!(names(PROTECTED), members::<ProtectedResource>());
        assert_eq!(names(DETAILS_TYPE), members::<DetailsType>());
        assert_eq!(names(DETAILS_FIELD), members::<DetailsField>());
        assert_eq!(names(RESOURCE), members::<ResourceAccess>());
    }

    #[test]
    fn every_choice_is_named() {
        let form = |name| CLAIM.iter().chain(REGISTERED).find(|field| field.name == name).unwrap().form;
        // The right to an address or number covers whether it was verified.
        for claim in ClaimName::ALL.iter().filter(|claim| !claim.as_str().ends_with("_verified")) {
            assert!(form("claim").contains(claim.as_str()), "{claim}");
        }
        for algorithm in SigningAlgorithm::ALL {
            assert!(form("id_token_signed_response_alg").contains(algorithm.as_str()), "{algorithm}");
        }
        for algorithm in AssertionAlgorithm::ALL {
            assert!(form("token_endpoint_auth_signing_alg").contains(algorithm.as_str()), "{algorithm}");
        }
        for algorithm in KeyManagementAlgorithm::ALL {
            assert!(form("id_token_encrypted_response_alg").contains(algorithm.as_str()), "{algorithm}");
        }
        for algorithm in ContentEncryptionAlgorithm::ALL {
            assert!(form("id_token_encrypted_response_enc").contains(algorithm.as_str()), "{algorithm}");
        }
        for algorithm in RequestObjectAlgorithm::all() {
            assert!(form("request_object_signing_alg").contains(algorithm.as_str()), "{algorithm}");
        }
        for profile in ClientProfile::ALL {
            assert!(form("profile").contains(profile.as_str()), "{profile}");
        }
        for method in ClientAuthMethod::ALL {
            assert!(form("token_endpoint_auth_method").contains(method.as_str()), "{method}");
        }
    }
}
