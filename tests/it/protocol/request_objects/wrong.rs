//! What is wrong with an object, and where that is told.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use khue::protocol::SigningAlgorithm;
use serde_json::{Value, json};

use super::system::{bare, refusal, signing};
use crate::kit::{Signer, TestApp, fapi2};

#[tokio::test]
async fn each_wrong_part_of_an_object_is_refused_and_named__rfc9101_6_3() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = signing(&app, &signer, json!({})).await;
    let now = app.instance.provider.now().micros() / 1_000_000;
    for (claims, header, says) in [
        (json!({ "iss": "other" }), json!({}), "iss"),
        (json!({ "iss": null }), json!({}), "iss"),
        (json!({ "aud": "https://other.example" }), json!({}), "aud"),
        (json!({ "aud": null }), json!({}), "aud"),
        (json!({ "exp": now }), json!({}), "exp has passed"),
        (json!({ "exp": null }), json!({}), "exp is missing"),
        (json!({ "exp": now + 3601 }), json!({}), "60 minutes"),
        (json!({ "nbf": now + 61 }), json!({}), "nbf"),
        (json!({ "nbf": now - 3601, "exp": now + 1 }), json!({}), "60 minutes"),
        (json!({ "sub": "dichvucong" }), json!({}), "sub"),
        (json!({ "client_id": "khac" }), json!({}), "client_id"),
        (json!({ "client_id": null }), json!({}), "client_id"),
        (json!({ "request": "a.b.c" }), json!({}), "inside"),
        (json!({ "request_uri": "https://x.example/" }), json!({}), "inside"),
        (json!({ "login_hint": "x".repeat(9_000) }), json!({}), "8 KiB"),
        (json!({ "state": "a\u{0}b" }), json!({}), "8 KiB"),
        (json!({}), json!({ "typ": "at+jwt" }), "typ"),
        (json!({}), json!({ "typ": "client-authentication+jwt" }), "typ"),
        (json!({}), json!({ "kid": "unknown" }), "signature"),
        (json!({}), json!({ "alg": "RS256" }), "signature"),
        (json!({}), json!({ "alg": "none" }), "must be signed"),
        (json!({}), json!({ "alg": "HS256" }), "algorithm"),
        (json!({}), json!({ "jku": "https://evil.example/jwks" }), "not a JWT"),
        (json!({}), json!({ "crit": ["x"] }), "not a JWT"),
    ] {
        let object = signer.request_object(&app, &system, claims.clone(), header.clone());
        let pushed = system.post("/par", &[("request", &object)]).await;
        assert_eq!((pushed.status.as_u16(), pushed.text("error").as_str()), (400, "invalid_request_object"));
        assert!(pushed.text("error_description").contains(says), "{claims} {header}: {}", pushed.body);
        if object.len() > 7_000 {
            continue;
        }
        let page = app.browser().get(&system.authorize(&[("request", &object)])).await;
        let (error, description) = refusal(&page);
        assert_eq!(error, "invalid_request_object", "{claims} {header}");
        assert!(description.contains(says), "{claims} {header}: {description}");
        assert_eq!(page.answer()["state"], "st-1");
    }
    let other = Signer::key(SigningAlgorithm::ES256);
    let forged = other.request_object(&app, &system, json!({}), json!({ "kid": null }));
    let own = signer.request_object(&app, &system, json!({}), json!({}));
    let twice = signer.sign_text(r#"{"alg":"ES256"}"#, r#"{"client_id":"dichvucong","client_id":"khac"}"#);
    for object in [forged.as_str(), &own[..own.len() - 10], "a.b.c", "a.b.c.d.e", "....", "x", &twice] {
        let page = app.browser().get(&system.authorize(&[("request", object)])).await;
        assert_eq!(refusal(&page).0, "invalid_request_object", "{object}");
        let page = app.browser().get(&bare(&system, &[("request", object)])).await;
        assert_eq!((page.status.as_u16(), page.location()), (400, None), "{object}");
        assert!(page.text().contains("KH-103"), "{}", page.text());
    }
    let both = [("request", own.as_str()), ("request_uri", "https://x.example/r")];
    let page = app.browser().get(&system.authorize(&both)).await;
    assert_eq!(refusal(&page).0, "invalid_request");
    let unknown = own.replace("dichvucong", "khac");
    let page = app.browser().get(&format!("/authorize?client_id=khac&request={unknown}")).await;
    assert!(page.text().contains("KH-101"));
}

#[tokio::test]
async fn an_object_of_its_client_says_itself_where_its_fault_is_told() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = signing(&app, &signer, json!({})).await;
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    app.advance(Duration::from_secs(300)).await;
    let page = app.browser().get(&bare(&system, &[("request", &object)])).await;
    assert!(page.location().unwrap().starts_with(system.redirect_uri()));
    assert_eq!(refusal(&page), ("invalid_request_object".into(), "exp has passed.".into()));
    let elsewhere = json!({ "redirect_uri": "https://evil.example/", "scope": "openid" });
    let object = signer.request_object(&app, &system, elsewhere, json!({}));
    let page = app.browser().get(&bare(&system, &[("request", &object)])).await;
    assert_eq!((page.status.as_u16(), page.location()), (400, None));
    assert!(page.text().contains("KH-102"));
}

#[tokio::test]
async fn fapi2_takes_three_algorithms_and_wants_nbf__fapi2_message_signing_5_3_1() {
    let app = TestApp::start().await;
    let now = app.instance.provider.now().micros() / 1_000_000;
    for (algorithm, is_taken) in [
        (SigningAlgorithm::ES256, true),
        (SigningAlgorithm::PS256, true),
        (SigningAlgorithm::EdDSA, true),
        (SigningAlgorithm::RS256, false),
        (SigningAlgorithm::ES384, false),
    ] {
        let (own, signer) = (Signer::key(SigningAlgorithm::ES256), Signer::key(algorithm));
        let keys: Vec<Value> =
            [&own, &signer].iter().flat_map(|one| one.jwks()["keys"].as_array().unwrap().clone()).collect();
        let id = format!("ngan-hang-{}", algorithm.as_str().to_lowercase());
        let changes = json!({ "require_signed_request_object": true, "redirect_uris": [format!("https://{id}.vn/cb")] });
        let system = app.relying_party(fapi2(&id, json!({ "keys": keys }), changes)).await;
        for (claims, is_good) in [
            (json!({}), true),
            (json!({ "nbf": null }), false),
            (json!({ "nbf": now - 3601 }), false),
            (json!({ "nbf": now - 100, "exp": now + 3501 }), false),
            (json!({ "nbf": now - 100, "exp": now + 3500 }), true),
            (json!({ "nbf": now + 8 }), true),
        ] {
            let object = signer.request_object(&app, &system, claims.clone(), json!({}));
            let assertion = own.assertion(&app, &id, json!({}), json!({}));
            let body = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("client_id", &id)
                .append_pair(
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                )
                .append_pair("client_assertion", &assertion)
                .append_pair("request", &object)
                .finish();
            let request = Request::post("/par").header("content-type", "application/x-www-form-urlencoded");
            let pushed = system.answer(request.body(Body::from(body)).unwrap()).await;
            let expected = if is_taken && is_good { 201 } else { 400 };
            assert_eq!(pushed.status.as_u16(), expected, "{algorithm} {claims}: {}", pushed.body);
        }
    }
}
