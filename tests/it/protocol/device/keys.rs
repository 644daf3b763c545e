//! Devices that show a key.

use std::time::Duration;

use serde_json::{Value, json};

use super::kiosk::{GRANT, approve, kiosk};
use crate::kit::{
    Authority, Certified, ISSUER, ProofKey, RelyingParty, TestApp, claims, client_params, registration,
    seen_with, with_proof,
};

/// An installation that is told of certificates by its proxy, and a kiosk whose tokens are bound to one.
async fn bound_kiosk(more: Value) -> (TestApp, RelyingParty, Authority) {
    let root = Authority::root("Root");
    let file = root.file();
    let app = TestApp::builder()
        .with("server.trusted_proxies", "192.0.2.0/24")
        .with("mutual_tls.certificates", "header")
        .with("mutual_tls.authorities_file", file.path().display().to_string())
        .build()
        .await;
    let mut members = json!({
        "token_endpoint_auth_method": "none", "grant_types": [GRANT, "refresh_token"], "response_types": [],
        "redirect_uris": [], "post_logout_redirect_uris": [], "tls_client_certificate_bound_access_tokens": true,
    });
    members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let kiosk = app.relying_party(registration("mot-cua", members)).await;
    (app, kiosk, root)
}

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

#[tokio::test]
async fn a_bound_device_shows_its_certificate_from_the_beginning_to_the_last_refresh__rfc8705_4() {
    let (app, kiosk, _) = bound_kiosk(json!({})).await;
    // Nobody has to have certified it: it proves nothing but that it is the same.
    let (own, other) = (Certified::by_itself(&client_params()), Certified::by_itself(&client_params()));
    let beginning = || kiosk.posting("/device", &[("scope", "openid email offline_access")]);
    let without = kiosk.answer(beginning()).await;
    assert_eq!((without.status.as_u16(), without.text("error").as_str()), (400, "invalid_request"));
    let htu = [("htu", json!(format!("{ISSUER}/device")))];
    let proof = ProofKey::generate().proof_with(&app, &htu);
    let both = kiosk.answer(with_proof(seen_with(beginning(), &own.certificate), &proof)).await;
    assert_eq!(both.text("error"), "invalid_request", "{}", both.body);
    let begun = kiosk.answer(seen_with(beginning(), &own.certificate)).await;
    assert_eq!(begun.status, 200, "{}", begun.body);
    approve(&mut app.browser(), &begun.text("user_code")).await;

    let code = begun.text("device_code");
    let polling = || kiosk.posting("/token", &[("grant_type", GRANT), ("device_code", &code)]);
    assert_eq!(kiosk.answer(polling()).await.text("error"), "invalid_request", "no certificate at all");
    let stolen = kiosk.answer(seen_with(polling(), &other.certificate)).await;
    assert_eq!(stolen.text("error"), "invalid_grant");
    assert!(stolen.text("error_description").contains("another than the one the device code is bound to"));
    let tokens = kiosk.answer(seen_with(polling(), &own.certificate)).await;
    assert_eq!(claims(&tokens.text("access_token"))["cnf"], json!({ "x5t#S256": own.thumbprint() }));

    let refresh = tokens.text("refresh_token");
    let stolen = kiosk.answer(seen_with(kiosk.refreshing(&refresh), &other.certificate)).await;
    assert_eq!(stolen.text("error"), "invalid_grant", "{}", stolen.body);
    let next = kiosk.answer(seen_with(kiosk.refreshing(&refresh), &own.certificate)).await;
    assert_eq!(claims(&next.text("access_token"))["cnf"], json!({ "x5t#S256": own.thumbprint() }));
}

#[tokio::test]
async fn a_device_that_authenticates_by_its_certificate_does_so_at_once__rfc8705_2() {
    let members = json!({
        "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "ngan-hang.example.vn",
    });
    let (app, kiosk, root) = bound_kiosk(members).await;
    let (own, stranger) = (root.client(), Certified::by_itself(&client_params()));
    let beginning = || kiosk.posting("/device", &[("scope", "openid offline_access")]);
    for refused in
        [kiosk.answer(beginning()).await, kiosk.answer(seen_with(beginning(), &stranger.certificate)).await]
    {
        assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (401, "invalid_client"));
    }
    let begun = kiosk.answer(seen_with(beginning(), &own.certificate)).await;
    assert_eq!(begun.status, 200, "{}", begun.body);
    approve(&mut app.browser(), &begun.text("user_code")).await;
    let code = begun.text("device_code");
    let polling = || kiosk.posting("/token", &[("grant_type", GRANT), ("device_code", &code)]);
    let renewed = root.client();
    let other = kiosk.answer(seen_with(polling(), &renewed.certificate)).await;
    assert_eq!(other.text("error"), "invalid_grant", "between the codes and the tokens it stays the same");
    let tokens = kiosk.answer(seen_with(polling(), &own.certificate)).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    // RFC 8705 §7.1: who authenticates may have another one when it refreshes.
    app.advance(Duration::from_secs(60)).await;
    let refreshing = kiosk.refreshing(&tokens.text("refresh_token"));
    let next = kiosk.answer(seen_with(refreshing, &renewed.certificate)).await;
    assert_eq!(claims(&next.text("access_token"))["cnf"], json!({ "x5t#S256": renewed.thumbprint() }));
}
