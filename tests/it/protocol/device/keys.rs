//! Devices that show a key.

use serde_json::json;

use super::kiosk::{GRANT, approve, kiosk};
use crate::kit::{ISSUER, ProofKey, TestApp, with_proof};

#[tokio::test]
async fn a_key_that_was_shown_at_the_beginning_is_shown_at_the_end() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let (key, other) = (ProofKey::generate(), ProofKey::generate());
    let htu = json!(format!("{ISSUER}/device"));
    let beginning = kiosk.posting("/device", &[("scope", "openid email")]);
    let begun = kiosk.answer(with_proof(beginning, &key.proof_with(&app, &[("htu", htu)]))).await;
    approve(&mut app.browser(), &begun.text("user_code")).await;
    let code = begun.text("device_code");
    let polling = || kiosk.posting("/token", &[("grant_type", GRANT), ("device_code", &code)]);
    assert_eq!(kiosk.answer(polling()).await.text("error"), "invalid_grant");
    assert_eq!(kiosk.answer(with_proof(polling(), &other.proof(&app))).await.text("error"), "invalid_grant");
    let tokens = kiosk.answer(with_proof(polling(), &key.proof(&app))).await;
    assert_eq!((tokens.status.as_u16(), tokens.text("token_type").as_str()), (200, "DPoP"));
    let wrong = kiosk.posting("/device", &[("scope", "openid")]);
    let answer = kiosk.answer(with_proof(wrong, &key.proof(&app))).await;
    assert_eq!(answer.text("error"), "invalid_dpop_proof", "made for another endpoint");
}
