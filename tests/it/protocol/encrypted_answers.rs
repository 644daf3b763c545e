//! Answers that are encrypted to a key of the system that they are for.

use axum::body::Body;
use axum::http::Request;
use khue::base::encoding::from_base64url;
use khue::crypto::jwe::{DecryptionKey, EncryptedJwt, generate_decryption_pkcs8};
use khue::crypto::jwt::{JwtType, verify_jwt};
use khue::crypto::signing::{Jwks, VerifyingKeys};
use khue::protocol::{ContentEncryptionAlgorithm, DecryptionKeyKind, KeyManagementAlgorithm};
use serde_json::{Value, json};

use super::front_channel::old_system;
use crate::kit::{Answer, ISSUER, Publisher, RelyingParty, TestApp, registration, resource, service};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";

fn decryption_key(kind: DecryptionKeyKind) -> DecryptionKey {
    let pkcs8 = generate_decryption_pkcs8(kind).unwrap();
    DecryptionKey::from_pkcs8(kind, pkcs8.expose()).unwrap()
}

fn jwks(key: &DecryptionKey) -> Value {
    json!({ "keys": [key.public_jwk()] })
}

/// The signed JWT in an encrypted one.
fn decrypted(token: &str, key: &DecryptionKey) -> String {
    let opened = EncryptedJwt::read(token).unwrap().open([key]).unwrap();
    assert_eq!(header(token)["cty"], "JWT", "RFC 7519 section 5.2");
    String::from_utf8(opened.expose().clone()).unwrap()
}

fn header(jwt: &str) -> Value {
    serde_json::from_slice(&from_base64url(jwt.split('.').next().unwrap()).unwrap()).unwrap()
}

async fn our_keys(system: &RelyingParty) -> VerifyingKeys {
    let jwks = system.answer(Request::get("/jwks").body(Body::empty()).unwrap()).await;
    VerifyingKeys::from_jwks(&serde_json::from_value::<Jwks>(jwks.body).unwrap())
}

async fn code(app: &TestApp, system: &RelyingParty) -> String {
    app.browser().first_visit(&system.authorize(&[("scope", "openid email")]), &["email"]).await.answer()["code"]
        .clone()
}

fn body(answer: &Answer) -> &str {
    std::str::from_utf8(answer.response.body()).unwrap()
}

#[tokio::test]
async fn an_id_token_is_signed_and_then_encrypted_by_each_published_algorithm__oidc_core_10_2() {
    let app = TestApp::start().await;
    for alg in KeyManagementAlgorithm::ALL {
        for enc in ContentEncryptionAlgorithm::ALL {
            let key = decryption_key(DecryptionKeyKind::reading(*alg));
            let id = format!("he-thong-{alg}-{enc}").to_lowercase().replace('+', "-");
            let changes = json!({
                "id_token_encrypted_response_alg": alg, "id_token_encrypted_response_enc": enc, "jwks": jwks(&key),
                "userinfo_signed_response_alg": "PS256", "userinfo_encrypted_response_alg": alg,
                "userinfo_encrypted_response_enc": enc,
            });
            let system = app.relying_party(registration(&id, changes)).await;
            let keys = our_keys(&system).await;
            let tokens = system.redeem(&code(&app, &system).await).await;
            let id_token = tokens.text("id_token");
            let said = header(&id_token);
            assert_eq!((&said["alg"], &said["enc"], &said["cty"]), (&json!(alg), &json!(enc), &json!("JWT")));
            assert_eq!(said["kid"], key.kid());
            let claims: Value = verify_jwt(&decrypted(&id_token, &key), JwtType::IdToken, &keys).unwrap();
            assert_eq!((&claims["aud"], &claims["iss"]), (&json!(id), &json!(ISSUER)));
            let userinfo = system.userinfo(&tokens.text("access_token")).await;
            assert_eq!((userinfo.status.as_u16(), userinfo.header("content-type")), (200, "application/jwt"));
            let told: Value =
                verify_jwt(&decrypted(body(&userinfo), &key), JwtType::Userinfo, &keys).unwrap();
            assert_eq!((&told["aud"], &told["sub"]), (&json!(id), &claims["sub"]));
        }
    }
}

#[tokio::test]
async fn refreshed_and_front_channel_id_tokens_are_encrypted_too__oidc_core_10_2() {
    let app = TestApp::start().await;
    let key = decryption_key(DecryptionKeyKind::P256);
    let encrypted = json!({
        "id_token_encrypted_response_alg": "ECDH-ES", "id_token_encrypted_response_enc": "A256GCM", "jwks": jwks(&key),
    });
    let system = app.relying_party(registration("dichvucong", encrypted.clone())).await;
    let request = system.authorize(&[("scope", "openid offline_access"), ("prompt", "consent")]);
    let code = app.browser().first_visit(&request, &[]).await.answer()["code"].clone();
    let refreshed = system.refresh(&system.redeem(&code).await.text("refresh_token")).await;
    assert!(decrypted(&refreshed.text("id_token"), &key).starts_with("ey"));

    let mut old: Value = serde_json::to_value(old_system("hethongcu")).unwrap();
    old.as_object_mut().unwrap().extend(encrypted.as_object().unwrap().clone());
    let old = app.relying_party(serde_json::from_value(old).unwrap()).await;
    let page = app.browser().first_visit(&old.authorize(&[("response_type", "id_token")]), &[]).await;
    let id_token = decrypted(&page.answer()["id_token"], &key);
    let claims: Value = verify_jwt(&id_token, JwtType::IdToken, &our_keys(&old).await).unwrap();
    assert_eq!(claims["nonce"], "no-1");
}

#[tokio::test]
async fn userinfo_that_is_only_encrypted_is_the_claims_themselves__oidc_core_5_3_2() {
    let app = TestApp::start().await;
    let key = decryption_key(DecryptionKeyKind::Rsa);
    let changes = json!({
        "userinfo_encrypted_response_alg": "RSA-OAEP-256", "userinfo_encrypted_response_enc": "A128GCM",
        "jwks": jwks(&key),
    });
    let system = app.relying_party(registration("dichvucong", changes)).await;
    let tokens = system.redeem(&code(&app, &system).await).await;
    let userinfo = system.userinfo(&tokens.text("access_token")).await;
    assert_eq!(userinfo.header("content-type"), "application/jwt");
    let opened = EncryptedJwt::read(body(&userinfo)).unwrap().open([&key]).unwrap();
    assert_eq!(header(body(&userinfo)).get("cty"), None);
    let told: Value = serde_json::from_slice(opened.expose()).unwrap();
    let sub = &tokens.id_token()["sub"];
    assert_eq!(told, json!({ "sub": sub, "email": "an.nguyen@example.vn", "email_verified": false }));
}

#[tokio::test]
async fn answers_of_both_kinds_are_encrypted__jarm_2_2() {
    let app = TestApp::start().await;
    let key = decryption_key(DecryptionKeyKind::P256);
    let changes = json!({
        "authorization_encrypted_response_alg": "ECDH-ES+A256KW", "authorization_encrypted_response_enc": "A256GCM",
        "jwks": jwks(&key),
    });
    let system = app.relying_party(registration("dichvucong", changes)).await;
    let keys = our_keys(&system).await;
    let mut browser = app.browser();
    let page = browser.first_visit(&system.authorize(&[("response_mode", "jwt")]), &[]).await;
    let answer = page.answer();
    assert_eq!(answer.keys().collect::<Vec<_>>(), ["response"], "nothing stands beside it");
    let inner = decrypted(&answer["response"], &key);
    let claims: Value = verify_jwt(&inner, JwtType::AuthorizationResponse, &keys).unwrap();
    assert_eq!((&claims["iss"], &claims["state"]), (&json!(ISSUER), &json!("st-1")));
    assert_eq!(system.redeem(claims["code"].as_str().unwrap()).await.status, 200);

    let silent = [("response_mode", "form_post.jwt"), ("prompt", "none")];
    let page = app.browser().get(&system.authorize(&silent)).await;
    let response = &page.hidden_fields(system.redirect_uri())[0].1;
    let claims: Value =
        verify_jwt(&decrypted(response, &key), JwtType::AuthorizationResponse, &keys).unwrap();
    assert_eq!(claims["error"], "login_required");
    let plain = browser.get(&system.authorize(&[("prompt", "none")])).await.answer();
    assert!(plain.contains_key("code"), "what is not asked for as a JWT is not one");
}

#[tokio::test]
async fn what_is_told_of_a_token_is_encrypted__rfc9701_5() {
    let app = TestApp::start().await;
    let key = decryption_key(DecryptionKeyKind::Rsa);
    let mut pupils = serde_json::to_value(resource("hoc-sinh", PUPILS, "doc")).unwrap();
    pupils["introspection_encrypted_response_alg"] = json!("RSA-OAEP-256");
    pupils["introspection_encrypted_response_enc"] = json!("A256GCM");
    pupils["jwks"] = jwks(&key);
    let pupils = app.relying_party(serde_json::from_value(pupils).unwrap()).await;
    let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
    let token = caller.post("/token", &[("grant_type", "client_credentials")]).await.text("access_token");
    let mut request = pupils.posting("/introspect", &[("token", &token)]);
    request.headers_mut().insert("accept", "application/token-introspection+jwt".parse().unwrap());
    let answer = pupils.answer(request).await;
    assert_eq!(answer.header("content-type"), "application/token-introspection+jwt");
    let inner = decrypted(body(&answer), &key);
    let told: Value = verify_jwt(&inner, JwtType::Introspection, &our_keys(&pupils).await).unwrap();
    assert_eq!((&told["aud"], &told["token_introspection"]["active"]), (&json!("hoc-sinh"), &json!(true)));
}

#[tokio::test]
async fn without_a_key_nothing_is_told_and_nothing_is_used_up() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let publisher = Publisher::of(&json!({ "keys": [] })).await;
    let changes = json!({
        "jwks_uri": publisher.url(), "authorization_encrypted_response_alg": "ECDH-ES",
        "authorization_encrypted_response_enc": "A256GCM", "id_token_encrypted_response_alg": "ECDH-ES",
        "id_token_encrypted_response_enc": "A256GCM", "userinfo_encrypted_response_alg": "ECDH-ES",
        "userinfo_encrypted_response_enc": "A256GCM",
    });
    let system = app.relying_party(registration("dichvucong", changes)).await;
    let code = code(&app, &system).await;
    let refused = system.redeem(&code).await;
    assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (503, "temporarily_unavailable"));
    assert!(
        refused.text("error_description").contains("jwks_uri") && !refused.header("retry-after").is_empty()
    );
    let page = app.browser().get(&system.authorize(&[("response_mode", "jwt"), ("prompt", "none")])).await;
    assert_eq!(page.status, 503);
    assert!(page.location().is_none() && page.text().contains("ECDH-ES"), "{}", page.text());

    let key = decryption_key(DecryptionKeyKind::P256);
    publisher.publish(&jwks(&key));
    // A server of keys is asked once a minute at most; a code is good as long.
    app.advance(std::time::Duration::from_secs(60)).await;
    let code = self::code(&app, &system).await;
    let tokens = system.redeem(&code).await;
    assert!(decrypted(&tokens.text("id_token"), &key).starts_with("ey"), "found at the second try");
    publisher.answer("500 Oh", "text/plain", "");
    app.advance(std::time::Duration::from_secs(2 * 3600)).await;
    let tokens = system.redeem(&self::code(&app, &system).await).await;
    assert_eq!(tokens.status, 503, "keys of two hours ago count no more");
}

#[test]
fn a_registration_says_both_halves_and_has_a_key__oidc_registration_2() {
    let with = |changes: Value| {
        let mut document = serde_json::to_value(registration("dichvucong", json!({}))).unwrap();
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value::<khue::domain::client::Registration>(document)
            .map_err(|error| error.to_string())
    };
    let curve = decryption_key(DecryptionKeyKind::P256);
    for kind in ["id_token", "userinfo", "authorization", "introspection"] {
        let (alg, enc) = (format!("{kind}_encrypted_response_alg"), format!("{kind}_encrypted_response_enc"));
        let uri = json!("https://dichvucong.example.vn/jwks");
        assert!(with(json!({ &alg: "ECDH-ES", &enc: "A256GCM", "jwks_uri": uri })).is_ok(), "{kind}");
        assert!(with(json!({ &alg: "ECDH-ES", &enc: "A256GCM", "jwks": jwks(&curve) })).is_ok(), "{kind}");
        for wrong in [
            json!({ &alg: "ECDH-ES", &enc: "A256GCM" }),
            json!({ &alg: "ECDH-ES", "jwks_uri": uri }),
            json!({ &enc: "A256GCM", "jwks_uri": uri }),
        ] {
            let problem = with(wrong.clone()).unwrap_err();
            assert!(problem.starts_with(&alg), "{wrong}: {problem}");
        }
        for (alg_value, enc_value) in
            [("RSA1_5", "A256GCM"), ("RSA-OAEP", "A256GCM"), ("ECDH-ES", "A128CBC-HS256")]
        {
            assert!(with(json!({ &alg: alg_value, &enc: enc_value, "jwks_uri": uri })).is_err());
        }
    }
}
