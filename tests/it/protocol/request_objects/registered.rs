//! What a registration says of request objects.

use khue::protocol::{AssertionAlgorithm, RequestObjectAlgorithm, SigningAlgorithm};
use serde_json::{Value, json};

use crate::kit::{Signer, fapi2, registration};

#[test]
fn a_registration_of_request_objects_fits_together__oidc_registration_2() {
    let signer = Signer::key(SigningAlgorithm::ES256);
    let with = |changes: Value| {
        let mut document = serde_json::to_value(registration("dichvucong", json!({}))).unwrap();
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let read = serde_json::from_value::<khue::domain::client::Registration>(document);
        read.map_err(|error| error.to_string()).err()
    };
    let jwks = signer.jwks();
    for algorithm in RequestObjectAlgorithm::all() {
        let method = match algorithm {
            RequestObjectAlgorithm::Signed(AssertionAlgorithm::HS256) => "client_secret_jwt",
            _ => "client_secret_basic",
        };
        let changes = json!({
            "request_object_signing_alg": algorithm, "jwks": jwks, "token_endpoint_auth_method": method,
            "request_uris": ["https://dichvucong.example.vn/r#x"], "request_object_encryption_alg": "ECDH-ES",
            "request_object_encryption_enc": "A128GCM", "profile": "legacy",
        });
        assert_eq!(with(changes), None, "{algorithm}");
    }
    for (changes, names) in [
        (json!({ "request_object_signing_alg": "ES256" }), "request_object_signing_alg"),
        (json!({ "request_object_signing_alg": "HS256", "jwks": jwks }), "request_object_signing_alg"),
        (
            json!({ "request_object_signing_alg": "none", "require_signed_request_object": true, "jwks": jwks }),
            "request_object_signing_alg",
        ),
        (json!({ "require_signed_request_object": true }), "request_object_signing_alg"),
        (json!({ "request_object_encryption_alg": "ECDH-ES" }), "request_object_encryption_alg"),
        (json!({ "request_uris": ["http://dichvucong.example.vn/r"] }), "request_uris"),
        (json!({ "request_uris": ["urn:x"] }), "request_uris"),
    ] {
        let problem = with(changes.clone()).unwrap();
        assert!(problem.starts_with(names), "{changes}: {problem}");
    }
    assert!(with(json!({ "request_object_signing_alg": "HS512" })).is_some());
    for algorithm in ["none", "RS256", "ES384"] {
        let changes = json!({ "request_object_signing_alg": algorithm });
        let mut document = serde_json::to_value(fapi2("ngan-hang", jwks.clone(), json!({}))).unwrap();
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let problem =
            serde_json::from_value::<khue::domain::client::Registration>(document).unwrap_err().to_string();
        assert!(problem.starts_with("request_object_signing_alg: the profile fapi2"), "{problem}");
    }
}
