//! Signing out at a system's wish (RP-Initiated Logout 1.0).

use crate::kit::{Browser, RelyingParty, TestApp, confidential};
use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use url::form_urlencoded;

async fn signed_in(app: &TestApp, system: &RelyingParty) -> (Browser, String) {
    let mut browser = app.browser();
    let code = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
    (browser, system.redeem(&code).await.text("id_token"))
}

fn logout(parameters: &[(&str, &str)]) -> String {
    format!("/logout?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish())
}

async fn is_signed_in(browser: &mut Browser, system: &RelyingParty) -> bool {
    browser.get(&system.authorize(&[("prompt", "none")])).await.answer().contains_key("code")
}

const THERE: &str = "https://dichvucong.example.vn/signed-out";

#[tokio::test]
async fn a_valid_hint_signs_out_at_once_and_leads_back_with_state() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(confidential("dichvucong")).await;
        let (mut browser, hint) = signed_in(&app, &system).await;
        let parameters =
            [("id_token_hint", &hint[..]), ("post_logout_redirect_uri", THERE), ("state", "a b&c")];
        let page = browser.get(&logout(&parameters)).await;
        assert_eq!(page.status, 303, "{}", page.text());
        assert_eq!(page.location().unwrap(), format!("{THERE}?state=a+b%26c"));
        assert!(!is_signed_in(&mut browser, &system).await);
    }
}

#[tokio::test]
async fn a_system_may_post_its_wish_and_the_person_is_known_all_the_same__rp_initiated_logout_2() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (mut browser, hint) = signed_in(&app, &system).await;
    let wish = logout(&[("id_token_hint", &hint), ("post_logout_redirect_uri", THERE)]);
    let (path, query) = wish.split_once('?').unwrap();
    let posted = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let posted = system.answer(posted.body(Body::from(query.to_owned())).unwrap()).await;
    assert_eq!((posted.status.as_u16(), posted.header("set-cookie")), (303, ""), "nobody is known here");
    let page = browser.get(posted.header("location")).await;
    assert_eq!(page.location().unwrap(), THERE);
    assert!(!is_signed_in(&mut browser, &system).await);
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (mut browser, _) = signed_in(&app, &system).await;
    let parameters = [("client_id", "dichvucong"), ("post_logout_redirect_uri", THERE)];
    let page = browser.get(&logout(&parameters)).await;
    assert!(page.has("form[action='/logout/confirm']"));
    assert!(is_signed_in(&mut browser, &system).await, "a link signs nobody out");
    let done = browser.submit(&page, "/logout/confirm", &[]).await;
    assert_eq!(done.location().unwrap(), THERE);
    assert!(!is_signed_in(&mut browser, &system).await);
}

#[tokio::test]
async fn another_person_s_hint_proves_nothing() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (_, hint) = signed_in(&app, &system).await;
    let (mut binh, _) = signed_in(&app, &system).await;
    let page = binh.get(&logout(&[("id_token_hint", &hint), ("post_logout_redirect_uri", THERE)])).await;
    assert!(page.has("form[action='/logout/confirm']"));
    assert!(is_signed_in(&mut binh, &system).await);
}

#[tokio::test]
async fn an_address_that_is_not_registered_is_never_followed() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (mut browser, hint) = signed_in(&app, &system).await;
    let evil = "https://evil.example/";
    for parameters in [
        vec![("id_token_hint", &hint[..]), ("post_logout_redirect_uri", evil)],
        vec![("post_logout_redirect_uri", THERE)],
        vec![("client_id", "unknown"), ("post_logout_redirect_uri", THERE)],
        vec![("client_id", "khac"), ("id_token_hint", &hint)],
        vec![("id_token_hint", "not.a.token"), ("post_logout_redirect_uri", THERE)],
        vec![
            ("id_token_hint", &hint),
            ("post_logout_redirect_uri", "https://dichvucong.example.vn/signed-out/"),
        ],
    ] {
        let page = browser.get(&logout(&parameters)).await;
        assert_eq!((page.status.as_u16(), page.location()), (400, None), "{parameters:?}");
        assert!(is_signed_in(&mut browser, &system).await);
    }
}

#[tokio::test]
async fn a_forged_form_signs_nobody_out() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (mut browser, _) = signed_in(&app, &system).await;
    let page = browser.post("/logout/confirm", &[("logout_request", "")]).await;
    assert!(page.status.is_client_error());
    assert!(is_signed_in(&mut browser, &system).await);
}

#[tokio::test]
async fn signing_out_twice_is_fine() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (mut browser, hint) = signed_in(&app, &system).await;
    for _ in 0..2 {
        let page =
            browser.get(&logout(&[("id_token_hint", &hint), ("post_logout_redirect_uri", THERE)])).await;
        assert_eq!(page.location().unwrap(), THERE);
    }
    assert_eq!(app.browser().open("/logout").await.status, 200);
}

#[tokio::test]
async fn she_may_sign_out_of_one_system_and_stay_signed_in_elsewhere() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(confidential("dichvucong")).await;
        let school = app.relying_party(confidential("hocba")).await;
        let mut browser = app.browser();
        let code = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
        let ended = system.redeem(&code).await.text("access_token");
        let page = browser.open(&school.authorize(&[])).await;
        let code = browser.agree(&page, &[]).await.answer()["code"].clone();
        let stands = school.redeem(&code).await.text("access_token");

        let parameters = [("client_id", "dichvucong"), ("post_logout_redirect_uri", THERE), ("state", "s")];
        let page = browser.get(&logout(&parameters)).await;
        let buttons = page.select_text("form[action='/logout/confirm']");
        assert_eq!(buttons, "Đăng xuất khỏi mọi hệ thống Chỉ đăng xuất khỏi Hệ thống dichvucong Hủy");
        let done = browser.submit(&page, "/logout/confirm", &[("from", "system")]).await;
        assert_eq!(done.location().unwrap(), format!("{THERE}?state=s"));
        assert_eq!(system.userinfo(&ended).await.status, 401);
        assert_eq!(school.userinfo(&stands).await.status, 200);
        assert!(is_signed_in(&mut browser, &school).await);
        let log = browser.open("/account/log").await.text();
        assert!(log.contains("Bạn đăng xuất khỏi một hệ thống"), "{log}");
        assert!(log.contains("Kết nối"), "what ended is recorded: {log}");
    }
}

#[tokio::test]
async fn without_an_address_to_return_to_a_page_says_what_is_done_and_what_is_not() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (mut browser, _) = signed_in(&app, &system).await;
    let page = browser.get("/logout?client_id=dichvucong&ui_locales=en").await;
    assert!(page.text().contains("Sign out of System dichvucong only"), "{}", page.text());
    let done = browser.submit(&page, "/logout/confirm", &[("from", "system")]).await;
    assert_eq!(done.heading(), "Bạn đã đăng xuất khỏi Hệ thống dichvucong");
    assert!(done.has("a[href='/logout']") && done.has("a[href='https://dichvucong.example.vn/']"));
    assert!(is_signed_in(&mut browser, &system).await);
}

#[tokio::test]
async fn one_system_is_chosen_only_where_one_is_named() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (mut browser, _) = signed_in(&app, &system).await;
    let alone = browser.get("/logout").await;
    assert!(!alone.has("button[value=system]"));
    for (page, from) in [(&alone, "system"), (&alone, "nothing")] {
        let refused = browser.submit(page, "/logout/confirm", &[("from", from)]).await;
        assert_eq!(refused.status, 400, "{from}");
    }
    let named = browser.get("/logout?client_id=dichvucong").await;
    let refused = browser.submit(&named, "/logout/confirm", &[("from", "System")]).await;
    assert_eq!(refused.status, 400);
    assert!(is_signed_in(&mut browser, &system).await);
}
