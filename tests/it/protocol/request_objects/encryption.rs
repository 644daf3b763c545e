//! What is encrypted to us: objects, and hints.

use std::time::Duration;

use khue::crypto::signing::Jwks;
use khue::protocol::{
    ContentEncryptionAlgorithm, DecryptionKeyKind, KeyManagementAlgorithm, SigningAlgorithm,
};
use khue::services::signing_keys::Urgency;
use serde_json::json;

use super::system::{bare, encrypted, published, signer_free_keys, signing};
use crate::kit::{Signer, TestApp, registration};

#[tokio::test]
async fn an_encrypted_object_is_read_by_each_published_algorithm__rfc9101_6_1() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = signing(&app, &signer, json!({ "require_signed_request_object": true })).await;
    let keys = published(&system).await;
    for alg in KeyManagementAlgorithm::ALL {
        for enc in ContentEncryptionAlgorithm::ALL {
            let object = signer.request_object(&app, &system, json!({}), json!({}));
            let object = encrypted(&keys, *alg, *enc, &object);
            let pushed = system.post("/par", &[("request", &object)]).await;
            assert_eq!(pushed.status, 201, "{alg} {enc} {}", pushed.body);
        }
    }
    let enc = ContentEncryptionAlgorithm::A256Gcm;
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    let whole = encrypted(&keys, KeyManagementAlgorithm::EcdhEs, enc, &object);
    let page = app.browser().first_visit(&bare(&system, &[("request", &whole)]), &[]).await;
    assert!(page.answer().contains_key("code"));
    let unsigned = encrypted(&keys, KeyManagementAlgorithm::EcdhEs, enc, "eyJhbGciOiJub25lIn0.e30.");
    let foreign = Jwks { keys: signer_free_keys() };
    let foreign = encrypted(&foreign, KeyManagementAlgorithm::EcdhEs, enc, &object);
    for wrong in [&whole[..whole.len() - 4], &unsigned, &foreign] {
        let pushed = system.post("/par", &[("request", wrong)]).await;
        assert_eq!((pushed.status.as_u16(), pushed.text("error").as_str()), (400, "invalid_request_object"));
    }
}

#[tokio::test]
async fn keys_for_encryption_change_and_the_one_before_still_reads__oidc_core_10_2_1() {
    for app in TestApp::on_both().await {
        let signer = Signer::key(SigningAlgorithm::ES256);
        let system = signing(&app, &signer, json!({})).await;
        let before = published(&system).await;
        let provider = &app.instance.provider;
        let enc_keys = |set: &Jwks| {
            let for_enc = set.keys.iter().filter(|key| key.usage.as_deref() == Some("enc"));
            for_enc.filter_map(|key| key.kid.clone()).collect::<Vec<_>>()
        };
        assert_eq!(enc_keys(&before).len(), DecryptionKeyKind::ALL.len());
        provider.rotate_signing_key(DecryptionKeyKind::P256, Urgency::Orderly).await.unwrap();
        provider.refresh_caches().await.unwrap();
        assert_eq!(enc_keys(&published(&system).await), enc_keys(&before), "not before every node has it");
        provider.rotate_signing_key(DecryptionKeyKind::P256, Urgency::Immediate).await.unwrap();
        provider.refresh_caches().await.unwrap();
        let after = published(&system).await;
        assert_eq!(enc_keys(&after).len(), DecryptionKeyKind::ALL.len(), "nobody begins with the old one");
        assert_ne!(enc_keys(&after), enc_keys(&before));
        let push = async |keys: &Jwks| {
            let object = signer.request_object(&app, &system, json!({}), json!({}));
            let enc = ContentEncryptionAlgorithm::A128Gcm;
            let object = encrypted(keys, KeyManagementAlgorithm::EcdhEsA256Kw, enc, &object);
            system.post("/par", &[("request", &object)]).await.status.as_u16()
        };
        assert_eq!((push(&before).await, push(&after).await), (201, 201));
        app.clock.advance(Duration::from_secs(8 * 24 * 3600));
        provider.advance_signing_keys().await.unwrap();
        provider.refresh_caches().await.unwrap();
        assert_eq!((push(&before).await, push(&after).await), (400, 201), "withdrawn after seven days");
    }
}

#[tokio::test]
async fn a_hint_may_be_encrypted_to_us__oidc_core_3_1_2_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(registration("dichvucong", json!({}))).await;
    let mut browser = app.browser();
    let code = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
    let id_token = system.redeem(&code).await.text("id_token");
    let keys = published(&system).await;
    let alg = KeyManagementAlgorithm::EcdhEs;
    let hint = encrypted(&keys, alg, ContentEncryptionAlgorithm::A256Gcm, &id_token);
    let page = browser.get(&system.authorize(&[("prompt", "none"), ("id_token_hint", &hint)])).await;
    assert!(page.answer().contains_key("code"));
    let garbled = format!("{}AAAA", &hint[..hint.len() - 4]);
    let page = browser.get(&system.authorize(&[("prompt", "none"), ("id_token_hint", &garbled)])).await;
    assert_eq!(page.answer()["error"], "login_required");
}
