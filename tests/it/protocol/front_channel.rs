//! Tokens that travel through the browser (OIDC Core §3.2, §3.3), for systems that are registered for it.

use std::collections::BTreeMap;

use khue::base::encoding::base64url;
use khue::domain::client::Registration;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::audit::requests::left_by;
use crate::kit::{RelyingParty, TestApp, claims, confidential, registration};

/// A system that is registered for every response type.
pub fn old_system(id: &str) -> Registration {
    registration(
        id,
        json!({
            "profile": "legacy",
            "response_types": ["code", "code id_token", "id_token", "code token", "id_token token", "code id_token token"],
            "grant_types": ["authorization_code", "refresh_token", "implicit"],
        }),
    )
}

fn half_hash(text: &str) -> Value {
    json!(base64url(&digest(&SHA256, text.as_bytes()).as_ref()[..16]))
}

fn names(answer: &BTreeMap<String, String>) -> Vec<&str> {
    answer.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn each_response_type_gives_what_its_words_say__oidc_core_3_3_2_5() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(old_system("hethongcu")).await;
        let mut browser = app.browser();
        browser.first_visit(&system.authorize(&[("scope", "openid email")]), &["email"]).await;
        for (response_type, expected) in [
            ("id_token", vec!["id_token", "iss", "session_state", "state"]),
            ("code id_token", vec!["code", "id_token", "iss", "session_state", "state"]),
            (
                "token code",
                vec![
                    "access_token",
                    "code",
                    "expires_in",
                    "iss",
                    "scope",
                    "session_state",
                    "state",
                    "token_type",
                ],
            ),
            (
                "token id_token",
                vec![
                    "access_token",
                    "expires_in",
                    "id_token",
                    "iss",
                    "scope",
                    "session_state",
                    "state",
                    "token_type",
                ],
            ),
            (
                "id_token token code",
                vec![
                    "access_token",
                    "code",
                    "expires_in",
                    "id_token",
                    "iss",
                    "scope",
                    "session_state",
                    "state",
                    "token_type",
                ],
            ),
        ] {
            let asked = [("response_type", response_type), ("scope", "openid email")];
            let page = browser.open(&system.authorize(&asked)).await;
            assert!(
                page.location().unwrap().starts_with(&format!("{}#", system.redirect_uri())),
                "{response_type}"
            );
            assert_eq!(page.header("cache-control"), "no-store");
            let answer = page.answer();
            assert_eq!(names(&answer), expected, "{response_type}");
            check(&system, response_type, &answer).await;
            let left = left_by(&app, page.header("x-request-id")).await;
            match response_type {
                "id_token" => assert_eq!(left, ["claims.released", "tokens.issued"]),
                _ => assert_eq!(left, ["tokens.issued"], "on record before the answer: {response_type}"),
            }
        }
    }
}

async fn check(system: &RelyingParty, response_type: &str, answer: &BTreeMap<String, String>) {
    if let Some(id_token) = answer.get("id_token") {
        let id_token = claims(id_token);
        assert_eq!((&id_token["nonce"], &id_token["aud"]), (&json!("no-1"), &json!("hethongcu")));
        assert_eq!(id_token["s_hash"], half_hash("st-1"));
        let of = |name| answer.get(name).map_or(Value::Null, |value| half_hash(value));
        assert_eq!(id_token["c_hash"], of("code"), "{response_type}");
        assert_eq!(id_token["at_hash"], of("access_token"), "{response_type}");
        let told = id_token.get("email");
        assert_eq!(
            told.is_some(),
            response_type == "id_token",
            "OIDC Core §5.4: only where nothing else is given"
        );
    }
    if let Some(token) = answer.get("access_token") {
        assert_eq!((answer["token_type"].as_str(), answer["expires_in"].as_str()), ("Bearer", "300"));
        assert_eq!(answer["scope"], "openid email");
        assert_eq!(system.userinfo(token).await.body["email"], "an.nguyen@example.vn");
    }
    if let Some(code) = answer.get("code") {
        let tokens = system.redeem(code).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        assert_eq!(tokens.id_token().get("c_hash"), None);
        if let Some(id_token) = answer.get("id_token") {
            let (front, back) = (claims(id_token), tokens.id_token());
            assert_eq!((&front["sub"], &front["iss"]), (&back["sub"], &back["iss"]), "OIDC Core §3.3.3.6");
        }
    }
}

#[tokio::test]
async fn claims_in_the_id_token_rest_on_consent__oidc_core_5_4() {
    let app = TestApp::start().await;
    let system = app.relying_party(old_system("hethongcu")).await;
    let asked = [("response_type", "id_token"), ("scope", "openid profile_min email")];
    let answer = app.browser().first_visit(&system.authorize(&asked), &[]).await.answer();
    let id_token = claims(&answer["id_token"]);
    assert_eq!(id_token["name"], "Nguyễn Thị Ánh");
    assert_eq!(id_token.get("email"), None, "not ticked, not told");
}

#[tokio::test]
async fn what_was_given_ends_with_the_session_and_with_the_consent() {
    let app = TestApp::start().await;
    let system = app.relying_party(old_system("hethongcu")).await;
    let mut browser = app.browser();
    let asked = system.authorize(&[("response_type", "id_token token"), ("scope", "openid offline_access")]);
    let token = browser.first_visit(&asked, &[]).await.answer()["access_token"].clone();
    assert_eq!(system.userinfo(&token).await.status, 200);
    let page = browser.open("/account/systems/withdraw?id=hethongcu").await;
    browser.submit(&page, "/account/systems/withdraw", &[]).await;
    assert_eq!(system.userinfo(&token).await.text("error"), "invalid_token", "the consent is taken back");

    let page = browser.get(&asked).await;
    let token = browser.agree(&page, &[]).await.answer()["access_token"].clone();
    assert_eq!(system.userinfo(&token).await.status, 200);
    let page = browser.open("/logout").await;
    browser.submit(&page, "/logout/confirm", &[]).await;
    let refused = system.userinfo(&token).await;
    assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (401, "invalid_token"));
}

#[tokio::test]
async fn tokens_are_posted_where_that_was_asked_for() {
    let app = TestApp::start().await;
    let system = app.relying_party(old_system("hethongcu")).await;
    let asked = system.authorize(&[("response_type", "code id_token"), ("response_mode", "form_post")]);
    let page = app.browser().first_visit(&asked, &[]).await;
    let fields: BTreeMap<String, String> = page.hidden_fields(system.redirect_uri()).into_iter().collect();
    assert_eq!(names(&fields), ["code", "id_token", "iss", "session_state", "state"]);
    check(&system, "code id_token", &fields).await;
}

#[tokio::test]
async fn a_token_alone_needs_no_challenge_and_a_code_beside_it_does__rfc7636_4_4_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(old_system("hethongcu")).await;
    for (response_type, error) in [("id_token", "login_required"), ("code id_token", "invalid_request")] {
        let bare = [("code_challenge", ""), ("code_challenge_method", ""), ("prompt", "none")];
        let asked = [&bare[..], &[("response_type", response_type)]].concat();
        assert_eq!(
            app.browser().get(&system.authorize(&asked)).await.answer()["error"],
            error,
            "{response_type}"
        );
    }
}

#[tokio::test]
async fn wrong_requests_are_answered_in_the_fragment__multiple_response_types_5() {
    let app = TestApp::start().await;
    let old = app.relying_party(old_system("hethongcu")).await;
    let new = app.relying_party(confidential("dichvucong")).await;
    let half = app
        .relying_party(registration(
            "motnua",
            json!({
                "profile": "legacy", "response_types": ["id_token"], "grant_types": ["implicit"],
            }),
        ))
        .await;
    let nonce = "nonce is missing; a response_type with id_token needs one.";
    let query = "The query carries no tokens; leave response_mode out, or send fragment or form_post.";
    let unregistered = "This client is not registered for this response_type.";
    let unserved = "This response_type is not served; code is, and those of response_types_supported.";
    for (system, changes, error, description) in [
        (&old, vec![("response_type", "id_token"), ("nonce", "")], "invalid_request", nonce),
        (&old, vec![("response_type", "id_token token"), ("nonce", "")], "invalid_request", nonce),
        (&old, vec![("response_type", "code id_token"), ("nonce", "")], "invalid_request", nonce),
        (&old, vec![("response_type", "code id_token token"), ("nonce", "")], "invalid_request", nonce),
        (&old, vec![("response_type", "code token"), ("response_mode", "query")], "invalid_request", query),
        (&old, vec![("response_type", "id_token"), ("response_mode", "query")], "invalid_request", query),
        (&old, vec![("response_type", "token")], "unsupported_response_type", unserved),
        (&old, vec![("response_type", "id_token id_token")], "unsupported_response_type", unserved),
        (&new, vec![("response_type", "id_token")], "unauthorized_client", unregistered),
        (&new, vec![("response_type", "code token")], "unauthorized_client", unregistered),
        (&half, vec![("response_type", "code id_token")], "unauthorized_client", unregistered),
    ] {
        let page = app.browser().get(&system.authorize(&changes)).await;
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let expected = format!(
            "{}#error={error}&error_description={}&state=st-1&iss={}",
            system.redirect_uri(),
            encode(description),
            encode(crate::kit::ISSUER)
        );
        assert_eq!(page.location().as_deref(), Some(&expected[..]), "{changes:?}");
    }
    let answer = half.answer(half.redemption("x")).await;
    assert_eq!(answer.body["error"], "unauthorized_client");
    let implicit = old.redeem_with("x", &[("grant_type", "implicit")]).await;
    assert_eq!((implicit.status.as_u16(), implicit.text("error").as_str()), (400, "unsupported_grant_type"));
}

#[tokio::test]
async fn response_types_and_grant_types_go_together__oidc_registration_2() {
    for (changes, problem) in [
        (json!({ "response_types": ["id_token"] }), "those with code"),
        (json!({ "response_types": ["code", "code token"] }), "those with id_token or token"),
        (json!({ "grant_types": ["authorization_code", "implicit"] }), "those with id_token or token"),
    ] {
        let mut document = serde_json::to_value(confidential("hethongcu")).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        let error = serde_json::from_value::<Registration>(document).unwrap_err().to_string();
        assert!(error.contains(problem), "{changes} {error}");
    }
}
