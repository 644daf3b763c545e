//! Refresh tokens: families, rotation, reuse detection, the lost reply.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::kit::{Browser, RelyingParty, TestApp, confidential, public};

async fn refresh_token(browser: &mut Browser, system: &RelyingParty) -> String {
    let authorize = system.authorize(&[("scope", "openid profile email offline_access")]);
    let code = browser.first_visit(&authorize, &["email"]).await.answer()["code"].clone();
    system.redeem(&code).await.text("refresh_token")
}

#[tokio::test]
async fn each_use_gives_the_next_one__rfc9700_4_14_2() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(public("dienthoai")).await;
        let first = refresh_token(&mut app.browser(), &system).await;
        app.advance(Duration::from_secs(60)).await;
        let answer = system.refresh(&first).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let second = answer.text("refresh_token");
        assert_ne!(first, second);
        assert_eq!(answer.id_token()["auth_time"], 1_795_420_800, "a refresh is no sign-in");
        assert_eq!(answer.id_token().get("nonce"), None, "OIDC Core 12.2");
        assert_eq!(system.userinfo(&answer.text("access_token")).await.body["email"], "an.nguyen@example.vn");
        assert_eq!(system.refresh(&second).await.status, 200);
    }
}

#[tokio::test]
async fn a_lost_reply_can_be_asked_for_again_for_ten_seconds() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(public("dienthoai")).await;
        let first = refresh_token(&mut app.browser(), &system).await;
        let lost = system.refresh(&first).await;
        app.advance(Duration::from_secs(9)).await;
        let again = system.refresh(&first).await;
        assert_eq!(again.status, 200);
        assert_eq!(again.text("refresh_token"), lost.text("refresh_token"), "no second family");
        assert_eq!(system.refresh(&again.text("refresh_token")).await.status, 200);
    }
}

#[tokio::test]
async fn a_replaced_token_ends_the_family() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(public("dienthoai")).await;
        let first = refresh_token(&mut app.browser(), &system).await;
        let second = system.refresh(&first).await;
        app.advance(Duration::from_secs(10)).await;
        let reused = system.refresh(&first).await;
        assert_eq!((reused.status.as_u16(), reused.text("error").as_str()), (400, "invalid_grant"));
        assert_eq!(system.refresh(&second.text("refresh_token")).await.text("error"), "invalid_grant");
        assert_eq!(system.userinfo(&second.text("access_token")).await.status, 401);
    }
}

#[tokio::test]
async fn a_thief_cannot_use_the_lost_reply_rule_once_the_owner_went_on() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let first = refresh_token(&mut app.browser(), &system).await;
    let second = system.refresh(&first).await.text("refresh_token");
    assert_eq!(system.refresh(&second).await.status, 200);
    assert_eq!(
        system.refresh(&first).await.text("error"),
        "invalid_grant",
        "within ten seconds, but not lost"
    );
}

#[tokio::test]
async fn other_parameters_are_no_lost_reply() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let first = refresh_token(&mut app.browser(), &system).await;
    assert_eq!(system.refresh(&first).await.status, 200);
    assert_eq!(system.refresh_with(&first, &[("scope", "openid")]).await.text("error"), "invalid_grant");
}

#[tokio::test]
async fn sixteen_refreshes_at_once_have_one_successor() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(public("dienthoai")).await;
        let first = refresh_token(&mut app.browser(), &system).await;
        let answers = futures_util::future::join_all((0..16).map(|_| system.refresh(&first))).await;
        let successors: BTreeSet<String> =
            answers.iter().map(|answer| answer.text("refresh_token")).collect();
        assert_eq!(successors.len(), 1);
        let successor = successors.into_iter().next().unwrap();
        assert_eq!(system.refresh(&successor).await.status, 200);
    }
}

#[tokio::test]
async fn scope_narrows_and_never_widens__rfc6749_6() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let first = refresh_token(&mut app.browser(), &system).await;
    assert_eq!(
        system.refresh_with(&first, &[("scope", "openid phone")]).await.text("error"),
        "invalid_scope"
    );
    let narrow = system.refresh_with(&first, &[("scope", "openid email")]).await;
    assert_eq!(narrow.text("scope"), "openid email");
    let told = system.userinfo(&narrow.text("access_token")).await;
    assert_eq!((told.body.get("email").is_some(), told.body.get("name")), (true, None));
    let wide = system.refresh(&narrow.text("refresh_token")).await;
    assert!(wide.text("scope").contains("profile"), "the family keeps what was granted");
}

#[tokio::test]
async fn another_client_s_token_is_refused_and_not_burnt() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let other = app.relying_party(public("khac")).await;
    let first = refresh_token(&mut app.browser(), &system).await;
    for wrong in [&first[..], "khue_rt_nonsense", "", "x"] {
        let error = other.refresh(wrong).await.text("error");
        assert!(
            error == "invalid_grant" || (wrong.is_empty() && error == "invalid_request"),
            "{wrong:?}: {error}"
        );
    }
    assert_eq!(system.refresh(&first).await.status, 200);
}

#[tokio::test]
async fn offline_access_outlives_the_session_and_ends_with_the_consent() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let mut browser = app.browser();
    let first = refresh_token(&mut browser, &system).await;
    let page = browser.open("/logout").await;
    browser.submit(&page, "/logout/confirm", &[]).await;
    let second = system.refresh(&first).await;
    assert_eq!(second.status, 200);

    let page = browser.open("/sign-in").await;
    browser.sign_in(&page).await;
    let page = browser.open("/account/systems/withdraw?id=dienthoai").await;
    browser.submit(&page, "/account/systems/withdraw", &[("id", "dienthoai")]).await;
    assert_eq!(system.refresh(&second.text("refresh_token")).await.text("error"), "invalid_grant");
    assert_eq!(system.userinfo(&second.text("access_token")).await.status, 401);
}

#[tokio::test]
async fn a_refresh_token_that_rested_for_thirty_days_is_over() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let first = refresh_token(&mut app.browser(), &system).await;
    app.advance(Duration::from_secs(30 * 24 * 3600)).await;
    assert_eq!(system.refresh(&first).await.text("error"), "invalid_grant");
}
