//! Sessions and the passkey that begins them.

use std::time::Duration;

use super::raw::post;
use crate::authenticator::{Authenticator, Fault};
use crate::kit::{Browser, ISSUER, Page, TestApp, confidential};

const SESSION: &str = "__Host-khue_session";

/// A browser in which somebody just made an account.
async fn signed_up(app: &TestApp, name: &str) -> Browser {
    let mut browser = app.browser();
    let page = browser.sign_up("/create", name).await;
    assert_eq!(page.heading(), format!("Xin chào, {name}"), "{}", page.text());
    browser
}

async fn signed_out(browser: &mut Browser) -> Page {
    browser.set_cookie(SESSION, "");
    browser.open("/sign-in").await
}

/// Whether the cookie `token` still opens the account.
async fn opens(app: &TestApp, token: &str) -> bool {
    let mut thief = app.browser();
    thief.set_cookie(SESSION, token);
    thief.get("/account").await.status == 200
}

#[tokio::test]
async fn a_person_comes_back_with_her_passkey() {
    for app in TestApp::on_both().await {
        let mut browser = signed_up(&app, "Nguyễn Thị Ánh").await;
        let page = signed_out(&mut browser).await;
        let page = browser.sign_in(&page).await;
        assert_eq!(page.heading(), "Xin chào, Nguyễn Thị Ánh");
    }
}

#[tokio::test]
async fn the_session_cookie_is_new_at_every_sign_in_and_the_old_one_dead() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app, "An").await;
    let first = browser.cookie(SESSION).unwrap().to_owned();
    app.advance(Duration::from_secs(400)).await;
    let page = browser.open("/account/passkeys").await;
    assert_eq!(page.heading(), "Xác nhận đó là bạn", "{}", page.text());
    browser.sign_in(&page).await;
    let second = browser.cookie(SESSION).unwrap().to_owned();
    assert_ne!(first, second);
    assert!(!opens(&app, &first).await);
    assert!(opens(&app, &second).await);
    let sessions = browser.open("/account/sessions").await;
    assert!(!sessions.has("form[action='/account/sessions/end']"), "still the one session");
}

#[tokio::test]
async fn another_person_at_the_same_browser_ends_the_session_before() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let answer = browser.first_visit(&system.authorize(&[]), &[]).await;
    let tokens = system.redeem(&answer.answer()["code"]).await;
    assert_eq!(system.userinfo(&tokens.text("access_token")).await.status, 200);
    let first = browser.cookie(SESSION).unwrap().to_owned();
    app.advance(Duration::from_secs(5)).await;
    let create = browser.open(&system.authorize(&[("prompt", "create")])).await;
    let page = browser.submit(&create, "/create", &[("name", "Bình")]).await;
    browser.create_passkey(&page, "/create/passkey").await;
    assert!(!opens(&app, &first).await);
    assert_eq!(
        system.userinfo(&tokens.text("access_token")).await.status,
        401,
        "her tokens end with her session"
    );
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_after_its_longest_life() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app, "An").await;
    app.advance(Duration::from_secs(16 * 60)).await;
    assert_eq!(browser.get("/account").await.location().as_deref(), Some("/sign-in"));
    let page = browser.open("/sign-in").await;
    browser.sign_in(&page).await;
    for _ in 0..71 {
        app.advance(Duration::from_secs(10 * 60)).await;
        assert_eq!(browser.get("/account").await.status, 200);
    }
    app.advance(Duration::from_secs(10 * 60)).await;
    assert_eq!(browser.get("/account").await.location().as_deref(), Some("/sign-in"), "twelve hours");
}

#[tokio::test]
async fn a_ceremony_works_once_in_its_browser_and_for_ten_minutes() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app, "An").await;
    let page = signed_out(&mut browser).await;
    let credential = browser.authenticator.get(&page.passkey_options("/sign-in"));
    let done = browser.submit(&page, "/sign-in", &[("credential", &credential)]).await;
    assert_eq!(done.status, 200);
    browser.set_cookie(SESSION, "");
    let again = browser.submit(&page, "/sign-in", &[("credential", &credential)]).await;
    assert_eq!(again.status, 400, "replayed");
    assert!(browser.cookie(SESSION).is_none_or(str::is_empty));

    let mut other = app.browser();
    let theirs = other.open("/sign-in").await;
    let stolen = [("ceremony", page.attribute("input[name=ceremony]", "value").unwrap())];
    let stolen: Vec<(&str, &str)> = stolen.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let credential = browser.authenticator.get(&page.passkey_options("/sign-in"));
    let fields = [stolen.as_slice(), &[("credential", credential.as_str())]].concat();
    let refused = other.submit(&theirs, "/sign-in", &fields).await;
    assert_eq!((refused.status.as_u16(), refused.has("form[action='/sign-in']")), (403, false));

    let page = browser.open("/sign-in").await;
    app.advance(Duration::from_secs(601)).await;
    let late = browser.sign_in(&page).await;
    assert_eq!(late.status, 400);
    assert!(late.text().contains("KH-313"), "{}", late.text());
    assert_eq!(browser.sign_in(&late).await.status, 200, "a fresh one stands on the page");
}

#[tokio::test]
async fn unknown_wrong_and_removed_passkeys_look_alike() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app, "An").await;
    let page = signed_out(&mut browser).await;
    browser.sign_in(&page).await;
    let mut shown = Vec::new();
    for fault in [
        Fault::CredentialId(vec![9; 16]),
        Fault::Signature,
        Fault::OtherKey,
        Fault::UserHandle(vec![7; 16]),
        Fault::NoUserHandle,
        Fault::NotPresent,
        Fault::Counter(1),
        Fault::Challenge(vec![1; 32]),
        Fault::Origin("https://badid.example.vn"),
        Fault::RelyingParty("evil.example"),
        Fault::ClientDataType("webauthn.create"),
        Fault::Framed,
    ] {
        let page = signed_out(&mut browser).await;
        browser.authenticator.misbehave(fault.clone());
        let refused = browser.sign_in(&page).await;
        assert_eq!(refused.status, 400, "{fault:?}");
        shown.push((format!("{fault:?}"), refused.select_text("main")));
    }
    let (_, first) = shown[0].clone();
    for (fault, text) in &shown {
        assert_eq!(*text, first, "{fault}");
    }
    let page = signed_out(&mut browser).await;
    assert_eq!(browser.sign_in(&page).await.status, 200, "none of them burnt the passkey");
}

#[tokio::test]
async fn a_device_that_does_not_ask_who_holds_it_is_told_of_and_tells_of_no_account() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app, "An").await;
    let page = signed_out(&mut browser).await;
    browser.authenticator.misbehave(Fault::NotVerified);
    let known = browser.sign_in(&page).await;
    assert_eq!(known.status, 400);
    assert!(known.text().contains("KH-316"), "{}", known.text());

    // The same answer names a passkey that nobody has.
    let page = signed_out(&mut browser).await;
    browser.authenticator.misbehave(Fault::NotVerified);
    let answer = browser.authenticator.get(&page.passkey_options("/sign-in"));
    let mut answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    answer["id"] = "CQkJCQkJCQkJCQkJCQkJCQ".into();
    answer["rawId"] = answer["id"].clone();
    let unknown = browser.submit(&page, "/sign-in", &[("credential", &answer.to_string())]).await;
    assert_eq!(unknown.select_text("main"), known.select_text("main"));
}

#[tokio::test]
async fn a_refused_sign_in_stands_in_the_log_of_whose_passkey_it_was() {
    let app = TestApp::start().await;
    let mut browser = signed_up(&app, "An").await;
    let page = signed_out(&mut browser).await;
    browser.authenticator.misbehave(Fault::Signature);
    browser.sign_in(&page).await;
    let page = signed_out(&mut browser).await;
    browser.sign_in(&page).await;
    let log = browser.open("/account/log").await;
    assert!(log.has(".entry-alarm"), "{}", log.text());
    assert!(log.text().contains("192.0.2.7"));
}

#[tokio::test]
async fn a_form_without_a_passkey_says_what_to_do() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.open("/sign-in").await;
    let page = browser.submit(&page, "/sign-in", &[("login", "an@example.vn")]).await;
    assert_eq!(page.status, 400);
    assert!(page.text().contains("KH-314"), "{}", page.text());
}

#[tokio::test]
async fn not_me_ends_the_session_and_keeps_the_way() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await;
    let token = browser.cookie(SESSION).unwrap().to_owned();
    app.advance(Duration::from_secs(5)).await;
    let page = browser.open(&system.authorize(&[("prompt", "login")])).await;
    let page = browser.submit(&page, "/not-me", &[]).await;
    assert!(page.has("form[action='/sign-in'] input[name=interaction]"), "{}", page.text());
    assert!(!page.has("form[action='/not-me']"));
    assert!(!opens(&app, &token).await);
}

#[tokio::test]
async fn a_synced_passkey_is_told_apart__rfc8176_2() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    browser.authenticator = Authenticator::synced(ISSUER);
    let answer = browser.first_visit(&system.authorize(&[]), &[]).await;
    let tokens = system.redeem(&answer.answer()["code"]).await;
    assert_eq!(tokens.id_token()["amr"], serde_json::json!(["swk", "user", "mfa"]));
}

#[tokio::test]
async fn a_system_may_post_its_request_and_the_person_is_known_all_the_same__oidc_core_3_1_2_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await;
    let request = system.authorize(&[]);
    let (path, query) = request.split_once('?').unwrap();
    let headers = [("origin", "https://dichvucong.example.vn"), ("sec-fetch-site", "cross-site")];
    let posted = post(&app, path, &headers, query.to_owned()).await;
    assert_eq!(posted.status, 303);
    assert!(!posted.headers.contains_key("set-cookie"), "no second cookie over the first");
    let location = posted.headers["location"].to_str().unwrap();
    assert!(browser.get(location).await.answer().contains_key("code"));
}
