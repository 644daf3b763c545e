//! Objects that stand in the request: who signed them, and what they may say.

use std::time::Duration;

use khue::protocol::SigningAlgorithm;
use serde_json::{Value, json};

use super::system::{bare, refusal, signing};
use crate::kit::{RelyingParty, Signer, TestApp, registration};

#[tokio::test]
async fn what_was_signed_counts_and_nothing_beside_it__rfc9101_6_3() {
    let app = TestApp::start().await;
    for algorithm in SigningAlgorithm::ALL {
        let signer = Signer::key(*algorithm);
        let id = format!("he-thong-{}", algorithm.as_str().to_lowercase());
        let changes = json!({ "jwks": signer.jwks(), "request_object_signing_alg": algorithm });
        let system = app.relying_party(registration(&id, changes)).await;
        let claims = json!({ "scope": "openid email", "max_age": 3600 });
        let object = signer.request_object(&app, &system, claims, json!({}));
        let beside = [
            ("request", object.as_str()),
            ("state", "another"),
            ("redirect_uri", "https://evil.example/"),
            ("scope", "openid phone"),
            ("prompt", "none"),
        ];
        let page = app.browser().first_visit(&bare(&system, &beside), &["email"]).await;
        assert!(page.location().unwrap().starts_with(system.redirect_uri()));
        let answer = page.answer();
        assert_eq!(answer["state"], "st-1");
        let tokens = system.redeem(&answer["code"]).await;
        assert_eq!(tokens.text("scope"), "openid email");
        assert_eq!(tokens.id_token()["nonce"], "no-1");
    }
}

#[tokio::test]
async fn a_secret_signs_for_whom_it_authenticates__oidc_core_6_1() {
    let app = TestApp::start().await;
    let changes = json!({ "token_endpoint_auth_method": "client_secret_jwt" });
    let system = app.relying_party(registration("dichvucong", changes)).await;
    let own = Signer::Secret(system.secret.clone().unwrap());
    let other = Signer::Secret("another secret that is long enough".to_owned());
    let object = own.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().first_visit(&bare(&system, &[("request", &object)]), &[]).await;
    assert!(page.answer().contains_key("code"));
    let object = other.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().get(&system.authorize(&[("request", &object)])).await;
    assert_eq!(refusal(&page).0, "invalid_request_object");

    let plain = app.relying_party(registration("khac", json!({}))).await;
    let own = Signer::Secret(plain.secret.clone().unwrap());
    let object = own.request_object(&app, &plain, json!({}), json!({}));
    let page = app.browser().get(&plain.authorize(&[("request", &object)])).await;
    assert_eq!(refusal(&page).0, "invalid_request_object", "its secret is kept as a digest alone");
}

#[tokio::test]
async fn an_unsigned_one_is_taken_of_whom_it_is_registered_for_alone__oidc_core_6_1() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let unsigned = |system: &RelyingParty, claims: Value| {
        let signed = signer.request_object(&app, system, claims, json!({ "alg": "none", "kid": null }));
        format!("{}.", signed.rsplit_once('.').unwrap().0)
    };
    let system =
        signing(&app, &signer, json!({ "request_object_signing_alg": "none", "profile": "legacy" })).await;
    let bare_claims = json!({ "iss": null, "aud": null, "exp": null, "nbf": null });
    for claims in [json!({}), bare_claims] {
        let object = unsigned(&system, claims);
        let page = app.browser().first_visit(&bare(&system, &[("request", &object)]), &[]).await;
        assert!(page.answer().contains_key("code"));
    }
    let expired = unsigned(&system, json!({ "exp": 1 }));
    let page = app.browser().get(&bare(&system, &[("request", &expired)])).await;
    assert_eq!((page.status.as_u16(), page.location()), (400, None), "nobody signed where the answer goes");
    let signed = signer.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().get(&system.authorize(&[("request", &signed)])).await;
    assert_eq!(refusal(&page).0, "invalid_request_object", "it is registered for the other way");

    let other = app.relying_party(registration("khac", json!({ "jwks": signer.jwks() }))).await;
    let object = unsigned(&other, json!({}));
    let page = app.browser().get(&other.authorize(&[("request", &object)])).await;
    assert_eq!(refusal(&page), ("invalid_request_object".into(), "It must be signed.".into()));
}

#[tokio::test]
async fn members_that_are_no_texts_are_read__oidc_core_6_1() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = signing(&app, &signer, json!({})).await;
    let claims = json!({ "claims": { "id_token": { "acr": { "essential": true, "values": ["xt4"] } } } });
    let object = signer.request_object(&app, &system, claims, json!({}));
    let page = app.browser().open(&bare(&system, &[("request", &object)])).await;
    assert_eq!(refusal(&page).0, "unmet_authentication_requirements");
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await;
    let silent = |max_age: Value| {
        let claims = json!({ "prompt": "none", "max_age": max_age });
        bare(&system, &[("request", &signer.request_object(&app, &system, claims, json!({})))])
    };
    assert!(browser.get(&silent(json!(3600))).await.answer().contains_key("code"));
    app.advance(Duration::from_secs(10)).await;
    assert_eq!(browser.get(&silent(json!(5))).await.answer()["error"], "login_required");
    assert_eq!(browser.get(&silent(json!([5]))).await.answer()["error"], "invalid_request");
}

#[tokio::test]
async fn who_must_sign_its_requests_is_answered_to_no_others__rfc9101_10_5() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::PS256);
    let system = signing(&app, &signer, json!({ "require_signed_request_object": true })).await;
    let page = app.browser().get(&system.authorize(&[])).await;
    assert_eq!(refusal(&page).0, "invalid_request");
    let pushed = system.post("/par", &[("response_type", "code")]).await;
    assert_eq!((pushed.status.as_u16(), pushed.text("error").as_str()), (400, "invalid_request"));
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().first_visit(&bare(&system, &[("request", &object)]), &[]).await;
    assert!(page.answer().contains_key("code"));
}

#[tokio::test]
async fn a_signed_request_is_pushed_and_lives_on_after_its_object__rfc9126_3() {
    for app in TestApp::on_both().await {
        let signer = Signer::key(SigningAlgorithm::ES256);
        let system = signing(&app, &signer, json!({ "require_signed_request_object": true })).await;
        let soon = app.instance.provider.now().micros() / 1_000_000 + 5;
        let object = signer.request_object(&app, &system, json!({ "exp": soon }), json!({}));
        let beside =
            [("request", object.as_str()), ("redirect_uri", "https://evil.example/"), ("state", "x")];
        let pushed = system.post("/par", &beside).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        app.advance(Duration::from_secs(10)).await;
        let address = bare(&system, &[("request_uri", &pushed.text("request_uri"))]);
        let answer = app.browser().first_visit(&address, &[]).await.answer();
        assert_eq!(answer["state"], "st-1");
        assert_eq!(system.redeem(&answer["code"]).await.status, 200);

        let other = app.relying_party(registration("khac", json!({ "jwks": signer.jwks() }))).await;
        let stolen = other.post("/par", &[("request", &object)]).await;
        assert_eq!(stolen.text("error"), "invalid_request_object", "it is another client's");
    }
}

#[tokio::test]
async fn whoever_reads_longer_than_an_object_lives_is_not_stranded() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = signing(&app, &signer, json!({})).await;
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    let mut browser = app.browser();
    let first = browser.get(&bare(&system, &[("request", &object)])).await;
    let goes_on = first.location().unwrap();
    assert!(goes_on.starts_with("/continue?interaction="), "{goes_on}");
    app.advance(Duration::from_secs(600)).await;
    assert_eq!(browser.open(&goes_on).await.status, 200);
}
