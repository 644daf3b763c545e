//! Codes: bound, short-lived, used once.

use std::time::Duration;

use crate::kit::{RelyingParty, TestApp, confidential, public, registration};
use serde_json::json;

async fn code(app: &TestApp, system: &RelyingParty) -> String {
    app.browser()
        .first_visit(&system.authorize(&[("scope", "openid email offline_access")]), &["email"])
        .await
        .answer()["code"]
        .clone()
}

#[tokio::test]
async fn each_wrong_part_alone_is_refused_and_burns_nothing__rfc6749_4_1_3() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        let other = app.relying_party(confidential("khac")).await;
        let code = code(&app, &portal).await;
        let longer = format!("{code}A");
        let mut flipped = code.clone().into_bytes();
        flipped[20] ^= 1;
        let flipped = String::from_utf8(flipped).unwrap();
        for (wrong, error) in [
            (
                portal.redeem_with(&code, &[("redirect_uri", "https://dichvucong.example.vn/other")]).await,
                "invalid_grant",
            ),
            (portal.redeem_with(&code, &[("redirect_uri", "")]).await, "invalid_request"),
            (portal.redeem_with(&code, &[("code_verifier", &"a".repeat(43))]).await, "invalid_grant"),
            (portal.redeem_with(&code, &[("code_verifier", "")]).await, "invalid_grant"),
            (portal.redeem_with(&code, &[("code_verifier", "short")]).await, "invalid_grant"),
            (other.redeem_with(&code, &[("redirect_uri", portal.redirect_uri())]).await, "invalid_grant"),
            (portal.redeem(&longer).await, "invalid_grant"),
            (portal.redeem(&flipped).await, "invalid_grant"),
            (portal.redeem("").await, "invalid_request"),
            (portal.redeem(&"x".repeat(5_000)).await, "invalid_grant"),
        ] {
            assert_eq!(
                (wrong.status.as_u16(), wrong.text("error").as_str()),
                (400, error),
                "{:?}",
                wrong.body
            );
        }
        assert_eq!(portal.redeem(&code).await.status, 200, "the rightful owner's code still works");
    }
}

#[tokio::test]
async fn a_code_is_good_for_a_minute() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let code = code(&app, &portal).await;
    app.advance(Duration::from_secs(60)).await;
    assert_eq!(portal.redeem(&code).await.text("error"), "invalid_grant");
}

#[tokio::test]
async fn code_redeemed_twice_ends_the_family__rfc6749_4_1_2() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        let code = code(&app, &portal).await;
        let tokens = portal.redeem(&code).await;
        assert_eq!(portal.userinfo(&tokens.text("access_token")).await.status, 200);

        let again = portal.redeem(&code).await;
        assert_eq!((again.status.as_u16(), again.text("error").as_str()), (400, "invalid_grant"));
        let told = portal.userinfo(&tokens.text("access_token")).await;
        assert_eq!(told.status, 401);
        assert!(told.header("www-authenticate").contains("error=\"invalid_token\""));
        assert_eq!(portal.refresh(&tokens.text("refresh_token")).await.text("error"), "invalid_grant");
    }
}

#[tokio::test]
async fn of_sixteen_redemptions_at_once_one_wins() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        let code = code(&app, &portal).await;
        let answers = futures_util::future::join_all((0..16).map(|_| portal.redeem(&code))).await;
        let winners: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(winners.len(), 1);
        assert!(
            answers
                .iter()
                .filter(|answer| answer.status != 200)
                .all(|answer| answer.text("error") == "invalid_grant")
        );
        assert_eq!(
            portal.userinfo(&winners[0].text("access_token")).await.status,
            401,
            "reuse ended the family"
        );
    }
}

#[tokio::test]
async fn a_code_dies_with_its_session() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let code = browser.first_visit(&portal.authorize(&[]), &[]).await.answer()["code"].clone();
    let page = browser.open("/logout").await;
    browser.submit(&page, "/logout/confirm", &[]).await;
    assert_eq!(portal.redeem(&code).await.text("error"), "invalid_grant");
}

#[tokio::test]
async fn a_code_dies_with_the_consent() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        let mut browser = app.browser();
        let code = browser.first_visit(&portal.authorize(&[]), &[]).await.answer()["code"].clone();
        let page = browser.open("/account/systems/withdraw?id=dichvucong").await;
        browser.submit(&page, "/account/systems/withdraw", &[("id", "dichvucong")]).await;
        assert_eq!(portal.redeem(&code).await.text("error"), "invalid_grant");
    }
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_a_downgrade__rfc9700_4_8_2() {
    let app = TestApp::start().await;
    let old =
        app.relying_party(registration("cu", json!({ "profile": "legacy", "require_pkce": false }))).await;
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let mut browser = app.browser();
    let code = browser.first_visit(&old.authorize(&without), &[]).await.answer()["code"].clone();
    assert_eq!(old.redeem(&code).await.text("error"), "invalid_grant");
    assert_eq!(old.redeem_with(&code, &[("code_verifier", "")]).await.status, 200);
}

#[tokio::test]
async fn a_public_system_redeems_with_its_verifier_alone() {
    let app = TestApp::start().await;
    let app_on_phone = app.relying_party(public("dienthoai")).await;
    let code = code(&app, &app_on_phone).await;
    assert_eq!(app_on_phone.redeem(&code).await.status, 200);
}
