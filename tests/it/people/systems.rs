//! Connected systems, and taking back what was agreed.

use crate::kit::{TestApp, confidential, registration};

#[tokio::test]
async fn withdrawing_a_consent_ends_everything_it_gave() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(confidential("dichvucong")).await;
        let mut browser = app.browser();
        let authorize = system.authorize(&[("scope", "openid profile email offline_access")]);
        let answer = browser.first_visit(&authorize, &["email"]).await;
        let tokens = system.redeem(&answer.answer()["code"]).await;
        assert_eq!(system.userinfo(&tokens.text("access_token")).await.status, 200);
        let page = browser.open("/account/systems").await;
        assert!(page.text().contains("Hệ thống dichvucong"));
        assert!(
            page.text().contains("08") || page.text().contains("15:00"),
            "when it last received something"
        );
        let page = browser.open("/account/systems/withdraw?id=dichvucong").await;
        let page = browser.submit(&page, "/account/systems/withdraw", &[]).await;
        assert_eq!(page.status, 200);
        assert!(!page.has("a[href^='/account/systems/withdraw']"), "{}", page.text());
        assert_eq!(system.userinfo(&tokens.text("access_token")).await.status, 401);
        assert_eq!(system.refresh(&tokens.text("refresh_token")).await.text("error"), "invalid_grant");
        let page = browser.open(&authorize).await;
        assert!(page.has("form[action='/consent']"), "asked again");
        let twice = browser.get("/account/systems/withdraw?id=dichvucong").await;
        assert_eq!(twice.status, 404);
    }
}

#[tokio::test]
async fn what_rests_on_law_cannot_be_taken_back() {
    let app = TestApp::start().await;
    let purpose = serde_json::json!({ "vi": "Ghi tên", "en": "To name" });
    let claims =
        serde_json::json!([{ "claim": "name", "purpose": purpose, "basis": "law", "essential": true }]);
    let system = app.relying_party(registration("motcua", serde_json::json!({ "claims": claims }))).await;
    let mut browser = app.browser();
    let page = browser.open(&system.authorize(&[("scope", "openid profile_min")])).await;
    let create = page.attribute("a[href^='/create']", "href").unwrap();
    let page = browser.sign_up(&create, "An").await;
    browser.submit(&page, "/consent", &[("decision", "continue")]).await;
    let log = browser.open("/account/log").await.text();
    assert!(log.contains("Bạn đã được thông báo") && !log.contains("Bạn đồng ý chia sẻ"), "{log}");
    let page = browser.open("/account/systems").await;
    assert!(page.text().contains("Hệ thống motcua"));
    assert!(!page.has("a[href^='/account/systems/withdraw']"), "{}", page.text());
    assert_eq!(browser.get("/account/systems/withdraw?id=motcua").await.status, 404);
    let token = page.attribute("input[name=form_token]", "value");
    let token = match token {
        Some(token) => token,
        None => browser.open("/account/profile").await.attribute("input[name=form_token]", "value").unwrap(),
    };
    let refused =
        browser.post("/account/systems/withdraw", &[("form_token", &token), ("id", "motcua")]).await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn the_log_says_who_received_what_and_proves_it() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    let answer =
        browser.first_visit(&system.authorize(&[("scope", "openid profile email")]), &["email"]).await;
    let tokens = system.redeem(&answer.answer()["code"]).await;
    system.userinfo(&tokens.text("access_token")).await;
    app.instance.audit.integrate().await.unwrap();
    let page = browser.open("/account/log").await;
    let text = page.select_text("main");
    assert!(text.contains("Hệ thống dichvucong"), "{text}");
    assert!(text.contains("Thư điện tử") || text.contains("Email"), "{text}");
    let proof = page.attribute("a[href^='/account/log/proof']", "href").expect("a proof");
    let file = browser.get(&proof).await;
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").starts_with("attachment"));
    let proof = khue::services::audit::PersonProof::parse(&file.text()).unwrap();
    proof.verify(app.instance.audit.verifier()).unwrap();
    let mut other = app.browser();
    other.sign_up("/create", "Bình").await;
    let id = proof.entry.id;
    assert_eq!(other.get(&format!("/account/log/proof?entry={id}")).await.status, 404, "not hers");
    assert_eq!(other.get("/account/log?before=AAAA").await.status, 404, "no cursor of ours");
}

#[tokio::test]
async fn a_mixture_of_rights_is_told_claim_by_claim() {
    let app = TestApp::start().await;
    let purpose = serde_json::json!({ "vi": "Ghi tên", "en": "To name" });
    let claims = serde_json::json!([
        { "claim": "name", "purpose": purpose, "basis": "law", "essential": true },
        { "claim": "email", "purpose": purpose, "basis": "consent", "essential": false },
    ]);
    let system = app.relying_party(registration("motcua", serde_json::json!({ "claims": claims }))).await;
    let mut browser = app.browser();
    let asked = system.authorize(&[("scope", "openid profile_min email")]);
    browser.first_visit(&asked, &["email"]).await;
    for address in ["/account/systems", "/account/log", "/account/systems/withdraw?id=motcua"] {
        let text = browser.open(address).await.select_text("main");
        assert!(text.contains("Quy định của pháp luật"), "{address}: {text}");
        let by_consent = text.contains("Sự đồng ý của bạn") || text.contains("Thông tin ngừng chia sẻ");
        assert!(by_consent, "{address}: {text}");
    }
    assert!(browser.open("/account/log").await.text().contains("Bạn đồng ý chia sẻ thông tin"));

    app.advance(std::time::Duration::from_secs(1)).await;
    let page = browser
        .open(&system.authorize(&[("scope", "openid profile_min email"), ("prompt", "consent")]))
        .await;
    browser.submit(&page, "/consent", &[("decision", "decline")]).await;
    let text = browser.open("/account/log").await.select_text("main .entry:first-child");
    assert!(text.contains("Được hỏi") && !text.contains("Đã chia sẻ"), "{text}");
}
