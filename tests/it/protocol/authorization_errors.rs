//! Wrong requests to the authorization endpoint. PROTOCOL's table: where nobody may be redirected, a page; else the
//! error goes to the system, with state and issuer.

use crate::kit::{TestApp, confidential, public, registration};
use serde_json::json;

#[tokio::test]
async fn an_unknown_client_or_address_is_answered_with_a_page__rfc9700_4_11() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let good = portal.redirect_uri().to_owned();
    for changes in [
        [("client_id", "unknown")],
        [("client_id", "")],
        [("redirect_uri", "")],
        [("redirect_uri", "https://evil.example/callback")],
        [("redirect_uri", &format!("{good}/")[..])],
        [("redirect_uri", &format!("{good}?x=1")[..])],
        [("redirect_uri", &format!("{good}#x")[..])],
        [("redirect_uri", &good.replace("https", "HTTPS")[..])],
        [("redirect_uri", &good.replace("callback", "%63allback")[..])],
        [("redirect_uri", "javascript:alert(1)")],
    ] {
        for prompt in ["", "none"] {
            let page = app.browser().get(&portal.authorize(&[changes[0], ("prompt", prompt)])).await;
            assert_eq!(page.status, 400, "{changes:?}");
            assert_eq!(page.location(), None, "{changes:?}");
            assert!(page.has("h1") && page.text().contains("/help"), "{changes:?}");
            assert!(!page.text().contains("https://evil.example"), "what was sent is not echoed");
        }
    }
}

#[tokio::test]
async fn a_repeated_parameter_that_decides_the_address_is_answered_with_a_page__rfc6749_3_1() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    for twice in ["client_id=dichvucong", "redirect_uri=https%3A%2F%2Fdichvucong.example.vn%2Fcallback"] {
        let page = app.browser().get(&format!("{}&{twice}", portal.authorize(&[]))).await;
        assert_eq!((page.status.as_u16(), page.location()), (400, None), "{twice}");
    }
}

#[tokio::test]
async fn other_faults_go_to_the_system_with_state_and_issuer__rfc9207_2() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let small = app.relying_party(registration("nho", json!({ "scope": "openid" }))).await;
    for (system, changes, error) in [
        (&portal, vec![("response_type", "")], "invalid_request"),
        (&portal, vec![("response_type", "none")], "unsupported_response_type"),
        (&portal, vec![("response_type", "code code")], "unsupported_response_type"),
        (&portal, vec![("response_mode", "signed")], "invalid_request"),
        (&portal, vec![("scope", "profile")], "invalid_scope"),
        (&portal, vec![("scope", "")], "invalid_scope"),
        (&small, vec![("scope", "openid email")], "invalid_scope"),
        (&portal, vec![("prompt", "none login")], "invalid_request"),
        (&portal, vec![("prompt", "sometimes")], "invalid_request"),
        (&portal, vec![("prompt", "none")], "login_required"),
        (&portal, vec![("max_age", "-1")], "invalid_request"),
        (&portal, vec![("max_age", "soon")], "invalid_request"),
        (&portal, vec![("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (&portal, vec![("code_challenge_method", "plain")], "invalid_request"),
        (&portal, vec![("code_challenge_method", "")], "invalid_request"),
        (&portal, vec![("code_challenge", "short")], "invalid_request"),
        (&portal, vec![("claims", "{")], "invalid_request"),
        (&portal, vec![("claims", "[1]")], "invalid_request"),
        (&portal, vec![("request", "e30.e30.")], "invalid_request_object"),
        (&portal, vec![("request_uri", "https://x.example/r")], "invalid_request_uri"),
        (&portal, vec![("registration", "{}")], "registration_not_supported"),
        (
            &portal,
            vec![("claims", r#"{"id_token":{"acr":{"essential":true,"values":["xt4"]}}}"#)],
            "unmet_authentication_requirements",
        ),
    ] {
        let page = app.browser().get(&system.authorize(&changes)).await;
        assert_eq!(page.status, 303, "{changes:?} {}", page.text());
        let answer = page.answer();
        assert_eq!(answer["error"], error, "{changes:?}");
        assert_eq!(answer["state"], "st-1", "{changes:?}");
        assert_eq!(answer["iss"], crate::kit::ISSUER, "{changes:?}");
        assert!(answer["error_description"].is_ascii() && !answer["error_description"].is_empty());
        assert!(page.location().unwrap().starts_with(&format!("{}?", system.redirect_uri())));
    }
}

#[tokio::test]
async fn an_unknown_scope_is_ignored__oidc_core_3_1_2_1() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let page = app.browser().get(&portal.authorize(&[("scope", "openid made_up"), ("prompt", "none")])).await;
    assert_eq!(page.answer()["error"], "login_required");
}

#[tokio::test]
async fn errors_travel_the_way_that_was_asked_for() {
    let app = TestApp::start().await;
    let portal = app.relying_party(public("dichvucong")).await;
    let page =
        app.browser().get(&portal.authorize(&[("response_mode", "fragment"), ("prompt", "none")])).await;
    assert!(page.location().unwrap().starts_with(&format!("{}#error=login_required", portal.redirect_uri())));

    let page =
        app.browser().get(&portal.authorize(&[("response_mode", "form_post"), ("prompt", "none")])).await;
    assert_eq!(page.status, 200);
    let fields = page.hidden_fields(portal.redirect_uri());
    assert!(fields.contains(&("error".to_owned(), "login_required".to_owned())), "{fields:?}");
    assert!(fields.contains(&("state".to_owned(), "st-1".to_owned())));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://dichvucong.example.vn"), "{policy}");
}

#[tokio::test]
async fn markup_in_state_is_text() {
    let app = TestApp::start().await;
    let portal = app.relying_party(public("dichvucong")).await;
    let state = "\"><script>alert(1)</script>";
    let changes = [("response_mode", "form_post"), ("prompt", "none"), ("state", state)];
    let page = app.browser().get(&portal.authorize(&changes)).await;
    assert!(!page.text().contains("<script>alert"));
    assert!(page.hidden_fields(portal.redirect_uri()).contains(&("state".to_owned(), state.to_owned())));
}

#[tokio::test]
async fn requests_that_are_too_large_or_not_text_are_answered_with_a_page() {
    let app = TestApp::start().await;
    let portal = app.relying_party(public("dichvucong")).await;
    let long = "x".repeat(9_000);
    let page = app.browser().get(&portal.authorize(&[("login_hint", &long)])).await;
    assert_eq!(page.status, 400);
    for query in ["client_id=%00", "client_id=%ff", "client_id=%zz", "%", "=&=&="] {
        let page = app.browser().get(&format!("/authorize?{query}")).await;
        assert_eq!(page.status, 400, "{query}");
    }
}
