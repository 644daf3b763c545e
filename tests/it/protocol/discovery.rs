//! Metadata, keys and WebFinger.

use axum::body::Body;
use axum::http::Request;
use khue::protocol::{KeyAlgorithm, SigningAlgorithm};
use khue::services::signing_keys::Urgency;
use khue::telemetry::Routine;

use crate::kit::{TestApp, confidential, registration, send};
use serde_json::json;

#[tokio::test]
async fn the_document_says_what_is_served__oidc_discovery_3() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let get = |path: &str| system.answer(Request::get(path).body(Body::empty()).unwrap());
    let document = get("/.well-known/openid-configuration").await;
    assert_eq!(document.header("cache-control"), "public, max-age=3600");
    assert_eq!(document.header("access-control-allow-origin"), "*");
    assert_eq!(get("/.well-known/oauth-authorization-server").await.body, document.body);
    insta::assert_json_snapshot!(document.body);
    for member in
        ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"]
    {
        let path = document.body[member].as_str().unwrap().trim_start_matches(crate::kit::ISSUER).to_owned();
        assert_ne!(get(&path).await.status, 404, "{member}");
    }
}

#[tokio::test]
async fn what_is_published_is_marked_as_not_worth_a_line_each() {
    let app = TestApp::start().await;
    for (path, is_routine) in [
        ("/.well-known/openid-configuration", true),
        ("/.well-known/oauth-authorization-server", true),
        ("/jwks", true),
        ("/authorize", false),
        ("/userinfo", false),
    ] {
        let answer = send(&app.router(), Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.extensions().get::<Routine>().is_some(), is_routine, "{path}");
    }
}

#[tokio::test]
async fn an_issuer_with_a_path_is_found_both_ways__rfc8414_3_1() {
    let app = TestApp::builder().with("server.issuer", "https://id.example.vn/khue").build().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let get = |path: &str| system.answer(Request::get(path).body(Body::empty()).unwrap());
    let document = get("/khue/.well-known/openid-configuration").await;
    assert_eq!(document.body["token_endpoint"], "https://id.example.vn/khue/token");
    assert_eq!(get("/.well-known/oauth-authorization-server/khue").await.body, document.body);
    assert_eq!(get("/khue/jwks").await.status, 200);
    assert_eq!(get("/jwks").await.status, 404);
}

#[tokio::test]
async fn every_published_algorithm_signs_id_tokens_that_the_published_keys_verify() {
    let app = TestApp::start().await;
    for algorithm in SigningAlgorithm::ALL {
        let id = format!("he-thong-{}", algorithm.as_str().to_lowercase());
        let changes = json!({ "id_token_signed_response_alg": algorithm });
        let system = app.relying_party(registration(&id, changes)).await;
        let code = app.browser().first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
        let token = system.redeem(&code).await.text("id_token");
        let jwks = system.answer(Request::get("/jwks").body(Body::empty()).unwrap()).await;
        let keys: khue::crypto::signing::Jwks = serde_json::from_value(jwks.body).unwrap();
        let keys = khue::crypto::signing::VerifyingKeys::from_jwks(&keys);
        let claims: serde_json::Value =
            khue::crypto::jwt::verify_jwt(&token, khue::crypto::jwt::JwtType::IdToken, &keys).unwrap();
        assert_eq!(claims["aud"], id);
    }
}

#[tokio::test]
async fn a_rotated_key_still_verifies_what_it_signed() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(confidential("dichvucong")).await;
        let code = app.browser().first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
        let token = system.redeem(&code).await.text("access_token");
        let kids = async || {
            let jwks = system.answer(Request::get("/jwks").body(Body::empty()).unwrap()).await;
            jwks.body["keys"].as_array().unwrap().len()
        };
        let all = KeyAlgorithm::all().count();
        assert_eq!(kids().await, all);
        let provider = &app.instance.provider;
        provider.rotate_signing_key(SigningAlgorithm::ES256, Urgency::Immediate).await.unwrap();
        provider.refresh_caches().await.unwrap();
        assert_eq!(kids().await, all + 1);
        assert_eq!(system.userinfo(&token).await.status, 200);
        app.clock.advance(std::time::Duration::from_secs(8 * 24 * 3600));
        provider.advance_signing_keys().await.unwrap();
        provider.refresh_caches().await.unwrap();
        assert_eq!(kids().await, all, "withdrawn after seven days");
    }
}

#[tokio::test]
async fn webfinger_names_the_issuer__oidc_discovery_2() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let get = |query: &str| {
        system.answer(Request::get(format!("/.well-known/webfinger{query}")).body(Body::empty()).unwrap())
    };
    let found = get(
        "?resource=acct%3Aan%40id.example.vn&rel=http%3A%2F%2Fopenid.net%2Fspecs%2Fconnect%2F1.0%2Fissuer",
    )
    .await;
    assert_eq!(found.body["links"][0]["href"], crate::kit::ISSUER);
    assert_eq!(get("?resource=acct%3Aan%40elsewhere.example").await.status, 404);
    assert_eq!(get("").await.status, 400);
}
