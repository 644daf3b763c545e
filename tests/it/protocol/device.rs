//! Devices without a keyboard (RFC 8628).

use std::time::Duration;

use futures_util::future::join_all;
use khue::domain::client::ClientStatus;
use serde_json::json;

use crate::kit::{
    Answer, Browser, ISSUER, Page, ProofKey, RelyingParty, TestApp, confidential, public, registration,
    with_proof,
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A screen in a hall: no address to come back to, no secret.
async fn kiosk(app: &TestApp) -> RelyingParty {
    let members = json!({
        "token_endpoint_auth_method": "none",
        "grant_types": [GRANT, "refresh_token"],
        "response_types": [],
        "redirect_uris": [],
        "post_logout_redirect_uris": [],
    });
    app.relying_party(registration("mot-cua", members)).await
}

async fn begin(kiosk: &RelyingParty) -> Answer {
    kiosk.post("/device", &[("scope", "openid email offline_access")]).await
}

async fn poll(kiosk: &RelyingParty, device_code: &str) -> Answer {
    kiosk.post("/token", &[("grant_type", GRANT), ("device_code", device_code)]).await
}

async fn type_code(browser: &mut Browser, code: &str) -> Page {
    let page = browser.open("/device/verify").await;
    browser.submit(&page, "/device/verify", &[("user_code", code)]).await
}

/// As somebody new, up to the page that asks to compare the code.
async fn come_with(browser: &mut Browser, code: &str) -> Page {
    let page = type_code(browser, code).await;
    let create = page.attribute("a[href^='/create']", "href").expect("a link to create an account");
    browser.sign_up(&create, "Nguyễn Thị Ánh").await
}

async fn same(browser: &mut Browser, page: &Page) -> Page {
    browser.submit(page, "/device/confirm", &[("decision", "same")]).await
}

/// As somebody new, to the end.
async fn approve(browser: &mut Browser, code: &str) -> Page {
    let page = come_with(browser, code).await;
    let page = same(browser, &page).await;
    browser.agree(&page, &["email"]).await
}

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
async fn who_asks_too_early_waits_longer_from_then_on__rfc8628_3_5() {
    for app in TestApp::on_both().await {
        let kiosk = kiosk(&app).await;
        let code = begin(&kiosk).await.text("device_code");
        let after = async |seconds| {
            app.advance(Duration::from_secs(seconds)).await;
            poll(&kiosk, &code).await.text("error")
        };
        assert_eq!(after(0).await, "authorization_pending");
        assert_eq!(after(4).await, "authorization_pending", "networks are not even");
        assert_eq!(after(1).await, "slow_down");
        assert_eq!(after(5).await, "slow_down", "ten seconds by now");
        assert_eq!(after(14).await, "authorization_pending", "fifteen");
        assert_eq!(after(5).await, "slow_down");
        let answer = poll(&kiosk, &code).await;
        assert_eq!(answer.status, 400, "no client is shut out for it");
    }
}

#[tokio::test]
async fn of_sixteen_questions_at_once_one_is_answered__rfc8628_3_5() {
    for app in TestApp::on_both().await {
        let kiosk = kiosk(&app).await;
        let begun = begin(&kiosk).await;
        approve(&mut app.browser(), &begun.text("user_code")).await;
        let code = begun.text("device_code");
        let answers = join_all((0..16).map(|_| poll(&kiosk, &code))).await;
        let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1);
        let lost = answers.iter().filter(|answer| answer.status != 200);
        for answer in lost {
            assert_eq!(answer.text("error"), "slow_down");
        }
        let access = won[0].text("access_token");
        assert_eq!(kiosk.userinfo(&access).await.status, 200, "and keeps what it was given");
        app.advance(Duration::from_secs(90)).await;
        assert_eq!(poll(&kiosk, &code).await.text("error"), "invalid_grant");
        assert_eq!(kiosk.userinfo(&access).await.status, 401, "a second redemption ends the first");
    }
}

#[tokio::test]
async fn a_device_code_is_its_own_client_s_and_a_thief_burns_nothing() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let members = json!({ "token_endpoint_auth_method": "none", "grant_types": [GRANT], "response_types": [], "redirect_uris": [] });
    let other = app.relying_party(registration("khac", members)).await;
    let begun = begin(&kiosk).await;
    approve(&mut app.browser(), &begun.text("user_code")).await;
    for _ in 0..3 {
        let answer = poll(&other, &begun.text("device_code")).await;
        assert_eq!(answer.text("error"), "invalid_grant");
    }
    for forged in ["khue_dc_x", "", &begun.text("device_code")[..20], &begun.text("user_code")] {
        let answer = poll(&kiosk, forged).await;
        assert!(["invalid_grant", "invalid_request"].contains(&answer.text("error").as_str()), "{forged}");
    }
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.status, 200);
}

#[tokio::test]
async fn codes_are_over_after_ten_minutes_and_say_so__rfc8628_3_2() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut phone = app.browser();
    let begun = begin(&kiosk).await;
    let waiting = come_with(&mut phone, &begun.text("user_code")).await;
    app.advance(Duration::from_secs(600)).await;
    let answer = poll(&kiosk, &begun.text("device_code")).await;
    assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (400, "expired_token"));
    let page = type_code(&mut phone, &begun.text("user_code")).await;
    assert_eq!(page.status, 400);
    assert!(page.text().contains("KH-323"), "{}", page.text());
    let page = same(&mut phone, &waiting).await;
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (400, "Mã đã hết hạn"));
    app.advance(Duration::from_secs(700)).await;
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.text("error"), "invalid_grant");
    assert!(type_code(&mut phone, &begun.text("user_code")).await.text().contains("KH-322"));
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
    let sealed = page.attribute("form[action='/device/confirm'] input[name=interaction]", "value").unwrap();
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
    let sealed = page.attribute("form[action='/device/confirm'] input[name=interaction]", "value").unwrap();
    let page = same(&mut phone, &page).await;
    phone.agree(&page, &[]).await;
    let again = phone.open(&format!("/continue?interaction={sealed}")).await;
    assert_eq!((again.status.as_u16(), again.heading().as_str()), (200, "Thiết bị đã được phép đăng nhập"));
    assert_eq!(poll(&kiosk, &begun.text("device_code")).await.status, 200);
}

#[tokio::test]
async fn a_browser_has_five_wrong_codes__rfc8628_5_1() {
    for app in TestApp::on_both().await {
        let kiosk = kiosk(&app).await;
        let mut guesser = app.browser();
        for guess in ["BCDF-GHJK", "bcdfghjl", "BCDF GHJM", "BCDFGHJN", "BCDF-GHJP"] {
            let page = type_code(&mut guesser, guess).await;
            assert_eq!(page.status, 400);
            assert!(page.text().contains("KH-322"), "{}", page.text());
        }
        let shown = begin(&kiosk).await.text("user_code");
        let page = type_code(&mut guesser, &shown).await;
        assert_eq!(
            (page.status.as_u16(), page.header("retry-after")),
            (429, "300"),
            "not even with a right one"
        );
        assert_eq!(
            type_code(&mut app.browser(), &shown).await.heading(),
            "Đăng nhập",
            "nobody else is kept out"
        );
        // What can be no code is no guess.
        let mut clumsy = app.browser();
        for typo in ["", "A", "BCDF-GHJ", "12345678", "AEIO-UAEI", "<script>"] {
            assert!(type_code(&mut clumsy, typo).await.text().contains("KH-321"), "{typo}");
        }
        assert_eq!(type_code(&mut clumsy, &shown).await.heading(), "Đăng nhập");
    }
}

#[tokio::test]
async fn a_network_s_tries_are_counted_whatever_its_cookies() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let mut last = 0;
    for _ in 0..301 {
        last = type_code(&mut app.browser(), "BCDF-GHJK").await.status.as_u16();
    }
    assert_eq!(last, 429);
    let shown = begin(&kiosk).await.text("user_code");
    assert_eq!(type_code(&mut app.browser(), &shown).await.status, 429);
}

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

#[tokio::test]
async fn a_key_that_was_shown_at_the_beginning_is_shown_at_the_end() {
    let app = TestApp::start().await;
    let kiosk = kiosk(&app).await;
    let (key, other) = (ProofKey::generate(), ProofKey::generate());
    let htu = json!(format!("{ISSUER}/device"));
    let beginning = kiosk.posting("/device", &[("scope", "openid email")]);
    let begun = kiosk.answer(with_proof(beginning, &key.proof_with(&app, &[("htu", htu)]))).await;
    approve(&mut app.browser(), &begun.text("user_code")).await;
    let code = begun.text("device_code");
    let polling = || kiosk.posting("/token", &[("grant_type", GRANT), ("device_code", &code)]);
    assert_eq!(kiosk.answer(polling()).await.text("error"), "invalid_grant");
    assert_eq!(kiosk.answer(with_proof(polling(), &other.proof(&app))).await.text("error"), "invalid_grant");
    let tokens = kiosk.answer(with_proof(polling(), &key.proof(&app))).await;
    assert_eq!((tokens.status.as_u16(), tokens.text("token_type").as_str()), (200, "DPoP"));
    let wrong = kiosk.posting("/device", &[("scope", "openid")]);
    let answer = kiosk.answer(with_proof(wrong, &key.proof(&app))).await;
    assert_eq!(answer.text("error"), "invalid_dpop_proof", "made for another endpoint");
}

#[tokio::test]
async fn a_kiosk_on_one_node_and_a_phone_on_the_other() {
    let nodes = TestApp::two_nodes().await;
    let here = kiosk(&nodes[0]).await;
    nodes[1].instance.provider.refresh_caches().await.unwrap();
    let there = here.by(nodes[1].router());
    let begun = begin(&here).await;
    let code = begun.text("device_code");
    approve(&mut nodes[1].browser(), &begun.text("user_code")).await;
    let answers =
        join_all((0..16).map(|number| poll(if number % 2 == 0 { &here } else { &there }, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
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
