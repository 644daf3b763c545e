//! Whether the person is still the one that a system knows (Session Management 1.0). The frame's own script is driven in a
//! real browser: `tests/browser/session.spec.js`.

use axum::body::Body;
use axum::http::Request;
use khue::base::encoding::base64url;
use ring::digest::{SHA256, digest};
use serde_json::json;

use crate::kit::{Browser, ISSUER, RelyingParty, TestApp, confidential, registration};

const COOKIE: &str = "__Host-khue_state";

/// What the script makes of the browser's cookie, as the standard says.
fn compared(browser: &Browser, client: &str, origin: &str, state: &str) -> bool {
    let (_, salt) = state.split_once('.').unwrap();
    let seen = browser.cookie(COOKIE).unwrap_or_default();
    let text = format!("{client} {origin} {seen} {salt}");
    format!("{}.{salt}", base64url(digest(&SHA256, text.as_bytes()))) == state
}

async fn answered(browser: &mut Browser, system: &RelyingParty) -> String {
    browser.get(&system.authorize(&[])).await.answer()["session_state"].clone()
}

#[tokio::test]
async fn an_answer_tells_what_the_browser_shows_as_long_as_she_stays__session_management_3_2() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(confidential("dichvucong")).await;
        let mut browser = app.browser();
        let first = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["session_state"].clone();
        let origin = "https://dichvucong.example.vn";
        assert!(compared(&browser, "dichvucong", origin, &first));
        assert!(!compared(&browser, "motcua", origin, &first), "another system");
        assert!(!compared(&browser, "dichvucong", "https://evil.example", &first), "another page");
        let second = answered(&mut browser, &system).await;
        assert_ne!(first, second, "salted");
        assert!(
            compared(&browser, "dichvucong", origin, &first)
                && compared(&browser, "dichvucong", origin, &second)
        );

        let page = browser.open("/logout").await;
        browser.submit(&page, "/logout/confirm", &[]).await;
        assert_eq!(browser.cookie(COOKIE), None);
        assert!(!compared(&browser, "dichvucong", origin, &second), "signed out");
    }
}

#[tokio::test]
async fn another_person_is_another_state() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (mut browser, mut other) = (app.browser(), app.browser());
    let first = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["session_state"].clone();
    other.first_visit(&system.authorize(&[]), &[]).await.answer();
    app.advance(std::time::Duration::from_secs(5)).await;
    std::mem::swap(&mut browser.authenticator, &mut other.authenticator);
    let page = browser.open(&system.authorize(&[("prompt", "login")])).await;
    let now = browser.sign_in(&page).await.answer()["session_state"].clone();
    let origin = "https://dichvucong.example.vn";
    assert!(
        compared(&browser, "dichvucong", origin, &now) && !compared(&browser, "dichvucong", origin, &first)
    );
}

#[tokio::test]
async fn an_error_and_an_application_without_an_origin_get_none() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let answer = app.browser().get(&system.authorize(&[("prompt", "none")])).await.answer();
    assert_eq!(answer.get("session_state"), None);
    let phone = registration(
        "dienthoai",
        json!({
            "application_type": "native", "token_endpoint_auth_method": "none",
            "redirect_uris": ["vn.example.dienthoai:/callback"],
            "post_logout_redirect_uris": [], "sector_identifier": "dienthoai.example.vn",
        }),
    );
    let phone = app.relying_party(phone).await;
    let answer = app.browser().first_visit(&phone.authorize(&[]), &[]).await.answer();
    assert!(answer.contains_key("code") && !answer.contains_key("session_state"));
}

#[tokio::test]
async fn the_frame_may_be_framed_and_runs_one_script_of_ours__session_management_3_3() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let get = |path: &str| Request::get(path.to_owned()).body(Body::empty()).unwrap();
    let discovery = system.answer(get("/.well-known/openid-configuration")).await;
    assert_eq!(discovery.body["check_session_iframe"], format!("{ISSUER}/session/check"));
    let mut browser = app.browser();
    let frame = browser.get("/session/check").await;
    assert_eq!(frame.status, 200);
    assert_eq!(
        frame.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
    );
    assert_eq!(browser.cookies().count(), 0, "it sets nothing");
    assert_eq!(frame.attribute("html", "data-cookie").as_deref(), Some(COOKIE));
    let script = browser.get(&frame.attribute("script", "src").unwrap()).await;
    assert_eq!(
        (script.status.as_u16(), script.header("content-type")),
        (200, "text/javascript; charset=utf-8")
    );
    let page = browser.get("/sign-in").await;
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "no other page");
}
