//! Userinfo.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};

use khue::crypto::jwt::{JwtType, verify_jwt};
use khue::crypto::signing::{Jwks, VerifyingKeys};
use khue::protocol::SigningAlgorithm;
use serde_json::{Value, json};

use crate::kit::{ISSUER, TestApp, confidential, registration};

#[tokio::test]
async fn it_takes_a_token_from_header_or_form_once__rfc6750_2() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let code =
        app.browser().first_visit(&system.authorize(&[("scope", "openid email")]), &["email"]).await.answer()
            ["code"]
            .clone();
    let token = system.redeem(&code).await.text("access_token");

    let post = |header: Option<String>, body: String| {
        let mut request =
            Request::post("/userinfo").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(header) = header {
            request = request.header(AUTHORIZATION, header);
        }
        system.answer(request.body(Body::from(body)).unwrap())
    };
    assert_eq!(post(None, format!("access_token={token}")).await.body["email"], "an.nguyen@example.vn");
    assert_eq!(
        post(Some(format!("bearer {token}")), String::new()).await.status,
        200,
        "schemes have no case"
    );
    let twice = post(Some(format!("Bearer {token}")), format!("access_token={token}")).await;
    assert_eq!((twice.status.as_u16(), twice.text("error").as_str()), (400, "invalid_request"));

    let nothing = system.answer(Request::get("/userinfo").body(Body::empty()).unwrap()).await;
    assert_eq!(nothing.status, 401);
    assert_eq!(
        nothing.header("www-authenticate"),
        "Bearer realm=\"khue\"",
        "no error where nothing was sent"
    );
    let in_query = system
        .answer(Request::get(format!("/userinfo?access_token={token}")).body(Body::empty()).unwrap())
        .await;
    assert_eq!(in_query.status, 401, "a token in an address stands in every log");
}

#[tokio::test]
async fn a_token_narrowed_to_less_than_openid_tells_nobody_s_claims__oidc_core_5_3_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let request = system.authorize(&[("scope", "openid email offline_access"), ("prompt", "consent")]);
    let code = app.browser().first_visit(&request, &["email"]).await.answer()["code"].clone();
    let refresh = system.redeem(&code).await.text("refresh_token");
    let narrowed = system.refresh_with(&refresh, &[("scope", "email")]).await.text("access_token");
    let asked = Request::get("/userinfo").header(AUTHORIZATION, format!("Bearer {narrowed}"));
    let refused = system.answer(asked.body(Body::empty()).unwrap()).await;
    assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (403, "insufficient_scope"));
}

#[tokio::test]
async fn tokens_of_another_kind_shape_or_time_are_refused__rfc9068_4() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let code = app.browser().first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
    let tokens = system.redeem(&code).await;
    let token = tokens.text("access_token");
    let mut parts: Vec<&str> = token.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", parts[1]);
    parts.pop();
    for wrong in [
        tokens.text("id_token"),
        token[..token.len() - 1].to_owned(),
        format!("{token}A"),
        token.to_ascii_lowercase(),
        parts.join("."),
        unsigned,
        "x".repeat(20_000),
        "a.b.c".to_owned(),
    ] {
        let answer = system.userinfo(&wrong).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text("error").as_str()),
            (401, "invalid_token"),
            "{wrong}"
        );
    }
    assert_eq!(system.userinfo(&token).await.status, 200);
    app.advance(std::time::Duration::from_secs(300)).await;
    assert_eq!(system.userinfo(&token).await.status, 401);
}

#[tokio::test]
async fn userinfo_is_signed_for_whom_it_is_registered_so__oidc_core_5_3_2() {
    let app = TestApp::start().await;
    for algorithm in SigningAlgorithm::ALL {
        let id = format!("he-thong-{}", algorithm.as_str().to_lowercase());
        let changes = json!({ "userinfo_signed_response_alg": algorithm });
        let system = app.relying_party(registration(&id, changes)).await;
        let request = system.authorize(&[("scope", "openid email")]);
        let code = app.browser().first_visit(&request, &["email"]).await.answer()["code"].clone();
        let tokens = system.redeem(&code).await;
        let answer = system.userinfo(&tokens.text("access_token")).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/jwt"));
        assert_eq!(answer.header("cache-control"), "no-store");
        let jwks = system.answer(Request::get("/jwks").body(Body::empty()).unwrap()).await;
        let keys = VerifyingKeys::from_jwks(&serde_json::from_value::<Jwks>(jwks.body).unwrap());
        let jwt = std::str::from_utf8(answer.response.body()).unwrap();
        let told: Value = verify_jwt(jwt, JwtType::Userinfo, &keys).unwrap();
        let expected = json!({
            "iss": ISSUER, "aud": id, "sub": tokens.id_token()["sub"],
            "email": "an.nguyen@example.vn", "email_verified": false,
        });
        assert_eq!(told, expected);
        let refused = system.userinfo("x").await;
        assert_eq!(refused.header("content-type"), "application/json", "errors stay as they are");
    }
}

#[tokio::test]
async fn signed_userinfo_is_no_hint_of_who_signed_in__rfc8725_3_11() {
    let app = TestApp::start().await;
    let changes = json!({ "userinfo_signed_response_alg": "ES256" });
    let system = app.relying_party(registration("dichvucong", changes)).await;
    let mut browser = app.browser();
    let code = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
    let tokens = system.redeem(&code).await;
    let answer = system.userinfo(&tokens.text("access_token")).await;
    let userinfo = std::str::from_utf8(answer.response.body()).unwrap();
    let id_token = tokens.text("id_token");
    for (hint, given) in [(id_token.as_str(), "code"), (userinfo, "error")] {
        let page = browser.get(&system.authorize(&[("prompt", "none"), ("id_token_hint", hint)])).await;
        assert!(page.answer().contains_key(given), "{given}");
    }
}
