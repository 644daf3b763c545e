//! What a registration says where a request says nothing, and what a request may say without effect.

use std::time::Duration;

use khue::domain::client::Registration;
use serde_json::{Value, json};

use crate::kit::{Browser, RelyingParty, TestApp, confidential, registration, resource};

async fn known(app: &TestApp, system: &RelyingParty) -> Browser {
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await.answer();
    browser
}

fn silent<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("prompt", "none")], more].concat()
}

#[tokio::test]
async fn a_registered_age_counts_where_none_is_asked_for__oidc_registration_2() {
    let app = TestApp::start().await;
    let members = json!({ "default_max_age": 60, "require_auth_time": true });
    let system = app.relying_party(registration("dichvucong", members)).await;
    let mut browser = known(&app, &system).await;
    let answer = browser.get(&system.authorize(&silent(&[]))).await.answer();
    assert_eq!(system.redeem(&answer["code"]).await.id_token()["auth_time"], 1_795_420_800);
    app.advance(Duration::from_secs(61)).await;
    let answer = browser.get(&system.authorize(&silent(&[]))).await.answer();
    assert_eq!(answer["error"], "login_required");
    let answer = browser.get(&system.authorize(&silent(&[("max_age", "3600")]))).await.answer();
    assert!(answer.contains_key("code"), "the request goes first");
}

#[tokio::test]
async fn registered_levels_are_a_wish__oidc_registration_2() {
    let app = TestApp::start().await;
    let members = json!({ "default_acr_values": ["xt4", "https://elsewhere.example/gold"] });
    let system = app.relying_party(registration("dichvucong", members)).await;
    let mut browser = known(&app, &system).await;
    let answer = browser.get(&system.authorize(&[])).await.answer();
    let tokens = system.redeem(&answer["code"]).await;
    assert_eq!(tokens.id_token()["acr"], "https://id.moet.gov.vn/acr/xt2-phr", "voluntary: what was reached");
}

#[tokio::test]
async fn how_pages_are_shown_and_in_which_language_claims_come_refuses_nobody__oidc_core_3_1_2_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = known(&app, &system).await;
    for (name, value) in [
        ("display", "page"),
        ("display", "popup"),
        ("display", "touch"),
        ("display", "wap"),
        ("display", "hologram"),
        ("claims_locales", "vi-VN"),
        ("claims_locales", "xx-nonsense"),
    ] {
        let answer = browser.get(&system.authorize(&silent(&[(name, value)]))).await.answer();
        assert!(answer.contains_key("code"), "{name}={value}");
        let twice = format!("{}&{name}={value}", system.authorize(&silent(&[(name, value)])));
        assert_eq!(browser.get(&twice).await.answer()["error"], "invalid_request", "{name} twice");
    }
}

#[tokio::test]
async fn a_person_begins_a_sign_in_at_a_system_from_her_own_page__oidc_core_4() {
    let app = TestApp::start().await;
    let members = json!({ "initiate_login_uri": "https://dichvucong.example.vn/login?from=khue" });
    let system = app.relying_party(registration("dichvucong", members)).await;
    let other = app.relying_party(confidential("motcua")).await;
    let mut browser = known(&app, &system).await;
    let page = browser.open(&other.authorize(&[])).await;
    browser.agree(&page, &[]).await;
    let page = browser.open("/account/systems").await;
    let link = page.attribute("a[href^='https://dichvucong']", "href");
    let expected = "https://dichvucong.example.vn/login?from=khue&iss=https%3A%2F%2Fid.example.vn";
    assert_eq!(link.as_deref(), Some(expected));
    assert!(!page.has("a[href^='https://motcua']"), "where none is registered there is none");
    let provider = &app.instance.provider;
    let disabled = khue::domain::client::ClientStatus::Disabled;
    provider.switch_client(&system.registration.client_id, disabled).await.unwrap();
    provider.refresh_caches().await.unwrap();
    assert!(
        !browser.open("/account/systems").await.has("a[href^='https://dichvucong']"),
        "nor while disabled"
    );
}

#[tokio::test]
async fn the_page_leads_to_policy_and_terms__oidc_registration_2() {
    let app = TestApp::start().await;
    let (policy, terms) =
        ("https://dichvucong.example.vn/rieng-tu", "https://dichvucong.example.vn/dieu-khoan");
    let members = json!({ "policy_uri": policy, "tos_uri": terms });
    let system = app.relying_party(registration("dichvucong", members)).await;
    let mut browser = app.browser();
    let page = browser.open(&system.authorize(&[])).await;
    let create = page.attribute("a[href^='/create']", "href").unwrap();
    let page = browser.sign_up(&create, "Nguyễn Thị Ánh").await;
    for address in [policy, terms] {
        let link = format!("a[href='{address}']");
        assert_eq!(page.attribute(&link, "rel").as_deref(), Some("noopener noreferrer"), "{address}");
    }
}

#[tokio::test]
async fn wrong_members_are_named() {
    let refused = |changes: Value| {
        let mut document = serde_json::to_value(registration("x", json!({}))).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        serde_json::from_value::<Registration>(document).unwrap_err().to_string()
    };
    let address = "must be an absolute https address (or http on a loopback address)";
    for (changes, problem) in [
        (json!({ "policy_uri": "javascript:alert(1)" }), format!("policy_uri: {address}")),
        (json!({ "tos_uri": "http://x.example.vn/" }), format!("tos_uri: {address}")),
        (
            json!({ "initiate_login_uri": "http://x.example.vn/" }),
            "initiate_login_uri: http://x.example.vn/".to_owned(),
        ),
        (json!({ "default_acr_values": ["a b"] }), "default_acr_values: must be at most 16 words".to_owned()),
        (
            json!({ "default_acr_values": vec!["x"; 17] }),
            "default_acr_values: must be at most 16 words".to_owned(),
        ),
        (json!({ "default_max_age": -1 }), "invalid value: integer `-1`".to_owned()),
    ] {
        let told = refused(changes.clone());
        assert!(told.starts_with(&problem), "{changes}: {told}");
    }
}

const PUPILS: &str = "https://hoc-sinh.example.vn/api";

/// A portal that may call the pupils' register, and that.
async fn calling(app: &TestApp) -> (RelyingParty, RelyingParty) {
    let register = app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let resources = json!([{ "resource": PUPILS, "scope": "doc" }]);
    (app.relying_party(registration("dichvucong", json!({ "resources": resources }))).await, register)
}

#[tokio::test]
async fn a_challenge_for_a_fresher_sign_in_is_met_by_the_next_token__rfc9470_5() {
    let app = TestApp::start().await;
    let (portal, register) = calling(&app).await;
    let mut browser = app.browser();
    let asked = [("resource", PUPILS)];
    let first = browser.first_visit(&portal.authorize(&asked), &[]).await.answer()["code"].clone();
    let old = portal.redeem(&first).await.text("access_token");
    app.advance(Duration::from_secs(200)).await;
    // The resource asks about the token, finds the sign-in too old, and answers with
    // WWW-Authenticate: Bearer error="insufficient_user_authentication", acr_values="xt2-phr", max_age="60".
    let told = register.post("/introspect", &[("token", &old)]).await.body;
    assert_eq!(
        (&told["auth_time"], &told["acr"]),
        (&json!(1_795_420_800), &json!("https://id.moet.gov.vn/acr/xt2-phr"))
    );
    let challenged = [("resource", PUPILS), ("acr_values", "xt2-phr"), ("max_age", "60")];
    let page = browser.open(&portal.authorize(&challenged)).await;
    assert!(page.has("form[action='/sign-in']"), "{}", page.text());
    let answer = browser.sign_in(&page).await.answer();
    let new = portal.redeem(&answer["code"]).await.text("access_token");
    let told = register.post("/introspect", &[("token", &new)]).await.body;
    assert_eq!(told["auth_time"], 1_795_420_800 + 200);
}

#[tokio::test]
async fn a_level_that_a_resource_demands_is_reached_or_refused__rfc9470_5() {
    let app = TestApp::start().await;
    let (portal, _) = calling(&app).await;
    let mut browser = app.browser();
    browser.first_visit(&portal.authorize(&[("resource", PUPILS)]), &[]).await.answer();
    for out_of_reach in ["xt4", "https://elsewhere.example/gold"] {
        let asked = [("resource", PUPILS), ("acr_values", out_of_reach)];
        let answer = browser.get(&portal.authorize(&asked)).await.answer();
        assert_eq!(answer["error"], "unmet_authentication_requirements", "{out_of_reach}");
        let answer = browser.get(&portal.authorize(&[("acr_values", out_of_reach)])).await.answer();
        assert!(answer.contains_key("code"), "without a resource it is a wish");
    }
    let either = [("resource", PUPILS), ("acr_values", "xt4 xt2-phr")];
    assert!(browser.get(&portal.authorize(&either)).await.answer().contains_key("code"));
}
