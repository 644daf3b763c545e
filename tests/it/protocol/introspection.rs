//! What is told of tokens, and their end.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use khue::crypto::jwt::{JwtType, verify_jwt};
use khue::crypto::signing::{Jwks, VerifyingKeys};
use khue::domain::client::ClientStatus;
use serde_json::{Value, json};

use crate::kit::{
    Answer, ISSUER, ProofKey, RelyingParty, TestApp, claims, confidential, public, resource, service,
    with_proof,
};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const INACTIVE: &str = r#"{"active":false}"#;

async fn introspect(system: &RelyingParty, token: &str) -> Answer {
    let answer = system.post("/introspect", &[("token", token)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

async fn is_active(system: &RelyingParty, token: &str) -> bool {
    let answer = introspect(system, token).await;
    let active = answer.body["active"].as_bool().unwrap();
    assert!(active || answer.response.body().as_ref() == INACTIVE.as_bytes(), "nothing more is told");
    active
}

/// Tokens of a person that live on without her session.
async fn tokens(app: &TestApp, portal: &RelyingParty) -> Answer {
    let address = portal.authorize(&[("scope", "openid email offline_access")]);
    let code = app.browser().first_visit(&address, &["email"]).await.answer()["code"].clone();
    portal.redeem(&code).await
}

async fn service_token(caller: &RelyingParty) -> String {
    caller.post("/token", &[("grant_type", "client_credentials")]).await.text("access_token")
}

#[tokio::test]
async fn a_client_is_told_of_its_own_tokens__rfc7662_2_2() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        let given = tokens(&app, &portal).await;
        let access = given.text("access_token");
        let told = introspect(&portal, &access).await;
        let mut expected = claims(&access);
        expected["active"] = json!(true);
        expected["token_type"] = json!("Bearer");
        assert_eq!(told.body, expected);
        assert_eq!(told.body["acr"], "https://id.moet.gov.vn/acr/xt2-phr");

        let told = introspect(&portal, &given.text("refresh_token")).await;
        let now = 1_795_420_800;
        let expected = json!({
            "active": true, "iss": ISSUER, "sub": given.id_token()["sub"], "client_id": "dichvucong",
            "exp": now + 30 * 24 * 3600, "iat": now, "scope": "openid email offline_access",
        });
        assert_eq!(told.body, expected);
    }
}

#[tokio::test]
async fn a_bound_token_is_told_with_its_key__rfc9449_6_2() {
    let app = TestApp::start().await;
    let pupils = app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
    let key = ProofKey::generate();
    let asking = caller.posting("/token", &[("grant_type", "client_credentials")]);
    let token = caller.answer(with_proof(asking, &key.proof(&app))).await.text("access_token");
    let told = introspect(&pupils, &token).await.body;
    assert_eq!((&told["token_type"], &told["cnf"]["jkt"]), (&json!("DPoP"), &json!(key.thumbprint())));
}

#[tokio::test]
async fn a_resource_is_told_of_tokens_for_it_and_of_no_others__rfc7662_4() {
    for app in TestApp::on_both().await {
        let pupils = app.relying_party(resource("hoc-sinh", PUPILS, "doc ghi")).await;
        let other = app.relying_party(resource("diem", "https://diem.example.vn/", "diem:doc")).await;
        let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
        let portal = app.relying_party(confidential("dichvucong")).await;
        let token = service_token(&caller).await;
        let told = introspect(&pupils, &token).await;
        assert_eq!((&told.body["client_id"], &told.body["scope"]), (&json!("thong-ke"), &json!("doc")));
        assert!(is_active(&caller, &token).await);
        assert!(!is_active(&other, &token).await);
        assert!(!is_active(&portal, &token).await);
        let given = tokens(&app, &portal).await;
        for token in [given.text("access_token"), given.text("refresh_token"), given.text("id_token")] {
            assert!(!is_active(&pupils, &token).await, "for the issuer, not for it");
        }
    }
}

#[tokio::test]
async fn what_is_no_token_or_has_run_out_is_not_active() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let given = tokens(&app, &portal).await;
    let access = given.text("access_token");
    // The first character of a signature carries six bits of it, the last one only two.
    let (signed, signature) = access.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{signed}.{first}{}", &signature[1..]);
    for token in ["x", "khue_rt_x", "a.b.c", &given.text("id_token"), &forged] {
        assert!(!is_active(&portal, token).await, "{token}");
    }
    let refresh = given.text("refresh_token");
    let next = portal.refresh(&refresh).await;
    assert!(!is_active(&portal, &refresh).await, "it was replaced");
    assert!(is_active(&portal, &next.text("refresh_token")).await);
    app.advance(Duration::from_secs(300)).await;
    assert!(!is_active(&portal, &access).await);
    app.advance(Duration::from_secs(30 * 24 * 3600)).await;
    assert!(!is_active(&portal, &next.text("refresh_token")).await);
}

#[tokio::test]
async fn an_answer_may_be_signed__rfc9701_5() {
    let app = TestApp::start().await;
    let pupils = app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
    let jwks = pupils.answer(Request::get("/jwks").body(Body::empty()).unwrap()).await;
    let keys = VerifyingKeys::from_jwks(&serde_json::from_value::<Jwks>(jwks.body).unwrap());
    for token in [service_token(&caller).await, "x".to_owned()] {
        let plain = introspect(&pupils, &token).await.body;
        let mut request = pupils.posting("/introspect", &[("token", &token)]);
        request.headers_mut().insert("accept", "application/token-introspection+jwt".parse().unwrap());
        let signed = pupils.answer(request).await;
        assert_eq!(signed.header("content-type"), "application/token-introspection+jwt");
        let jwt = std::str::from_utf8(signed.response.body()).unwrap();
        let told: Value = verify_jwt(jwt, JwtType::Introspection, &keys).unwrap();
        let expected =
            json!({ "iss": ISSUER, "aud": "hoc-sinh", "iat": 1_795_420_800, "token_introspection": plain });
        assert_eq!(told, expected);
    }
}

#[tokio::test]
async fn each_wrong_request_is_named() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let phone = app.relying_party(public("dienthoai")).await;
    let id_token = tokens(&app, &portal).await.text("id_token");
    let missing = r#"{"error":"invalid_request","error_description":"The parameter token is missing."}"#;
    let twice =
        r#"{"error":"invalid_request","error_description":"The parameter token was sent more than once."}"#;
    let hint = r#"{"error":"invalid_request","error_description":"The parameter token_type_hint was sent more than once."}"#;
    let hints = [("token", "x"), ("token_type_hint", "a"), ("token_type_hint", "a")];
    for path in ["/introspect", "/revoke"] {
        for (parameters, expected) in
            [(&[][..], missing), (&[("token", "")], missing), (&[("token", "x"); 2], twice), (&hints, hint)]
        {
            let answer = portal.post(path, parameters).await;
            assert_eq!(answer.status, 400);
            assert_eq!(String::from_utf8_lossy(answer.response.body()), expected);
        }
        let nobody = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let answer = portal.answer(nobody.body(Body::from("token=x")).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text("error").as_str()),
            (401, "invalid_client"),
            "{path}"
        );
        let got = portal.answer(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(got.status, 405);
    }
    let answer = phone.post("/introspect", &[("token", "x")]).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        String::from_utf8_lossy(answer.response.body()),
        r#"{"error":"invalid_client","error_description":"A client asks about tokens only where it authenticates."}"#
    );
    let answer = portal.post("/revoke", &[("token", &id_token)]).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        String::from_utf8_lossy(answer.response.body()),
        r#"{"error":"unsupported_token_type","error_description":"ID tokens are not revoked; send an access token or a refresh token."}"#
    );
}

#[tokio::test]
async fn revoking_either_token_ends_everything_of_its_authorization__rfc7009_2_1() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        for revoked in ["refresh_token", "access_token"] {
            let given = tokens(&app, &portal).await;
            let (access, refresh) = (given.text("access_token"), given.text("refresh_token"));
            assert!(is_active(&portal, &access).await);
            let hint = [("token", given.text(revoked)), ("token_type_hint", "whatever".to_owned())];
            let hint = hint.each_ref().map(|(name, value)| (*name, value.as_str()));
            for _ in 0..2 {
                let answer = portal.post("/revoke", &hint).await;
                assert_eq!((answer.status.as_u16(), answer.response.body().len()), (200, 0));
                assert_eq!(answer.header("cache-control"), "no-store");
            }
            assert!(!is_active(&portal, &access).await, "at once");
            assert!(!is_active(&portal, &refresh).await);
            assert_eq!(portal.userinfo(&access).await.status, 401);
            assert_eq!(portal.refresh(&refresh).await.text("error"), "invalid_grant");
        }
    }
}

#[tokio::test]
async fn only_its_own_tokens_are_revoked_by_a_client__rfc7009_2_1() {
    let app = TestApp::start().await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let phone = app.relying_party(public("dienthoai")).await;
    let given = tokens(&app, &portal).await;
    let expected = concat!(
        r#"{"error":"unauthorized_client","error_description":"#,
        r#""The token was issued to another client; a client revokes its own tokens only."}"#
    );
    for token in [given.text("access_token"), given.text("refresh_token")] {
        let answer = phone.post("/revoke", &[("token", &token)]).await;
        assert_eq!(String::from_utf8_lossy(answer.response.body()), expected);
        assert!(is_active(&portal, &token).await);
    }
    for token in ["x", "khue_rt_x", "a.b.c"] {
        assert_eq!(phone.post("/revoke", &[("token", token)]).await.status, 200, "{token}");
    }
    let own = tokens(&app, &phone).await;
    assert_eq!(phone.post("/revoke", &[("token", &own.text("refresh_token"))]).await.status, 200);
    assert_eq!(
        phone.userinfo(&own.text("access_token")).await.status,
        401,
        "a public client revokes its own"
    );
}

#[tokio::test]
async fn a_service_token_is_revoked_alone() {
    for app in TestApp::on_both().await {
        let pupils = app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
        let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
        let (one, other) = (service_token(&caller).await, service_token(&caller).await);
        assert!(is_active(&pupils, &one).await);
        for _ in 0..2 {
            assert_eq!(caller.post("/revoke", &[("token", &one)]).await.status, 200);
            assert!(!is_active(&pupils, &one).await);
        }
        assert!(is_active(&pupils, &other).await);
    }
}

#[tokio::test]
async fn a_disabled_client_has_no_active_tokens() {
    let app = TestApp::start().await;
    let pupils = app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
    let token = service_token(&caller).await;
    assert!(is_active(&pupils, &token).await);
    let provider = &app.instance.provider;
    provider.switch_client(&caller.registration.client_id, ClientStatus::Disabled).await.unwrap();
    provider.refresh_caches().await.unwrap();
    assert!(!is_active(&pupils, &token).await);
}

#[tokio::test]
async fn when_a_person_withdraws_or_leaves_nothing_is_active_where_she_did() {
    for app in TestApp::on_both().await {
        let portal = app.relying_party(confidential("dichvucong")).await;
        let mut browser = app.browser();
        let code = browser.first_visit(&portal.authorize(&[]), &[]).await.answer()["code"].clone();
        let access = portal.redeem(&code).await.text("access_token");
        assert!(is_active(&portal, &access).await);
        let page = browser.open("/account/systems/withdraw?id=dichvucong").await;
        browser.submit(&page, "/account/systems/withdraw", &[]).await;
        assert!(!is_active(&portal, &access).await, "the consent is taken back");

        let page = browser.get(&portal.authorize(&[])).await;
        let code = browser.agree(&page, &[]).await.answer()["code"].clone();
        let access = portal.redeem(&code).await.text("access_token");
        assert!(is_active(&portal, &access).await);
        let page = browser.open("/logout").await;
        browser.submit(&page, "/logout/confirm", &[]).await;
        assert!(!is_active(&portal, &access).await, "the session has ended");

        let mut browser = app.browser();
        let code = browser.first_visit(&portal.authorize(&[]), &[]).await.answer()["code"].clone();
        let access = portal.redeem(&code).await.text("access_token");
        assert!(is_active(&portal, &access).await);
        assert_eq!(portal.redeem(&code).await.text("error"), "invalid_grant");
        assert!(!is_active(&portal, &access).await, "the code came twice");

        let given = tokens(&app, &portal).await;
        let next = portal.refresh(&given.text("refresh_token")).await;
        let access = portal.refresh(&next.text("refresh_token")).await.text("access_token");
        assert!(is_active(&portal, &access).await);
        assert_eq!(portal.refresh(&given.text("refresh_token")).await.text("error"), "invalid_grant");
        assert!(!is_active(&portal, &access).await, "the refresh token came twice");
    }
}

#[tokio::test]
async fn applications_in_browsers_may_revoke_and_not_ask() {
    let app = TestApp::start().await;
    let phone = app.relying_party(public("dienthoai")).await;
    for (path, allowed) in [("/revoke", "*"), ("/introspect", "")] {
        let preflight = Request::options(path)
            .header("origin", "https://app.example.vn")
            .header("access-control-request-method", "POST");
        let answer = phone.answer(preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{path}");
    }
}
