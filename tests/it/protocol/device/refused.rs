//! What cannot be given, although nobody said no.

use std::time::Duration;

use serde_json::json;

use super::kiosk::{approve, begin, kiosk, poll, type_code};
use crate::kit::{Browser, Page, TestApp, registration, resource};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const GOLD: &str = r#"{"id_token":{"acr":{"essential":true,"value":"xt4"}}}"#;

async fn log_of(browser: &mut Browser) -> Page {
    browser.open("/account/log").await
}

/// How often an entry of `kind` stands in the log, with `reason`.
async fn recorded(app: &TestApp, kind: &str, reason: &str) -> usize {
    let beginning = khue::base::ids::AuditEventId::from_uuid(uuid::Uuid::nil());
    let mut tx = app.instance.provider.db().read().await.unwrap();
    let all = tx.audit_entries_pending(beginning).await.unwrap();
    let is_meant = |entry: &khue::domain::audit::AuditEntry| {
        (entry.kind.as_str(), entry.reason.as_deref(), entry.outcome.as_str())
            == (kind, Some(reason), "refused")
    };
    all.iter().filter(|stored| is_meant(&stored.entry)).count()
}

#[tokio::test]
async fn a_level_that_no_sign_in_reaches_is_told_as_that__rfc8628_3_5() {
    for app in TestApp::on_both().await {
        let kiosk = kiosk(&app).await;
        let mut phone = app.browser();
        approve(&mut phone, &begin(&kiosk).await.text("user_code")).await;
        let begun = kiosk.post("/device", &[("scope", "openid"), ("claims", GOLD)]).await;
        let page = type_code(&mut phone, &begun.text("user_code")).await;
        assert_eq!(
            (page.status.as_u16(), page.heading().as_str()),
            (200, "Thiết bị này chưa đăng nhập được")
        );
        let answer = poll(&kiosk, &begun.text("device_code")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text("error").as_str()),
            (400, "unmet_authentication_requirements")
        );
        assert_eq!(recorded(&app, "authorization.refused", "level_not_met").await, 1);
        let log = log_of(&mut phone).await.text();
        assert!(log.contains("Hệ thống đòi một cách đăng nhập mạnh hơn"), "{log}");
        assert!(!log.contains("Bạn từ chối một thiết bị"), "she did not");
        app.advance(Duration::from_secs(5)).await;
        assert_eq!(
            poll(&kiosk, &begun.text("device_code")).await.text("error_description"),
            answer.text("error_description")
        );
    }
}

#[tokio::test]
async fn a_device_that_waits_for_somebody_else_is_told_as_that() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut phone = app.browser();
    approve(&mut phone, &begin(&kiosk).await.text("user_code")).await;
    let other = r#"{"id_token":{"sub":{"value":"somebody-else"}}}"#;
    let begun = kiosk.post("/device", &[("scope", "openid"), ("claims", other)]).await;
    app.advance(Duration::from_secs(1)).await;
    let page = type_code(&mut phone, &begun.text("user_code")).await;
    assert!(page.has("form[action='/sign-in']"), "{}", page.text());
    let page = phone.sign_in(&page).await;
    assert_eq!(page.heading(), "Thiết bị này dành cho người khác");
    let answer = poll(&kiosk, &begun.text("device_code")).await;
    assert_eq!(answer.text("error"), "access_denied");
    assert_eq!(answer.text("error_description"), "Another person signed in than the one that was meant.");
    assert_eq!(recorded(&app, "authorization.refused", "other_person").await, 1);
    assert!(log_of(&mut phone).await.text().contains("Hệ thống chờ một người khác"));
}

#[tokio::test]
async fn a_system_s_level_is_recorded_once_for_a_session_and_for_nobody_not_at_all() {
    let app = TestApp::start().await;
    app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let members = json!({ "resources": [{ "resource": PUPILS, "scope": "doc" }] });
    let portal = app.relying_party(registration("dichvucong", members)).await;
    let gold = portal.authorize(&[("resource", PUPILS), ("acr_values", "xt4")]);
    let answer = app.browser().get(&gold).await.answer();
    assert_eq!(answer["error"], "unmet_authentication_requirements");
    assert_eq!(recorded(&app, "authorization.refused", "level_not_met").await, 0, "in nobody's log");
    let mut browser = app.browser();
    browser.first_visit(&portal.authorize(&[]), &[]).await.answer();
    for _ in 0..3 {
        let answer = browser.get(&gold).await.answer();
        assert_eq!(answer["error"], "unmet_authentication_requirements");
        let other = r#"{"id_token":{"sub":{"value":"somebody-else"}}}"#;
        let silent = portal.authorize(&[("prompt", "none"), ("claims", other)]);
        assert_eq!(browser.get(&silent).await.answer()["error"], "login_required");
    }
    assert_eq!(recorded(&app, "authorization.refused", "level_not_met").await, 1);
    assert_eq!(recorded(&app, "authorization.refused", "other_person").await, 0, "silence is no refusal");
}
