//! Forms are taken only from our own pages, in the browser and by the person they were shown to.

use std::time::Duration;

use super::raw::{cookies, post};
use crate::kit::{ISSUER, TestApp};

/// Every page that takes a form.
const POSTS: &[&str] = &[
    "/sign-in",
    "/create",
    "/create/passkey",
    "/not-me",
    "/consent",
    "/select-account",
    "/account/profile",
    "/account/passkeys",
    "/account/passkeys/rename",
    "/account/passkeys/remove",
    "/account/sessions/end",
    "/account/sessions/end-others",
    "/account/systems/withdraw",
];

#[tokio::test]
async fn a_form_that_is_not_ours_changes_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_up("/create", "Nguyễn Thị Ánh").await;
    let mut stranger = app.browser();
    let theirs = stranger.open("/sign-in").await.attribute("input[name=form_token]", "value").unwrap();
    let profile = browser.open("/account/profile").await;
    let token = profile.attribute("input[name=form_token]", "value").unwrap();
    let jar = cookies(&browser);
    let (own, foreign) =
        (format!("form_token={token}&name=Mallory"), format!("form_token={theirs}&name=Mallory"));
    let cut = format!("form_token={}&name=Mallory", &token[..token.len() - 2]);
    for path in POSTS {
        for (headers, body) in [
            (vec![("origin", ISSUER)], "name=Mallory".to_owned()),
            (vec![("origin", ISSUER)], foreign.clone()),
            (vec![("origin", ISSUER)], cut.clone()),
            (vec![("origin", "https://evil.example")], own.clone()),
            (vec![("origin", "null"), ("sec-fetch-site", "cross-site")], own.clone()),
            (vec![("sec-fetch-site", "same-site")], own.clone()),
        ] {
            let headers = [headers.as_slice(), &[("cookie", jar.as_str())]].concat();
            let answer = post(&app, path, &headers, body.clone()).await;
            assert_eq!(answer.status, 403, "{path} {headers:?} {body}");
            assert!(answer.body.contains("KH-203"), "{path}");
        }
    }
    let page = browser.open("/account/profile").await;
    assert_eq!(page.attribute("#f-name", "value").as_deref(), Some("Nguyễn Thị Ánh"));
}

#[tokio::test]
async fn our_own_pages_send_no_referrer_and_so_a_null_origin__fetch_3_2() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_up("/create", "An").await;
    let page = browser.open("/account/profile").await;
    let token = page.attribute("input[name=form_token]", "value").unwrap();
    let jar = cookies(&browser);
    let headers = [("origin", "null"), ("sec-fetch-site", "same-origin"), ("cookie", jar.as_str())];
    let answer = post(&app, "/account/profile", &headers, format!("form_token={token}&name=B%C3%ACnh")).await;
    assert_eq!(answer.status, 303);
}

#[tokio::test]
async fn a_form_shown_to_one_person_is_not_taken_from_the_next() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_up("/create", "An").await;
    let shown_to_an = browser.open("/account/profile").await;
    let page = browser.open("/account").await;
    assert_eq!(page.heading(), "Xin chào, An");
    browser.set_cookie("__Host-khue_session", "");
    browser.sign_up("/create", "Bình").await;
    let refused = browser.submit(&shown_to_an, "/account/profile", &[("name", "An")]).await;
    assert_eq!(refused.status, 403);
    assert_eq!(browser.open("/account").await.heading(), "Xin chào, Bình");
}

#[tokio::test]
async fn a_form_that_waited_an_hour_is_out_of_date() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = browser.open("/create").await;
    app.advance(Duration::from_secs(3_601)).await;
    let refused = browser.submit(&page, "/create", &[("name", "An")]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("KH-203"));
}

#[tokio::test]
async fn a_field_sent_twice_or_no_form_at_all_is_refused() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_up("/create", "An").await;
    let page = browser.open("/account/profile").await;
    let token = page.attribute("input[name=form_token]", "value").unwrap();
    let jar = cookies(&browser);
    let cookie = [("cookie", jar.as_str())];
    let twice = post(&app, "/account/profile", &cookie, format!("form_token={token}&name=A&name=B")).await;
    assert_eq!(twice.status, 400);
    let broken = post(&app, "/account/profile", &cookie, format!("form_token={token}&name=%ZZ")).await;
    assert_eq!(broken.status, 400);
    let large = post(&app, "/account/profile", &cookie, vec![b'a'; 70_000]).await;
    assert_eq!(large.status, 413);
}

#[tokio::test]
async fn pages_of_the_account_are_for_whoever_is_signed_in() {
    let app = TestApp::start().await;
    for path in [
        "/account",
        "/account/profile",
        "/account/passkeys",
        "/account/passkeys/remove?id=0197a0de-0000-7000-8000-000000000001",
        "/account/sessions",
        "/account/systems",
        "/account/systems/withdraw?id=dichvucong",
        "/account/log",
        "/account/log/proof?entry=0197a0de-0000-7000-8000-000000000001",
    ] {
        let page = app.browser().get(path).await;
        assert_eq!((page.status.as_u16(), page.location().as_deref()), (303, Some("/sign-in")), "{path}");
    }
    for path in POSTS.iter().filter(|path| path.starts_with("/account")) {
        let mut browser = app.browser();
        let token = browser.open("/sign-in").await.attribute("input[name=form_token]", "value").unwrap();
        let page = browser.post(path, &[("form_token", &token)]).await;
        assert_eq!((page.status.as_u16(), page.location().as_deref()), (303, Some("/sign-in")), "{path}");
    }
}
