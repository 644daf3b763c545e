//! PostgreSQL stopped, or silent, in the middle of everything.

use axum::http::StatusCode;

use super::{is_alive_and_not_ready, page_for_now, refused_for_now, until_ready};
use crate::kit::{TestApp, confidential};

#[tokio::test]
async fn stopped_mid_run_all_that_needs_it_is_refused_and_nothing_is_half_done() {
    let app = TestApp::on_lines().await;
    let line = &app.lines.as_ref().unwrap().postgres;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let authorize = portal.authorize(&[("scope", "openid email offline_access")]);
    let mut browser = app.browser();
    let code = browser.first_visit(&authorize, &["email"]).await.answer()["code"].clone();
    let tokens = portal.redeem(&code).await;
    let waiting = browser.get(&authorize).await.answer()["code"].clone();

    line.cut();
    is_alive_and_not_ready(&app, "down: database").await;
    refused_for_now(&portal.redeem(&waiting).await);
    refused_for_now(&portal.refresh(&tokens.text("refresh_token")).await);
    refused_for_now(&portal.userinfo(&tokens.text("access_token")).await);
    for address in [authorize.as_str(), "/account", "/account/log", "/sign-in", "/logout"] {
        page_for_now(&browser.get(address).await);
    }
    for address in ["/.well-known/openid-configuration", "/jwks", "/help"] {
        let stranger = app.browser().get(address).await;
        assert_eq!(stranger.status, StatusCode::OK, "{address} needs no database");
    }

    line.mend();
    until_ready(&app).await;
    assert_eq!(portal.redeem(&waiting).await.status, 200, "the code was not used up");
    assert_eq!(portal.refresh(&tokens.text("refresh_token")).await.status, 200, "nor was the token");
    assert!(browser.get(&authorize).await.answer().contains_key("code"), "and she is still signed in");
}

#[tokio::test]
async fn silent_it_is_given_up_in_time() {
    let app = TestApp::builder().on_lines().with("server.request_timeout", "3 s").build().await;
    let line = &app.lines.as_ref().unwrap().postgres;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let authorize = portal.authorize(&[("scope", "openid email offline_access")]);
    let mut browser = app.browser();
    let code = browser.first_visit(&authorize, &["email"]).await.answer()["code"].clone();

    line.silence();
    is_alive_and_not_ready(&app, "down: database").await;
    refused_for_now(&portal.redeem(&code).await);
    page_for_now(&browser.get("/account").await);

    line.mend();
    until_ready(&app).await;
    assert_eq!(browser.get("/account").await.status, 200);
    // Whether the redemption that was given up had come through is not known; never does a second one succeed.
    let winners = [portal.redeem(&code).await, portal.redeem(&code).await];
    assert!(winners.iter().filter(|answer| answer.status == 200).count() <= 1);
}
