//! A person opens one system and then another.

use serde_json::json;

use crate::kit::{TestApp, confidential, public};

#[tokio::test]
async fn a_person_signs_up_at_one_system_and_is_simply_in_at_the_next() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        let office = app.relying_party(public("vanphong")).await;
        let mut browser = app.browser();

        let answer = browser
            .first_visit(&portal.authorize(&[("scope", "openid profile email phone")]), &["email"])
            .await;
        let parameters = answer.answer();
        assert_eq!(parameters["state"], "st-1");
        assert_eq!(parameters["iss"], crate::kit::ISSUER);
        let tokens = portal.redeem(&parameters["code"]).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        assert_eq!(tokens.header("cache-control"), "no-store");
        let told = portal.userinfo(&tokens.text("access_token")).await;
        assert_eq!(told.body["name"], "Nguyễn Thị Ánh");
        assert_eq!(told.body["email"], "an.nguyen@example.vn");
        assert_eq!(told.body["email_verified"], false);
        assert_eq!(told.body.get("phone_number"), None, "not ticked, not told");
        assert_eq!(told.body["sub"], tokens.id_token()["sub"]);

        let page = browser.open(&office.authorize(&[])).await;
        assert!(page.has("form[action='/consent']"), "{}", page.text());
        let answer = browser.agree(&page, &[]).await;
        let tokens_there = office.redeem(&answer.answer()["code"]).await;
        assert_ne!(
            tokens_there.id_token()["sub"],
            tokens.id_token()["sub"],
            "two systems cannot join their records"
        );

        let again = browser.get(&office.authorize(&[])).await;
        assert!(again.answer().contains_key("code"), "remembered: no page between");
    }
}

#[tokio::test]
async fn the_id_token_says_who_when_and_how__oidc_core_2() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let answer = app.browser().first_visit(&portal.authorize(&[]), &[]).await;
    let tokens = portal.redeem(&answer.answer()["code"]).await;
    let claims = tokens.id_token();
    assert_eq!(claims["iss"], crate::kit::ISSUER);
    assert_eq!(claims["aud"], "dichvucong");
    assert_eq!(claims["azp"], "dichvucong");
    assert_eq!(claims["nonce"], "no-1");
    assert_eq!(claims["acr"], "https://id.moet.gov.vn/acr/xt2-phr");
    assert_eq!(claims["amr"], json!(["hwk", "user", "mfa"]));
    assert_eq!(claims["iat"], 1_795_420_800);
    assert_eq!(claims["auth_time"], 1_795_420_800);
    assert_eq!(claims["exp"], 1_795_420_800 + 600);
    assert!(claims["sid"].is_string() && claims["at_hash"].is_string());
    assert_eq!(claims.get("name"), None, "ID tokens stay small");
    assert_eq!(tokens.body["token_type"], "Bearer");
    assert_eq!(tokens.body["expires_in"], 300);
    assert_eq!(tokens.body.get("refresh_token"), None, "offline access was not asked for");
}

#[tokio::test]
async fn claims_may_be_asked_for_in_the_id_token__oidc_core_5_5() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let claims = r#"{"id_token":{"name":{"essential":true},"email":null},"userinfo":{"phone_number":null}}"#;
    let answer =
        app.browser().first_visit(&portal.authorize(&[("claims", claims)]), &["email", "phone_number"]).await;
    let tokens = portal.redeem(&answer.answer()["code"]).await;
    assert_eq!(tokens.id_token()["name"], "Nguyễn Thị Ánh");
    assert_eq!(tokens.id_token()["email"], "an.nguyen@example.vn");
    let told = portal.userinfo(&tokens.text("access_token")).await;
    assert_eq!(told.body["phone_number"], "+84912345678");
    assert_eq!(told.body.get("name"), None);
}
