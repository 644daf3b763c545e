//! Redis stopped: what needs it is refused, all else goes on.

use super::{again, is_alive_and_not_ready, page_for_now, until_ready};
use crate::kit::{TestApp, confidential};

#[tokio::test]
async fn stopped_nobody_signs_in_unmarked_and_all_else_goes_on() {
    let app = TestApp::on_lines().await;
    let line = &app.lines.as_ref().unwrap().redis;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let authorize = portal.authorize(&[("scope", "openid email offline_access")]);
    let mut browser = app.browser();
    let code = browser.first_visit(&authorize, &["email"]).await.answer()["code"].clone();
    let page = browser.open("/logout").await;
    let mut other = app.browser();
    other.authenticator = std::mem::replace(&mut browser.authenticator, other.authenticator);
    let sign_in = other.open("/sign-in").await;
    let mut filled = sign_in.hidden_fields("/sign-in");
    let credential = other.authenticator.get(&sign_in.passkey_options("/sign-in"));
    filled.retain(|(name, _)| name != "credential");
    filled.push(("credential".to_owned(), credential));

    line.cut();
    is_alive_and_not_ready(&app, "down: short-lived store").await;
    page_for_now(&again(&mut other, "/sign-in", &filled).await);
    assert_eq!(other.get("/account").await.status, 303, "she is not in");
    let tokens = portal.redeem(&code).await;
    assert_eq!(tokens.status, 200, "a code that fits rests on no short-lived store");
    assert_eq!(portal.refresh(&tokens.text("refresh_token")).await.status, 200);
    assert_eq!(portal.userinfo(&tokens.text("access_token")).await.status, 200);

    line.mend();
    until_ready(&app).await;
    let signed_in = again(&mut other, "/sign-in", &filled).await;
    assert_eq!(signed_in.status, 303, "the same answer counts now: {}", signed_in.text());
    assert_eq!(other.get("/account").await.status, 200);
    assert_eq!(browser.submit(&page, "/logout/confirm", &[]).await.status, 200);
    let replayed = again(&mut app.browser(), "/sign-in", &filled).await;
    assert_ne!(replayed.status, 303, "and counts once");
}
