//! The profiles that systems are registered under, and what each refuses.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use khue::domain::client::Registration;
use khue::protocol::{ClientId, ClientProfile, SigningAlgorithm};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::kit::{Signer, TestApp, confidential, fapi2, public, registration};

const CALLBACK: &str = "https://rp.example.vn/callback";

fn refusal(mut document: Value, changes: &Value) -> Option<String> {
    for (name, value) in changes.as_object().unwrap() {
        document[name] = value.clone();
    }
    serde_json::from_value::<Registration>(document).err().map(|error| error.to_string())
}

#[test]
fn a_modern_system_gets_codes_with_pkce_and_nothing_else__rfc9700_2_1() {
    let modern = serde_json::to_value(confidential("dichvucong")).unwrap();
    assert_eq!(modern["profile"], "modern");
    let implicit =
        json!({ "response_types": ["code", "id_token"], "grant_types": ["authorization_code", "implicit"] });
    for (changes, says) in [
        (implicit, "response_types: the profile modern takes code alone"),
        (json!({ "require_pkce": false }), "require_pkce: the profile modern takes true alone"),
    ] {
        let refused = refusal(modern.clone(), &changes).unwrap();
        assert!(refused.contains(says) && refused.contains("profile = \"legacy\""), "{refused}");
        let mut legacy = changes;
        legacy["profile"] = json!("legacy");
        assert_eq!(refusal(modern.clone(), &legacy), None);
    }
    let public = serde_json::to_value(public("dienthoai")).unwrap();
    let without = json!({ "profile": "legacy", "require_pkce": false });
    assert!(refusal(public, &without).unwrap().contains("cannot go without PKCE"), "no profile lets it");
}

#[test]
fn a_fapi2_system_is_refused_whatever_is_weaker__fapi2_security_5_3_2() {
    let keys = Signer::key(SigningAlgorithm::ES256).jwks();
    let whole = serde_json::to_value(fapi2("nganhang", keys, json!({}))).unwrap();
    assert_eq!(refusal(whole.clone(), &json!({})), None);
    for (changes, member) in [
        (
            json!({ "response_types": ["code", "id_token"], "grant_types": ["authorization_code", "implicit"] }),
            "response_types",
        ),
        (
            json!({ "grant_types": ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"] }),
            "grant_types",
        ),
        (json!({ "require_pkce": false }), "require_pkce"),
        (json!({ "require_pushed_authorization_requests": false }), "require_pushed_authorization_requests"),
        (json!({ "token_endpoint_auth_method": "client_secret_basic" }), "token_endpoint_auth_method"),
        (json!({ "token_endpoint_auth_method": "client_secret_jwt" }), "token_endpoint_auth_method"),
        (json!({ "token_endpoint_auth_method": "none" }), "token_endpoint_auth_method"),
        (json!({ "dpop_bound_access_tokens": false }), "dpop_bound_access_tokens"),
        (json!({ "token_endpoint_auth_signing_alg": "RS256" }), "token_endpoint_auth_signing_alg"),
        (json!({ "token_endpoint_auth_signing_alg": "ES384" }), "token_endpoint_auth_signing_alg"),
        (json!({ "id_token_signed_response_alg": "RS256" }), "id_token_signed_response_alg"),
        (json!({ "authorization_signed_response_alg": "ES384" }), "authorization_signed_response_alg"),
        (json!({ "userinfo_signed_response_alg": "RS256" }), "userinfo_signed_response_alg"),
        (json!({ "introspection_signed_response_alg": "RS256" }), "introspection_signed_response_alg"),
        (json!({ "application_type": "native", "redirect_uris": ["vn.example.app:/cb"] }), "redirect_uris"),
    ] {
        let refused = refusal(whole.clone(), &changes).unwrap();
        assert!(refused.starts_with(&format!("{member}: the profile fapi2 ")), "{changes}: {refused}");
    }
}

#[tokio::test]
async fn plain_http_under_fapi2_leads_nowhere_but_in_a_sandbox__fapi2_security_5_3_2_2() {
    for (sandbox, status) in [("false", 400), ("true", 201)] {
        let app = TestApp::builder().with("server.sandbox", sandbox).build().await;
        let signer = Signer::key(SigningAlgorithm::ES256);
        let local = json!({ "redirect_uris": ["http://127.0.0.1/callback"] });
        let system = app.relying_party(fapi2("nganhang", signer.jwks(), local)).await;
        let address = system.authorize(&[]);
        let mut form = form_urlencoded::Serializer::new(address.split_once('?').unwrap().1.to_owned());
        form.extend_pairs([
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &signer.assertion(&app, "nganhang", json!({}), json!({}))),
        ]);
        let request = Request::post("/par").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let pushed = system.answer(request.body(Body::from(form.finish())).unwrap()).await;
        assert_eq!(pushed.status, status, "{}", pushed.body);
    }
}

#[tokio::test]
async fn an_endpoint_as_audience_is_an_exception__rfc7523_3() {
    let app = TestApp::start().await;
    for (profile, is_taken) in [("modern", false), ("legacy", true)] {
        let signer = Signer::key(SigningAlgorithm::ES256);
        let members = json!({ "profile": profile, "token_endpoint_auth_method": "private_key_jwt", "jwks": signer.jwks() });
        let system = app.relying_party(registration(profile, members)).await;
        for aud in
            [json!("https://id.example.vn/token"), json!(["https://id.example.vn/token", crate::kit::ISSUER])]
        {
            let assertion = signer.assertion(&app, profile, json!({ "aud": aud }), json!({}));
            let body = form_urlencoded::Serializer::new(String::new())
                .extend_pairs([
                    ("grant_type", "refresh_token"),
                    ("refresh_token", "x"),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ("client_assertion", &assertion),
                ])
                .finish();
            let request = Request::post("/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = system.answer(request.body(Body::from(body)).unwrap()).await;
            let expected = if is_taken { "invalid_grant" } else { "invalid_client" };
            assert_eq!(answer.text("error"), expected, "{profile} {aud}");
        }
    }
}

#[tokio::test]
async fn what_was_kept_before_there_were_profiles_goes_on_working() {
    let app = TestApp::start().await;
    let old =
        app.relying_party(registration("cu", json!({ "profile": "legacy", "require_pkce": false }))).await;
    app.relying_party(confidential("dichvucong")).await;
    let forgotten = app
        .texts("UPDATE client SET registration = json_remove(registration, '$.profile') RETURNING client_id")
        .await;
    assert_eq!(forgotten.len(), 2);
    // Another change has every node read the register again.
    app.relying_party(public("dienthoai")).await;
    let profile =
        |id: &str| app.instance.provider.client(&ClientId::parse(id).unwrap()).unwrap().registration.profile;
    assert_eq!([profile("cu"), profile("dichvucong")], [ClientProfile::Legacy, ClientProfile::Modern]);
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = app.browser().first_visit(&old.authorize(&without), &[]).await.answer()["code"].clone();
    assert_eq!(old.redeem_with(&code, &[("code_verifier", "")]).await.status, 200);
}

async fn registered(app: &TestApp, token: Option<&str>, metadata: &Value) -> (u16, Value) {
    let mut request = Request::post("/register").header(CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let answer =
        crate::kit::send(&app.router(), request.body(Body::from(metadata.to_string())).unwrap()).await;
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap())
}

#[tokio::test]
async fn who_registers_himself_is_held_to_the_strictest_that_fits() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let keys = Signer::key(SigningAlgorithm::ES256).jwks();
    let strict = json!({
        "token_endpoint_auth_method": "private_key_jwt", "jwks": keys,
        "require_pushed_authorization_requests": true, "dpop_bound_access_tokens": true,
        "id_token_signed_response_alg": "ES256", "authorization_signed_response_alg": "ES256",
        "introspection_signed_response_alg": "ES256",
    });
    for (metadata, expected) in [
        (json!({}), "legacy"),
        (json!({ "profile": "modern" }), "modern"),
        (json!({ "token_endpoint_auth_method": "none" }), "modern"),
        (json!({ "response_types": ["id_token"], "grant_types": ["implicit"] }), "legacy"),
        (strict, "fapi2"),
    ] {
        let mut metadata = metadata;
        metadata["redirect_uris"] = json!([CALLBACK]);
        let (status, told) = registered(&app, None, &metadata).await;
        assert_eq!((status, &told["profile"]), (201, &json!(expected)), "{metadata} {told}");
        let id = ClientId::parse(told["client_id"].as_str().unwrap()).unwrap();
        let kept = app.instance.provider.client(&id).unwrap();
        assert_eq!(
            kept.registration.require_pkce,
            expected != "legacy" || !kept.registration.is_confidential()
        );
    }
    let half = json!({ "redirect_uris": [CALLBACK], "profile": "fapi2" });
    let (status, told) = registered(&app, None, &half).await;
    assert_eq!((status, &told["error"]), (400, &json!("invalid_client_metadata")));
}

#[tokio::test]
async fn outside_a_sandbox_exceptions_are_the_operator_s_to_make() {
    let app = TestApp::builder().with("server.registration", "token").build().await;
    let provider = &app.instance.provider;
    let until = provider.now() + std::time::Duration::from_secs(3600);
    let scope = khue::protocol::ScopeSet::parse("openid");
    let token = provider.issue_initial_token(&scope, 9, until).await.unwrap();
    for (metadata, status) in [
        (json!({ "profile": "legacy" }), 400),
        (json!({ "response_types": ["id_token"], "grant_types": ["implicit"] }), 400),
        (json!({}), 201),
    ] {
        let mut metadata = metadata;
        metadata["redirect_uris"] = json!([CALLBACK]);
        let (answered, told) = registered(&app, Some(token.expose()), &metadata).await;
        assert_eq!(answered, status, "{metadata} {told}");
        if answered == 201 {
            assert_eq!(told["profile"], "modern");
        } else {
            assert!(told["error_description"].as_str().unwrap().contains("legacy"), "{told}");
        }
    }
}
