//! The page after a sign-out frames systems, so that they forget the person too (Front-Channel Logout 1.0).

use serde_json::json;

use crate::kit::{Browser, ISSUER, RelyingParty, TestApp, claims, confidential, registration};

async fn framed(app: &TestApp, id: &str) -> RelyingParty {
    let uri = format!("https://{id}.example.vn/out?a=b");
    let changes = json!({ "frontchannel_logout_uri": uri, "frontchannel_logout_session_required": true });
    app.relying_party(registration(id, changes)).await
}

async fn enter(browser: &mut Browser, system: &RelyingParty) -> String {
    let page = browser.open(&system.authorize(&[])).await;
    let code = browser.agree(&page, &[]).await.answer()["code"].clone();
    system.redeem(&code).await.text("id_token")
}

#[tokio::test]
async fn every_system_of_the_session_is_framed_under_a_policy_that_names_it__frontchannel_logout_2() {
    for app in TestApp::on_both().await {
        let portal = framed(&app, "dichvucong").await;
        let school = framed(&app, "hocba").await;
        framed(&app, "chuavao").await;
        let mut browser = app.browser();
        let code = browser.first_visit(&portal.authorize(&[]), &[]).await.answer()["code"].clone();
        let hint = portal.redeem(&code).await.text("id_token");
        let there = claims(&enter(&mut browser, &school).await);

        let back = "https%3A%2F%2Fdichvucong.example.vn%2Fsigned-out";
        let page = browser
            .get(&format!("/logout?id_token_hint={hint}&post_logout_redirect_uri={back}&state=s"))
            .await;
        assert_eq!(page.status, 200);
        let iss = "https%3A%2F%2Fid.example.vn";
        assert_eq!(ISSUER, "https://id.example.vn");
        for (id, sid) in [("dichvucong", &claims(&hint)["sid"]), ("hocba", &there["sid"])] {
            let address = format!("https://{id}.example.vn/out?a=b&iss={iss}&sid={}", sid.as_str().unwrap());
            assert!(page.has(&format!("iframe[hidden][src=\"{address}\"]")), "{address}: {}", page.text());
        }
        assert!(!page.text().contains("chuavao"), "no tokens, no frame");
        let policy = page.header("content-security-policy");
        assert!(
            policy.ends_with("; frame-src https://dichvucong.example.vn https://hocba.example.vn"),
            "{policy}"
        );
        let onward = page.attribute("a#onward", "href").unwrap();
        assert_eq!(onward, "https://dichvucong.example.vn/signed-out?state=s");
        assert_eq!(browser.get("/account").await.status, 303, "signed out");
    }
}

#[tokio::test]
async fn who_leaves_one_system_frames_that_one_alone() {
    let app = TestApp::start().await;
    let portal = framed(&app, "dichvucong").await;
    let school = framed(&app, "hocba").await;
    let mut browser = app.browser();
    let code = browser.first_visit(&portal.authorize(&[]), &[]).await.answer()["code"].clone();
    portal.redeem(&code).await;
    enter(&mut browser, &school).await;
    let page = browser.get("/logout?client_id=hocba").await;
    let done = browser.submit(&page, "/logout/confirm", &[("from", "system")]).await;
    assert!(done.header("content-security-policy").ends_with("; frame-src https://hocba.example.vn"));
    assert!(done.has("iframe[src^='https://hocba.example.vn/out?']"));
    assert!(!done.has("a#onward") && !done.text().contains("dichvucong"));
}

#[tokio::test]
async fn pages_that_frame_nothing_may_frame_nothing() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let code = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
    system.redeem(&code).await;
    let page = browser.open("/logout").await;
    let done = browser.submit(&page, "/logout/confirm", &[]).await;
    assert!(!done.has("iframe") && !done.header("content-security-policy").contains("frame-src"));
}

#[test]
fn what_is_framed_lies_where_people_are_sent__frontchannel_logout_2() {
    let with = |changes: serde_json::Value| {
        let mut document = serde_json::to_value(confidential("dichvucong")).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        serde_json::from_value::<khue::domain::client::Registration>(document)
            .map_err(|error| error.to_string())
    };
    assert!(with(json!({ "frontchannel_logout_uri": "https://dichvucong.example.vn/out" })).is_ok());
    let origin = "frontchannel_logout_uri: must have the scheme, host and port of one of the redirect_uris";
    for (wrong, told) in [
        ("https://khac.example.vn/out", origin),
        ("https://dichvucong.example.vn:8443/out", origin),
        ("https://dichvucong.example.vn.evil.example/out", origin),
        ("http://dichvucong.example.vn/out", "must begin with https://"),
        ("https://dichvucong.example.vn/out#x", "must not have a fragment"),
    ] {
        let refused = with(json!({ "frontchannel_logout_uri": wrong })).unwrap_err();
        assert!(refused.contains(told), "{wrong}: {refused}");
    }
    let refused = with(json!({ "frontchannel_logout_session_required": true })).unwrap_err();
    assert!(refused.contains("needs a frontchannel_logout_uri beside it"), "{refused}");
}
