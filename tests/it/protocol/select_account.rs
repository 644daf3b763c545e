//! `prompt=select_account`: whether it is the account that is signed in.

use std::time::Duration;

use crate::kit::{Browser, Page, RelyingParty, TestApp, confidential};

/// A browser whose person has answered everything that `system` asks.
async fn known(app: &TestApp, system: &RelyingParty) -> Browser {
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await.answer();
    app.advance(Duration::from_secs(30)).await;
    browser
}

fn asks(page: &Page) -> bool {
    page.has("form[action='/select-account']")
}

#[tokio::test]
async fn she_sees_who_is_signed_in_and_goes_on_without_signing_in_again__oidc_core_3_1_2_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    let page = browser.open(&system.authorize(&[("prompt", "select_account")])).await;
    assert!(asks(&page) && page.text().contains("Nguyễn Thị Ánh"), "{}", page.text());
    let answer = browser.submit(&page, "/select-account", &[]).await;
    let tokens = system.redeem(&answer.answer()["code"]).await;
    assert_eq!(tokens.id_token()["auth_time"], 1_795_420_800, "she did not sign in again");
    assert!(asks(&browser.open(&system.authorize(&[("prompt", "select_account")])).await), "for one request");
}

#[tokio::test]
async fn she_may_choose_another_account() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    let mut other = app.browser();
    let first = other.first_visit(&system.authorize(&[]), &[]).await.answer();
    let hers = system.redeem(&first["code"]).await.id_token()["sub"].clone();
    std::mem::swap(&mut browser.authenticator, &mut other.authenticator);
    app.advance(Duration::from_secs(5)).await;
    let page = browser.open(&system.authorize(&[("prompt", "select_account")])).await;
    let link = page.attribute("a[href^='/sign-in?interaction=']", "href").unwrap();
    let page = browser.open(&link).await;
    assert!(page.has("form[action='/sign-in']"), "{}", page.text());
    let answer = browser.sign_in(&page).await;
    let tokens = system.redeem(&answer.answer()["code"]).await;
    assert_eq!(tokens.id_token()["sub"], hers);
}

#[tokio::test]
async fn nobody_signed_in_has_nothing_to_choose_and_a_sign_in_answers() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let answer = app.browser().first_visit(&system.authorize(&[("prompt", "select_account")]), &[]).await;
    assert!(answer.answer().contains_key("code"));
}

#[tokio::test]
async fn with_login_she_chooses_and_then_proves_it() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    let page = browser.open(&system.authorize(&[("prompt", "login select_account")])).await;
    assert!(asks(&page));
    let page = browser.submit(&page, "/select-account", &[]).await;
    assert!(page.has("form[action='/sign-in']"), "{}", page.text());
    app.advance(Duration::from_secs(5)).await;
    assert!(browser.sign_in(&page).await.answer().contains_key("code"));
}

#[tokio::test]
async fn a_choice_counts_for_the_session_that_was_shown() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    let page = browser.open(&system.authorize(&[("prompt", "select_account")])).await;
    let logout = browser.open("/logout").await;
    browser.submit(&logout, "/logout/confirm", &[]).await;
    let fields = page.hidden_fields("/select-account");
    let interaction = &fields.iter().find(|(name, _)| name == "interaction").unwrap().1;
    let page = browser.submit(&page, "/select-account", &[("interaction", interaction)]).await;
    assert!(!page.text().contains("code="), "nobody is signed in any more: {} {}", page.status, page.text());
    assert_eq!(page.location(), None);
}
