//! A person brings the code of a device and answers for it.

use std::time::Duration;

use serde_json::json;

use super::kiosk::{approve, begin, come_with, kiosk, poll, same, type_code, waiting};
use crate::kit::{ISSUER, TestApp};

#[tokio::test]
async fn a_person_lets_a_kiosk_in_from_her_phone__rfc8628_3() {
    for app in TestApp::on_both().await {
        let kiosk = kiosk(&app).await;
        let begun = begin(&kiosk).await;
        assert_eq!(
            (begun.status.as_u16(), begun.header("cache-control")),
            (200, "no-store"),
            "{:?}",
            begun.body
        );
        assert_eq!((&begun.body["expires_in"], &begun.body["interval"]), (&json!(600), &json!(5)));
        assert_eq!(begun.text("verification_uri"), format!("{ISSUER}/device/verify"));
        let (code, shown) = (begun.text("device_code"), begun.text("user_code"));
        assert!(code.starts_with("khue_dc_"));
        assert_eq!(
            begun.text("verification_uri_complete"),
            format!("{ISSUER}/device/verify?user_code={shown}")
        );
        assert_eq!(poll(&kiosk, &code).await.text("error"), "authorization_pending");

        let mut phone = app.browser();
        let page = come_with(&mut phone, &shown).await;
        assert!(page.text().contains(&shown) && page.text().contains("Hệ thống mot-cua"), "{}", page.text());
        assert_eq!(page.heading(), "Thiết bị trước mặt bạn có hiện mã này không?");
        let page = same(&mut phone, &page).await;
        assert_eq!(page.heading(), "Bạn có đồng ý chia sẻ thông tin?");
        app.advance(Duration::from_secs(5)).await;
        assert_eq!(poll(&kiosk, &code).await.text("error"), "authorization_pending", "not before she agreed");
        let page = phone.agree(&page, &["email"]).await;
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (200, "Thiết bị đã được phép đăng nhập"));

        app.advance(Duration::from_secs(5)).await;
        let tokens = poll(&kiosk, &code).await;
        assert_eq!(
            (tokens.status.as_u16(), tokens.header("cache-control")),
            (200, "no-store"),
            "{:?}",
            tokens.body
        );
        assert_eq!(tokens.id_token()["aud"], "mot-cua");
        let told = kiosk.userinfo(&tokens.text("access_token")).await;
        assert_eq!(told.body["email"], "an.nguyen@example.vn");
        assert_eq!(kiosk.refresh(&tokens.text("refresh_token")).await.status, 200);
        let log = phone.open("/account/log").await.text();
        assert!(log.contains("Bạn cho phép một thiết bị đăng nhập"), "{log}");
    }
}

#[tokio::test]
async fn a_code_is_typed_in_any_way_and_a_link_alone_does_nothing__rfc8628_3_3_1() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut phone = app.browser();
    for spell in [str::to_lowercase, |code: &str| code.replace('-', ""), |code: &str| code.replace('-', "  ")]
    {
        let shown = begin(&kiosk).await.text("user_code");
        let page = type_code(&mut phone, &spell(&shown)).await;
        assert_eq!(page.heading(), "Đăng nhập", "{shown}");
    }
    let begun = begin(&kiosk).await;
    let address = begun.text("verification_uri_complete").replace(ISSUER, "");
    let page = phone.open(&address).await;
    assert_eq!(page.attribute("#f-user-code", "value"), Some(begun.text("user_code")));
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.has("svg.qr path"), "another phone may go on with it");
    let page = phone.submit(&page, "/device/verify", &[("user_code", &begun.text("user_code"))]).await;
    assert_eq!(page.heading(), "Đăng nhập");
    let odd = phone.open("/device/verify?user_code=%3Cscript%3E").await;
    assert_eq!(odd.attribute("#f-user-code", "value").as_deref(), Some(""), "what is no code is not shown");
}

#[tokio::test]
async fn whoever_declines_is_heard__rfc8628_3_5() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut phone = app.browser();
    let begun = begin(&kiosk).await;
    let page = come_with(&mut phone, &begun.text("user_code")).await;
    let page = phone.submit(&page, "/device/confirm", &[("decision", "decline")]).await;
    assert_eq!(page.heading(), "Bạn đã từ chối thiết bị này");
    let answer = poll(&kiosk, &begun.text("device_code")).await;
    assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (400, "access_denied"));

    let begun = begin(&kiosk).await;
    let page = type_code(&mut phone, &begun.text("user_code")).await;
    let page = same(&mut phone, &page).await;
    let page = phone.submit(&page, "/consent", &[("decision", "decline")]).await;
    assert_eq!(page.heading(), "Bạn đã từ chối thiết bị này");
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.text("error"), "access_denied");
    let log = phone.open("/account/log").await.text();
    assert_eq!(log.matches("Bạn từ chối một thiết bị").count(), 2, "{log}");
}

#[tokio::test]
async fn a_code_is_answered_once_and_by_its_first_answer() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let begun = begin(&kiosk).await;
    let (mut first, mut second) = (app.browser(), app.browser());
    let late = come_with(&mut second, &begun.text("user_code")).await;
    let done = approve(&mut first, &begun.text("user_code")).await;
    assert_eq!(done.status, 200);
    let page = type_code(&mut first, &begun.text("user_code")).await;
    assert!(page.text().contains("KH-324"), "{}", page.text());
    let page = second.submit(&late, "/device/confirm", &[("decision", "decline")]).await;
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (400, "Mã đã được dùng"));
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.status, 200);
}

#[tokio::test]
async fn an_approval_belongs_to_the_browser_and_the_person_that_began_it() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let begun = begin(&kiosk).await;
    let mut phone = app.browser();
    let page = come_with(&mut phone, &begun.text("user_code")).await;
    let sealed = waiting(&page);
    let mut thief = app.browser();
    let stolen = thief.open(&format!("/continue?interaction={sealed}")).await;
    assert_eq!((stolen.status.as_u16(), stolen.heading().as_str()), (403, "Bạn đang dùng trình duyệt khác"));

    // She confirmed; another person who takes her place confirms anew.
    let consent = same(&mut phone, &page).await;
    let page = phone.submit(&consent, "/not-me", &[]).await;
    assert_eq!(page.heading(), "Đăng nhập");
    let create = page.attribute("a[href^='/create']", "href").unwrap();
    let page = phone.sign_up(&create, "Trần Văn Bình").await;
    assert_eq!(page.heading(), "Thiết bị trước mặt bạn có hiện mã này không?");
    // Nor can the step be skipped by posting to the next one.
    let fields = [("form_token", page.hidden_fields("/device/confirm")[0].1.clone())];
    let skipped = phone
        .post("/consent", &[("form_token", &fields[0].1), ("interaction", &sealed), ("decision", "allow")])
        .await;
    let page = phone.open(&skipped.location().unwrap()).await;
    assert_eq!(page.heading(), "Thiết bị trước mặt bạn có hiện mã này không?");
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.text("error"), "authorization_pending");
}

#[tokio::test]
async fn the_last_page_may_be_loaded_again() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let begun = begin(&kiosk).await;
    let mut phone = app.browser();
    let page = come_with(&mut phone, &begun.text("user_code")).await;
    let sealed = waiting(&page);
    let page = same(&mut phone, &page).await;
    phone.agree(&page, &[]).await;
    let again = phone.open(&format!("/continue?interaction={sealed}")).await;
    assert_eq!((again.status.as_u16(), again.heading().as_str()), (200, "Thiết bị đã được phép đăng nhập"));
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.status, 200);
}

#[tokio::test]
async fn signing_out_on_the_phone_ends_what_the_kiosk_has() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut phone = app.browser();
    let begun = kiosk.post("/device", &[("scope", "openid email")]).await;
    approve(&mut phone, &begun.text("user_code")).await;
    let tokens = poll(&kiosk, &begun.text("device_code")).await;
    assert_eq!(tokens.body["refresh_token"], json!(null), "no offline access, nothing to refresh");
    let access = tokens.text("access_token");
    assert_eq!(kiosk.userinfo(&access).await.status, 200);
    let page = phone.open("/logout").await;
    phone.submit(&page, "/logout/confirm", &[("from", "everything")]).await;
    assert_eq!(kiosk.userinfo(&access).await.status, 401);
}
