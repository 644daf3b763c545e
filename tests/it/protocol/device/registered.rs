//! What the registration of a device allows, when it begins and whenever it counts again.

use std::time::Duration;

use khue::domain::client::ClientStatus;
use serde_json::json;

use super::kiosk::{GRANT, approve, begin, come_with, kiosk, poll, same, type_code};
use crate::kit::{RelyingParty, TestApp, confidential, public, registration};

#[tokio::test]
async fn what_the_client_does_wrong_is_named__rfc8628_3_2() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    for (params, error) in [
        (&[][..], "invalid_scope"),
        (&[("scope", "email")], "invalid_scope"),
        (&[("scope", "openid"), ("scope", "openid")], "invalid_request"),
        (&[("scope", "openid"), ("claims", "{")], "invalid_request"),
    ] {
        let answer = kiosk.post("/device", params).await;
        assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (400, error), "{params:?}");
    }
    let members = json!({ "scope": "openid", "grant_types": ["authorization_code", GRANT] });
    let narrow = app.relying_party(registration("hep", members)).await;
    assert_eq!(narrow.post("/device", &[("scope", "openid email")]).await.text("error"), "invalid_scope");

    let portal = app.relying_party(confidential("dichvucong")).await;
    assert_eq!(begin(&portal).await.text("error"), "unauthorized_client");
    assert_eq!(poll(&portal, "khue_dc_x").await.text("error"), "unauthorized_client");
    let mut stranger = portal.by(app.router());
    stranger.secret = Some("wrong".to_owned());
    let answer = begin(&stranger).await;
    assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (401, "invalid_client"));
    assert_eq!(app.browser().get("/device").await.status, 405);
}

#[tokio::test]
async fn a_confidential_system_authenticates_and_the_page_says_which_device_asks() {
    let app = TestApp::start().await;
    let members = json!({ "grant_types": ["authorization_code", GRANT] });
    let system = app.relying_party(registration("dichvucong", members)).await;
    let mut request = system.posting("/device", &[("scope", "openid"), ("client_id", "dichvucong")]);
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    request.headers_mut().insert("user-agent", agent.parse().unwrap());
    let begun = system.answer(request).await;
    assert_eq!(begun.status, 200, "{:?}", begun.body);
    let page = come_with(&mut app.browser(), &begun.text("user_code")).await;
    assert!(page.text().contains("Chrome · Linux"), "{}", page.text());
    let phone = app.relying_party(public("dienthoai")).await;
    assert_eq!(poll(&phone, &begun.text("device_code")).await.text("error"), "unauthorized_client");
}

#[tokio::test]
async fn what_a_registration_says_of_requests_counts_for_devices__oidc_registration_2() {
    let app = TestApp::start().await;
    let members = json!({
        "token_endpoint_auth_method": "none", "grant_types": [GRANT, "refresh_token"], "response_types": [], "redirect_uris": [],
        "post_logout_redirect_uris": [], "default_max_age": 60,
    });
    let kiosk = app.relying_party(registration("mot-cua", members)).await;
    let mut phone = app.browser();
    approve(&mut phone, &begin(&kiosk).await.text("user_code")).await;
    let page = type_code(&mut phone, &begin(&kiosk).await.text("user_code")).await;
    assert!(page.has("form[action='/device/confirm']"), "{}", page.text());
    app.advance(Duration::from_secs(61)).await;
    let page = type_code(&mut phone, &begin(&kiosk).await.text("user_code")).await;
    assert!(page.has("form[action='/sign-in']"), "{}", page.text());
}

#[tokio::test]
async fn what_the_approval_rests_on_is_looked_at_again() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut phone = app.browser();
    let begun = begin(&kiosk).await;
    approve(&mut phone, &begun.text("user_code")).await;
    let page = phone.open("/logout").await;
    phone.submit(&page, "/logout/confirm", &[("from", "everything")]).await;
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.text("error"), "invalid_grant");

    let begun = begin(&kiosk).await;
    let provider = &app.instance.provider;
    provider.switch_client(&kiosk.registration.client_id, ClientStatus::Disabled).await.unwrap();
    app.advance(Duration::ZERO).await;
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.text("error"), "invalid_client");
    assert!(type_code(&mut phone, &begun.text("user_code")).await.text().contains("KH-323"));
}

/// The kiosk registered anew, for `scope` alone.
async fn narrow(app: &TestApp, scope: &str) {
    let members = json!({
        "token_endpoint_auth_method": "none", "grant_types": [GRANT, "refresh_token"], "response_types": [],
        "redirect_uris": [], "post_logout_redirect_uris": [], "scope": scope,
    });
    RelyingParty::apply(&app.instance, &registration("mot-cua", members)).await;
    app.advance(Duration::ZERO).await;
}

#[tokio::test]
async fn what_a_device_may_ask_for_is_judged_again_when_its_code_is_brought() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut phone = app.browser();
    approve(&mut phone, &begin(&kiosk).await.text("user_code")).await;
    let begun = begin(&kiosk).await;
    let page = type_code(&mut phone, &begun.text("user_code")).await;
    assert!(page.has("form[action='/device/confirm']"), "{}", page.text());
    narrow(&app, "openid offline_access").await;
    let stale = same(&mut phone, &page).await;
    assert_eq!(stale.status, 400, "nor does what was begun go on: {}", stale.text());
    let again = type_code(&mut phone, &begun.text("user_code")).await;
    assert!(again.text().contains("KH-323"), "{}", again.text());
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.text("error"), "authorization_pending");
}

#[tokio::test]
async fn what_was_taken_from_the_registration_is_not_given_to_a_device_any_more() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let begun = begin(&kiosk).await;
    approve(&mut app.browser(), &begun.text("user_code")).await;
    narrow(&app, "openid").await;
    let tokens = poll(&kiosk, &begun.text("device_code")).await;
    assert_eq!((tokens.status.as_u16(), tokens.text("scope").as_str()), (200, "openid"), "{}", tokens.body);
    assert_eq!(tokens.body.get("refresh_token"), None, "nor what stands for offline_access");
    let told = kiosk.userinfo(&tokens.text("access_token")).await;
    assert_eq!((told.status.as_u16(), told.body.get("email")), (200, None), "{}", told.body);
}
