//! What exactly a device wants to do at a resource (RFC 9396).

use std::time::Duration;

use serde_json::{Value, json};

use super::kiosk::{GRANT, come_with, poll, same};
use crate::kit::{Answer, RelyingParty, TestApp, claims, knowing, registration};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";

/// A kiosk that reads school records for who stands before it.
async fn reader(app: &TestApp) -> RelyingParty {
    let members = json!({
        "token_endpoint_auth_method": "none", "grant_types": [GRANT, "refresh_token"], "response_types": [],
        "redirect_uris": [], "post_logout_redirect_uris": [],
        "resources": [{ "resource": PUPILS, "scope": "doc" }], "authorization_details_types": ["hoc_ba"],
    });
    app.relying_party(registration("mot-cua", members)).await
}

fn record(year: u32) -> Value {
    json!({ "type": "hoc_ba", "nam_hoc": year })
}

async fn begin(reader: &RelyingParty, details: &Value) -> Answer {
    let details = details.to_string();
    let params = [("scope", "openid offline_access"), ("authorization_details", details.as_str())];
    reader.post("/device", &params).await
}

#[tokio::test]
async fn she_agrees_to_exactly_what_the_device_asks_for__rfc9396_3() {
    for app in TestApp::on_both().await {
        let pupils = app.relying_party(knowing("hoc-sinh", PUPILS, "hoc_ba")).await;
        let reader = reader(&app).await;
        let details = json!([record(2026), record(2025)]);
        let begun = begin(&reader, &details).await;
        assert_eq!(begun.status, 200, "{}", begun.body);
        let mut phone = app.browser();
        let page = come_with(&mut phone, &begun.text("user_code")).await;
        let page = same(&mut phone, &page).await;
        let shown = page.select_text("section[aria-labelledby=details] ul");
        assert_eq!(shown, format!("Xem học bạNăm học: 2026{PUPILS}Xem học bạNăm học: 2025{PUPILS}"));
        phone.agree(&page, &[]).await;

        let code = begun.text("device_code");
        let narrowing = async |details: Value| {
            let details = details.to_string();
            let params = [("grant_type", GRANT), ("device_code", &code), ("authorization_details", &details)];
            reader.post("/token", &params).await
        };
        assert_eq!(narrowing(json!([record(2024)])).await.text("error"), "invalid_authorization_details");
        app.advance(Duration::from_secs(10)).await;
        let given = narrowing(json!([record(2026)])).await;
        assert_eq!(given.status, 200, "{}", given.body);
        assert_eq!(given.body["authorization_details"], json!([record(2026)]));
        assert_eq!(given.body.get("scope"), None);
        let token = given.text("access_token");
        assert_eq!(claims(&token)["aud"], PUPILS);
        assert_eq!(claims(&token)["authorization_details"], json!([record(2026)]));
        let state = pupils.post("/introspect", &[("token", &token)]).await.body;
        assert_eq!(state["authorization_details"], json!([record(2026)]));
        let next = reader.refresh(&given.text("refresh_token")).await;
        assert_eq!(next.body["authorization_details"], details, "a refresh has all that she agreed to");
        let log = phone.open("/account/log").await.text();
        assert!(log.contains("Năm học: 2025"), "{log}");
    }
}

#[tokio::test]
async fn what_a_device_may_not_ask_for_is_told_at_once__rfc9396_5() {
    let app = TestApp::start().await;
    app.relying_party(knowing("hoc-sinh", PUPILS, "hoc_ba")).await;
    let reader = reader(&app).await;
    for wrong in [json!({}), json!([]), json!([{ "type": "hoc_ba" }]), json!([{ "type": "thanh_toan" }])] {
        let refused = begin(&reader, &wrong).await;
        assert_eq!(
            (refused.status.as_u16(), refused.text("error").as_str()),
            (400, "invalid_authorization_details"),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn without_them_she_is_asked_for_none_and_a_device_is_given_none() {
    let app = TestApp::start().await;
    app.relying_party(knowing("hoc-sinh", PUPILS, "hoc_ba")).await;
    let reader = reader(&app).await;
    let begun = reader.post("/device", &[("scope", "openid"), ("resource", PUPILS)]).await;
    let mut phone = app.browser();
    let page = come_with(&mut phone, &begun.text("user_code")).await;
    let page = same(&mut phone, &page).await;
    assert!(!page.has("section[aria-labelledby=details]") && page.has("section[aria-labelledby=called]"));
    phone.agree(&page, &[]).await;
    let given = poll(&reader, &begun.text("device_code")).await;
    assert_eq!((given.text("scope").as_str(), given.body.get("authorization_details")), ("doc", None));
}
