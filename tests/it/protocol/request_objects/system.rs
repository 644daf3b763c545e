//! A system that sends its requests in objects, and what reads the answers.

use axum::body::Body;
use axum::http::Request;
use khue::base::entropy::SystemEntropy;
use khue::crypto::jwe::{Payload, Recipient, encrypt};
use khue::crypto::signing::Jwks;
use khue::protocol::{ContentEncryptionAlgorithm, DecryptionKeyKind, KeyManagementAlgorithm};
use serde_json::{Value, json};

use crate::kit::{Page, RelyingParty, Signer, TestApp, registration};

/// The address that a person is sent to with an object and nothing that is not needed.
pub(super) fn bare(system: &RelyingParty, parameters: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", system.client_id())
        .extend_pairs(parameters)
        .finish();
    format!("/authorize?{query}")
}

pub(super) async fn signing(app: &TestApp, signer: &Signer, changes: Value) -> RelyingParty {
    let mut members = json!({ "jwks": signer.jwks() });
    members.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    app.relying_party(registration("dichvucong", members)).await
}

pub(super) async fn published(system: &RelyingParty) -> Jwks {
    let jwks = system.answer(Request::get("/jwks").body(Body::empty()).unwrap()).await;
    serde_json::from_value(jwks.body).unwrap()
}

pub(super) fn encrypted(
    keys: &Jwks,
    alg: KeyManagementAlgorithm,
    enc: ContentEncryptionAlgorithm,
    object: &str,
) -> String {
    let recipient = Recipient::find(keys, alg).unwrap();
    encrypt(&recipient, enc, Payload::Jwt(object), &SystemEntropy::new()).unwrap()
}

/// The error that went to the system, and where.
pub(super) fn refusal(page: &Page) -> (String, String) {
    let answer = page.answer();
    assert!(answer["error_description"].is_ascii());
    (answer["error"].clone(), answer["error_description"].clone())
}

pub(super) fn signer_free_keys() -> Vec<khue::crypto::signing::Jwk> {
    let pkcs8 = khue::crypto::jwe::generate_decryption_pkcs8(DecryptionKeyKind::P256).unwrap();
    let key = khue::crypto::jwe::DecryptionKey::from_pkcs8(DecryptionKeyKind::P256, pkcs8.expose()).unwrap();
    vec![key.public_jwk().clone()]
}
