//! The sandbox: invented people, as whom anybody signs in with nothing but forms.

use std::time::Duration;

use serde_json::json;

use crate::kit::{Page, TestApp, confidential};

const FORM: &str = "/sandbox/sign-in";

async fn sandboxes() -> [TestApp; 2] {
    use khue::storage::Engine::Postgres;
    let sandbox = || TestApp::builder().with("server.sandbox", "true");
    [sandbox().build().await, sandbox().engine(Postgres).redis().build().await]
}

/// What a tool does that knows nothing of us: the first form with `select[name=person]`, as it stands.
fn first_person_form(page: &Page) -> String {
    let select = page.attribute("form:has(select[name=person])", "action");
    select.unwrap_or_else(|| panic!("no such form: {}", page.text()))
}

#[tokio::test]
async fn outside_tools_sign_in_consent_and_sign_out_with_form_posts() {
    for app in sandboxes().await {
        let system = app.relying_party(confidential("dichvucong")).await;
        let mut browser = app.browser();
        let scope = ("scope", "openid profile email phone address");
        let essential = ("claims", r#"{"id_token":{"acr":{"essential":true,"values":["xt2-phr"]}}}"#);
        let page = browser.open(&system.authorize(&[scope, essential])).await;
        assert!(page.text().contains("Đây là môi trường thử nghiệm"), "{}", page.text());
        let action = first_person_form(&page);
        assert_eq!(action, FORM);
        let page = browser.submit(&page, &action, &[("person", "teacher")]).await;
        assert!(page.has("form[action='/consent']"), "{}", page.text());
        let page = browser.agree(&page, &["email", "phone_number", "address"]).await;
        let tokens = system.redeem(&page.answer()["code"]).await;
        let told = tokens.id_token();
        assert_eq!(told["amr"], json!(["sandbox"]), "no key was used");
        assert_eq!(told["acr"], "https://id.moet.gov.vn/acr/xt2-phr");
        let userinfo = system.userinfo(&tokens.text("access_token")).await.body;
        assert_eq!(userinfo["name"], "H'Mai Êban");
        for claim in ["birthdate", "gender", "email", "phone_number", "address"] {
            assert!(!userinfo[claim].is_null(), "{claim}: {userinfo}");
        }

        let page = browser.open("/logout").await;
        let page = browser.submit(&page, "/logout/confirm", &[]).await;
        assert_eq!(page.status, 200);
        let page = browser.open("/account").await;
        assert!(page.has("select[name=person]"), "signed out");
    }
}

#[tokio::test]
async fn the_log_tells_what_kind_of_sign_in_it_was() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let mut browser = app.browser();
    let page = browser.open("/sign-in").await;
    let page = browser.submit(&page, FORM, &[("person", "parent")]).await;
    assert!(page.text().contains("Nguyễn Thị Ánh"), "{}", page.text());
    let log = browser.open("/account/log").await.text();
    assert!(log.contains("Có người đã chọn tài khoản này trong môi trường thử nghiệm"), "{log}");
    let facts = app.texts("SELECT facts FROM audit_entry WHERE kind = 'session.started'").await;
    assert!(facts[0].contains(r#""amr":["sandbox"]"#), "{facts:?}");
    let made = app.texts("SELECT actor_kind FROM audit_entry WHERE kind = 'account.created'").await;
    assert_eq!(made, ["operator"; 8], "nobody created her own account");
}

#[tokio::test]
async fn people_are_invented_once_however_many_nodes_start() {
    let first = TestApp::builder().with("server.sandbox", "true").build().await;
    first.instance.provider.invent_people().await.unwrap();
    let again =
        tokio::join!(first.instance.provider.invent_people(), first.instance.provider.invent_people());
    assert!(again.0.is_ok() && again.1.is_ok());
    assert_eq!(first.texts("SELECT status FROM account").await.len(), 8);
}

#[tokio::test]
async fn signing_in_again_renews_the_session_and_somebody_else_ends_it() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let page = browser.open("/sign-in").await;
    browser.submit(&page, FORM, &[("person", "clerk")]).await;
    app.advance(Duration::from_secs(5)).await;
    let page = browser.open(&system.authorize(&[("prompt", "login")])).await;
    assert_eq!(
        page.attribute("option[selected]", "value").as_deref(),
        Some("clerk"),
        "as it stands it is she"
    );
    browser.submit(&page, FORM, &[("person", "clerk")]).await;
    assert_eq!(app.texts("SELECT acr FROM session WHERE ended_at IS NULL").await.len(), 1);
    app.advance(Duration::from_secs(5)).await;
    let page = browser.open(&system.authorize(&[("prompt", "login")])).await;
    browser.submit(&page, FORM, &[("person", "pupil")]).await;
    let ended = app.texts("SELECT end_reason FROM session WHERE ended_at IS NOT NULL").await;
    assert_eq!(ended, ["replaced"]);
}

#[tokio::test]
async fn a_passkey_may_be_added_to_an_invented_person() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let mut browser = app.browser();
    let page = browser.open("/sign-in").await;
    browser.submit(&page, FORM, &[("person", "candidate")]).await;
    let page = browser.open("/account/passkeys").await;
    assert_eq!((page.status.as_u16(), page.has("[data-passkey=create]")), (200, true), "{}", page.text());
}

#[tokio::test]
async fn nobody_else_can_be_chosen_and_no_other_page_can_choose() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let mut browser = app.browser();
    let page = browser.open("/sign-in").await;
    for person in ["", "nobody", "Parent", "<b>", "6b687565-0000-8000-8000-000000000001"] {
        let refused = browser.submit(&page, FORM, &[("person", person)]).await;
        assert_eq!(refused.status, 400, "{person}");
    }
    let forged = browser.post(FORM, &[("person", "parent")]).await;
    assert_eq!(forged.status, 403, "without the token of our page");
    let token = page.attribute("input[name=form_token]", "value").unwrap();
    let stolen = app.browser().post(FORM, &[("person", "parent"), ("form_token", &token)]).await;
    assert_eq!(stolen.status, 403, "in another browser");
    assert!(app.texts("SELECT acr FROM session").await.is_empty());
}

#[tokio::test]
async fn outside_of_a_sandbox_nobody_is_chosen_and_nobody_invented() {
    for mode in ["demo", "production"] {
        let app = TestApp::builder().with("server.mode", mode).build().await;
        let mut browser = app.browser();
        let page = browser.open("/sign-in").await;
        assert!(!page.has("select") && !page.text().contains(FORM));
        let token = page.attribute("input[name=form_token]", "value").unwrap();
        for fields in
            [&[("person", "parent"), ("form_token", token.as_str())][..], &[("person", "parent")], &[]]
        {
            let refused = browser.post(FORM, fields).await;
            assert_eq!(refused.status, 404, "{mode}: {fields:?}");
        }
        assert!(app.texts("SELECT status FROM account").await.is_empty());
    }
}

#[tokio::test]
async fn every_page_says_that_it_is_a_sandbox() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let mut browser = app.browser();
    let page = browser.open("/sign-in").await;
    browser.submit(&page, FORM, &[("person", "parent")]).await;
    for path in [
        "/",
        "/help",
        "/account",
        "/account/profile",
        "/account/passkeys",
        "/account/sessions",
        "/account/systems",
        "/account/log",
        "/logout",
        "/nowhere",
        "/authorize",
    ] {
        let page = browser.open(path).await;
        assert!(page.text().contains("Đây là môi trường thử nghiệm"), "{path}: {}", page.text());
    }
}
