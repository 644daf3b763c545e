//! Keys of no use: refused when they are registered, not when somebody first signs with them.

use axum::http::Method;
use khue::base::encoding::base64url;
use khue::protocol::SigningAlgorithm;
use serde_json::{Value, json};

use super::registrar::{CALLBACK, Registrar, path_of};
use crate::kit::Signer;

fn key(algorithm: SigningAlgorithm, changes: Value) -> Value {
    let mut key = Signer::key(algorithm).jwks()["keys"][0].take();
    for (name, value) in changes.as_object().unwrap() {
        key[name] = value.clone();
    }
    key
}

fn signing_with(keys: &Value) -> Value {
    json!({
        "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": keys },
    })
}

#[tokio::test]
async fn a_key_that_could_never_verify_is_refused_with_its_name_and_the_reason__rfc7518_3_3() {
    let registrar = Registrar::sandbox().await;
    let good = key(SigningAlgorithm::ES256, json!({ "kid": "good" }));
    for (wrong, says) in [
        (
            key(SigningAlgorithm::RS256, json!({ "kid": "old", "n": base64url([0xff; 128]) })),
            "jwks: key 2 (old) cannot be used: its modulus does not have 2048 to 8192 bits.",
        ),
        (
            key(SigningAlgorithm::ES256, json!({ "kid": "e", "y": base64url([7; 32]) })),
            "jwks: key 2 (e) cannot be used: its point does not lie on its curve.",
        ),
        (
            key(SigningAlgorithm::ES384, json!({ "kid": null, "x": base64url([7; 48]) })),
            "jwks: key 2 cannot be used: its point does not lie on its curve.",
        ),
        (
            key(SigningAlgorithm::EdDSA, json!({ "kid": "\u{202e}evil", "x": base64url([7; 31]) })),
            "jwks: key 2 cannot be used: its members are not those of a key of its kind",
        ),
        (json!({ "kty": "EC", "crv": "P-256" }), "jwks: key 2 cannot be used: its members"),
        (
            key(SigningAlgorithm::ES256, json!({ "use": "enc", "alg": "ECDH-ES", "x": base64url([7; 32]) })),
            "cannot be used: its point does not lie on its curve.",
        ),
    ] {
        registrar.refused(signing_with(&json!([good, wrong])), "invalid_client_metadata", says).await;
    }
}

#[tokio::test]
async fn a_key_for_what_is_not_spoken_here_is_passed_over__rfc7517_5() {
    let registrar = Registrar::sandbox().await;
    let good = key(SigningAlgorithm::ES256, json!({}));
    let foreign = key(SigningAlgorithm::ES256, json!({ "kid": "b", "crv": "secp256k1", "alg": "ES256K" }));
    let made = registrar.register(&signing_with(&json!([good, foreign]))).await;
    assert_eq!(made.status, 201, "{}", made.body);

    let off = key(SigningAlgorithm::ES256, json!({ "x": base64url([7; 32]) }));
    let mut change = signing_with(&json!([off]));
    change["client_id"] = made.body["client_id"].clone();
    let (path, token) = (path_of(&made), made.text("registration_access_token"));
    let changed = registrar.send(Method::PUT, &path, Some(&token), &change.to_string()).await;
    assert_eq!((changed.status.as_u16(), changed.text("error")), (400, "invalid_client_metadata".into()));
    assert!(changed.text("error_description").contains("does not lie on its curve"), "{}", changed.body);
    let stands = registrar.send(Method::GET, &path, Some(&token), "").await;
    assert_eq!(stands.body["jwks"]["keys"], json!([good, foreign]), "nothing was changed");
}

#[tokio::test]
async fn encryption_needs_a_key_that_it_can_use__oidc_registration_2() {
    let registrar = Registrar::sandbox().await;
    let of = |algorithm| key(algorithm, json!({ "alg": null, "use": null }));
    let (rsa, curve) = (of(SigningAlgorithm::RS256), of(SigningAlgorithm::ES256));
    let signing = key(SigningAlgorithm::ES256, json!({}));
    for kind in ["id_token", "userinfo", "authorization", "introspection"] {
        let (alg, enc) = (format!("{kind}_encrypted_response_alg"), format!("{kind}_encrypted_response_enc"));
        let with = |way: &str, key: &Value| json!({ "redirect_uris": [CALLBACK], &alg: way, &enc: "A256GCM", "jwks": { "keys": [key] } });
        for (way, wrong) in [("ECDH-ES", &rsa), ("RSA-OAEP-256", &curve), ("ECDH-ES", &signing)] {
            let says = format!("{alg}: needs a key for {way} in jwks");
            registrar.refused(with(way, wrong), "invalid_client_metadata", &says).await;
        }
        for (way, right) in [("ECDH-ES", &curve), ("RSA-OAEP-256", &rsa)] {
            let made = registrar.register(&with(way, right)).await;
            assert_eq!(made.status, 201, "{}", made.body);
        }
    }
}
