//! What a request needs next: prompts, ages, hints, levels; and that pages strand nobody.

use std::time::Duration;

use crate::kit::{Browser, RelyingParty, TestApp, confidential, public};

async fn known(app: &TestApp, system: &RelyingParty) -> Browser {
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await.answer();
    browser
}

#[tokio::test]
async fn prompt_none_answers_without_a_page__oidc_core_3_1_2_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let other = app.relying_party(public("vanphong")).await;
    let silent = [("prompt", "none")];
    assert_eq!(app.browser().get(&system.authorize(&silent)).await.answer()["error"], "login_required");
    let mut browser = known(&app, &system).await;
    assert!(browser.get(&system.authorize(&silent)).await.answer().contains_key("code"));
    assert_eq!(browser.get(&other.authorize(&silent)).await.answer()["error"], "consent_required");
    let more = [("prompt", "none"), ("scope", "openid email")];
    assert_eq!(browser.get(&system.authorize(&more)).await.answer()["error"], "consent_required");
}

#[tokio::test]
async fn prompt_login_asks_again_and_a_younger_sign_in_answers_it() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    app.advance(Duration::from_secs(30)).await;
    let page = browser.open(&system.authorize(&[("prompt", "login")])).await;
    assert!(page.has("form[action='/sign-in']"), "{}", page.text());
    app.advance(Duration::from_secs(5)).await;
    let answer = browser.sign_in(&page).await;
    let tokens = system.redeem(&answer.answer()["code"]).await;
    assert!(tokens.id_token()["auth_time"].as_i64().unwrap() > 1_795_420_800 + 30);
}

#[tokio::test]
async fn prompt_consent_asks_again() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    app.advance(Duration::from_secs(5)).await;
    let page = browser.open(&system.authorize(&[("prompt", "consent")])).await;
    app.advance(Duration::from_secs(5)).await;
    assert!(browser.agree(&page, &[]).await.answer().contains_key("code"));
}

#[tokio::test]
async fn prompt_create_leads_to_a_new_account() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let page = app.browser().open(&system.authorize(&[("prompt", "create")])).await;
    assert!(page.has("form[action='/create']"), "{}", page.text());
}

#[tokio::test]
async fn max_age_asks_whoever_signed_in_too_long_ago() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    app.advance(Duration::from_secs(100)).await;
    assert!(browser.get(&system.authorize(&[("max_age", "200")])).await.answer().contains_key("code"));
    for age in ["50", "0"] {
        let page = browser.open(&system.authorize(&[("max_age", age)])).await;
        assert!(page.has("form[action='/sign-in']"), "{age}");
        let answer = browser.sign_in(&page).await;
        assert!(answer.answer().contains_key("code"), "max_age={age} ends");
        app.advance(Duration::from_secs(60)).await;
    }
}

#[tokio::test]
async fn a_hint_names_who_is_meant() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut an = app.browser();
    let code = an.first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
    let hint = system.redeem(&code).await.text("id_token");
    let silent = |hint: &str| system.authorize(&[("prompt", "none"), ("id_token_hint", hint)]);
    assert!(an.get(&silent(&hint)).await.answer().contains_key("code"));
    app.advance(Duration::from_secs(700)).await;
    assert!(an.get(&silent(&hint)).await.answer().contains_key("code"), "an expired ID token is a good hint");
    let mut binh = known(&app, &system).await;
    assert_eq!(binh.get(&silent(&hint)).await.answer()["error"], "login_required");
    app.advance(Duration::from_secs(5)).await;
    let page = binh.open(&system.authorize(&[("id_token_hint", &hint)])).await;
    assert!(page.has("form[action='/sign-in']"));
    let answer = binh.sign_in(&page).await;
    assert_eq!(answer.answer()["error"], "login_required", "signed in as somebody else: no endless asking");
    let forged = format!("{}x", &hint[..hint.len() - 1]);
    assert_eq!(an.get(&silent(&forged)).await.answer()["error"], "login_required");
}

#[tokio::test]
async fn levels_asked_for_are_met_or_told() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    for wished in ["xt2-phr", "xt1", "https://id.moet.gov.vn/acr/xt2", "xt4", "unknown"] {
        let answer = browser.get(&system.authorize(&[("acr_values", wished)])).await;
        let tokens = system.redeem(&answer.answer()["code"]).await;
        assert_eq!(
            tokens.id_token()["acr"],
            "https://id.moet.gov.vn/acr/xt2-phr",
            "voluntary: what was reached"
        );
    }
}

#[tokio::test]
async fn declining_is_told_to_the_system() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let page = browser.open(&system.authorize(&[])).await;
    let create = page.attribute("a[href^='/create']", "href").unwrap();
    let page = browser.sign_up(&create, "Nguyễn Thị Ánh").await;
    let answer = browser.submit(&page, "/consent", &[("decision", "decline")]).await;
    assert_eq!(answer.answer()["error"], "access_denied");
    assert_eq!(answer.answer()["state"], "st-1");
}

#[tokio::test]
async fn what_was_answered_once_is_not_asked_again_when_another_request_came_between() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[("scope", "openid email")]), &["email"]).await.answer();
    let page = browser.open(&system.authorize(&[("scope", "openid phone")])).await;
    browser.agree(&page, &[]).await.answer();
    for scope in ["openid", "openid email", "openid phone", "openid email phone"] {
        let answer = browser.get(&system.authorize(&[("scope", scope), ("prompt", "none")])).await;
        let tokens = system.redeem(&answer.answer()["code"]).await;
        let told = system.userinfo(&tokens.text("access_token")).await;
        assert_eq!(told.body.get("email").is_some(), scope.contains("email"), "{scope}");
        assert_eq!(told.body.get("phone_number"), None, "{scope}: declined stays declined");
    }
}

#[tokio::test]
async fn a_claim_taken_back_on_the_page_is_not_told_any_more_by_tokens_of_before() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(public("dienthoai")).await;
        let mut browser = app.browser();
        let authorize = system.authorize(&[("scope", "openid profile email offline_access")]);
        let code = browser.first_visit(&authorize, &["email"]).await.answer()["code"].clone();
        let tokens = system.redeem(&code).await;
        let email = async |token: &str| system.userinfo(token).await.body.get("email").is_some();
        assert!(email(&tokens.text("access_token")).await);
        app.advance(Duration::from_secs(5)).await;
        let again =
            system.authorize(&[("scope", "openid profile email offline_access"), ("prompt", "consent")]);
        let page = browser.open(&again).await;
        browser.agree(&page, &[]).await.answer();
        assert!(!email(&tokens.text("access_token")).await);
        let refreshed = system.refresh(&tokens.text("refresh_token")).await;
        assert!(!email(&refreshed.text("access_token")).await);
    }
}

#[tokio::test]
async fn a_page_in_another_browser_is_refused_politely() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let page = browser.open(&system.authorize(&[])).await;
    let create = page.attribute("a[href^='/create']", "href").unwrap();
    let elsewhere = app.browser().open(&create).await;
    assert_eq!(elsewhere.status, 403);
    assert!(!elsewhere.heading().is_empty());
    assert_eq!(elsewhere.location(), None);
}

#[tokio::test]
async fn a_page_that_waited_too_long_offers_the_way_back() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let page = browser.open(&system.authorize(&[])).await;
    let create = page.attribute("a[href^='/create']", "href").unwrap();
    app.advance(Duration::from_secs(3_601)).await;
    let expired = browser.open(&create).await;
    assert_eq!(
        expired.attribute("a[href^='https://dichvucong']", "href").unwrap(),
        "https://dichvucong.example.vn/"
    );
}

#[tokio::test]
async fn two_tabs_go_their_own_ways() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let office = app.relying_party(public("vanphong")).await;
    let mut browser = app.browser();
    let first = browser.open(&portal.authorize(&[("state", "tab-1")])).await;
    let second = browser.open(&office.authorize(&[("state", "tab-2")])).await;
    let create = first.attribute("a[href^='/create']", "href").unwrap();
    let consent = browser.sign_up(&create, "Nguyễn Thị Ánh").await;
    let answer = browser.agree(&consent, &[]).await;
    assert_eq!(answer.answer()["state"], "tab-1");
    app.advance(Duration::from_secs(5)).await;
    let consent = browser.sign_in(&second).await;
    let answer = browser.agree(&consent, &[]).await;
    assert_eq!(answer.answer()["state"], "tab-2");
}

#[tokio::test]
async fn a_disabled_system_gets_nothing() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let authorize = system.authorize(&[("scope", "openid email offline_access")]);
    let code = browser.first_visit(&authorize, &[]).await.answer()["code"].clone();
    let tokens = system.redeem(&code).await;
    let provider = &app.instance.provider;
    provider
        .switch_client(&system.registration.client_id, khue::domain::client::ClientStatus::Disabled)
        .await
        .unwrap();
    provider.refresh_caches().await.unwrap();
    assert_eq!(browser.get(&authorize).await.status, 400);
    assert_eq!(system.userinfo(&tokens.text("access_token")).await.status, 401);
    assert_eq!(system.refresh(&tokens.text("refresh_token")).await.text("error"), "invalid_client");
}

#[tokio::test]
async fn the_session_cookie_changes_with_every_sign_in_and_the_old_one_is_dead() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    let before = browser.cookie("__Host-khue_session").unwrap().to_owned();
    app.advance(Duration::from_secs(5)).await;
    let page = browser.open(&system.authorize(&[("prompt", "login")])).await;
    browser.sign_in(&page).await;
    assert_ne!(browser.cookie("__Host-khue_session").unwrap(), before);
    let mut thief = app.browser();
    thief.set_cookie("__Host-khue_session", &before);
    assert_eq!(thief.get(&system.authorize(&[("prompt", "none")])).await.answer()["error"], "login_required");
}

#[tokio::test]
async fn sessions_end_when_idle_and_after_half_a_day() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    let silent = system.authorize(&[("prompt", "none")]);
    for _ in 0..51 {
        app.advance(Duration::from_secs(14 * 60)).await;
        assert!(browser.get(&silent).await.answer().contains_key("code"));
    }
    app.advance(Duration::from_secs(14 * 60)).await;
    assert_eq!(browser.get(&silent).await.answer()["error"], "login_required", "twelve hours are over");
    let mut idle = known(&app, &system).await;
    app.advance(Duration::from_secs(15 * 60)).await;
    assert_eq!(idle.get(&silent).await.answer()["error"], "login_required");
}
