//! Signing out at a system's wish (RP-Initiated Logout 1.0).

use crate::kit::{Browser, RelyingParty, TestApp, confidential};
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
