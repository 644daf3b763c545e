//! Opaque access tokens: for resources that would rather ask than verify.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use khue::crypto::jwt::{JwtType, verify_jwt};
use khue::crypto::signing::{Jwks, VerifyingKeys};
use khue::crypto::token::{PlainToken, TokenKind};
use khue::domain::client::{ClientStatus, Registration};
use serde_json::{Value, json};

use super::front_channel::old_system;
use crate::kit::{
    Answer, Browser, ISSUER, ProofKey, RelyingParty, TestApp, claims, registration, resource, service,
    with_proof,
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const MARKS: &str = "https://diem.example.vn/";

fn opaque(id: &str, uri: &str, scope: &str) -> Registration {
    changed(
        resource(id, uri, scope),
        "protected_resources",
        json!([{ "resource": uri, "scope": scope, "access_token_format": "opaque" }]),
    )
}

fn changed(registered: Registration, member: &str, value: Value) -> Registration {
    let mut document = serde_json::to_value(&registered).unwrap();
    document[member] = value;
    serde_json::from_value(document).unwrap()
}

fn calls() -> Value {
    json!([{ "resource": PUPILS, "scope": "doc ghi" }, { "resource": MARKS, "scope": "diem:doc" }])
}

/// A resource that takes opaque tokens, one that takes JWTs, and a portal that calls both for people.
async fn systems(app: &TestApp) -> [RelyingParty; 3] {
    [
        app.relying_party(opaque("hoc-sinh", PUPILS, "doc ghi")).await,
        app.relying_party(resource("diem", MARKS, "diem:doc")).await,
        app.relying_party(registration("dichvucong", json!({ "resources": calls() }))).await,
    ]
}

async fn code(browser: &mut Browser, portal: &RelyingParty, scope: &str, resources: &[&str]) -> String {
    let named: Vec<_> = resources.iter().map(|one| ("resource", *one)).collect();
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(named).finish();
    let address = format!("{}&{query}", portal.authorize(&[("scope", scope)]));
    browser.first_visit(&address, &[]).await.answer()["code"].clone()
}

/// The access token of an answer, which is none that anybody can read.
fn unreadable(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.text("access_token");
    assert!(PlainToken::parse(TokenKind::Access, &token).is_some(), "{token}");
    token
}

async fn told(system: &RelyingParty, token: &str) -> Value {
    let answer = system.post("/introspect", &[("token", token)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

fn inactive() -> Value {
    json!({ "active": false })
}

async fn for_itself(caller: &RelyingParty, more: &[(&str, &str)]) -> Answer {
    let mut params = vec![("grant_type", "client_credentials")];
    params.extend_from_slice(more);
    caller.post("/token", &params).await
}

#[tokio::test]
async fn of_a_person_s_opaque_token_its_resource_is_told_what_a_jwt_would_say__rfc7662_2_2() {
    for app in TestApp::on_both().await {
        let [pupils, marks, portal] = systems(&app).await;
        let scope = "openid offline_access doc diem:doc";
        let code = code(&mut app.browser(), &portal, scope, &[PUPILS, MARKS]).await;
        let mixed = portal.redeem(&code).await;
        assert_eq!(
            (mixed.status.as_u16(), mixed.text("error").as_str(), mixed.text("error_description").as_str()),
            (
                400,
                "invalid_target",
                "These resources take access tokens of different forms; name with resource one of them."
            )
        );
        let given = portal.redeem_with(&code, &[("resource", PUPILS)]).await;
        let token = unreadable(&given);
        assert_eq!((&given.body["token_type"], &given.body["expires_in"]), (&json!("Bearer"), &json!(300)));
        let refresh = given.text("refresh_token");

        let next = portal.refresh_with(&refresh, &[("resource", MARKS)]).await;
        let signed = claims(&next.text("access_token"));
        let mut expected = signed.clone();
        for (name, value) in [
            ("active", json!(true)),
            ("token_type", json!("Bearer")),
            ("aud", json!(PUPILS)),
            ("scope", json!("doc")),
        ] {
            expected[name] = value;
        }
        let mut said = told(&pupils, &token).await;
        assert_ne!(said["jti"], signed["jti"]);
        said["jti"] = signed["jti"].clone();
        assert_eq!(said, expected, "as much as a JWT says");
        assert_eq!(told(&portal, &token).await["sub"], given.id_token()["sub"], "its holder may ask too");
        assert_eq!(told(&marks, &token).await, inactive());

        let next = portal.refresh_with(&next.text("refresh_token"), &[("resource", PUPILS)]).await;
        let another = unreadable(&next);
        assert_ne!(another, token);
        assert_eq!(told(&pupils, &another).await["active"], true);
        assert_eq!(told(&pupils, &token).await["active"], true);

        let revoked = portal.post("/revoke", &[("token", &token)]).await;
        assert_eq!(revoked.status, 200);
        for ended in [&token, &another] {
            assert_eq!(told(&pupils, ended).await, inactive(), "with everything of its authorization");
        }
        let late = portal.refresh(&next.text("refresh_token")).await;
        assert_eq!(late.text("error"), "invalid_grant");
    }
}

#[tokio::test]
async fn a_lost_reply_is_answered_with_another_one_that_is_good() {
    for app in TestApp::on_both().await {
        let [pupils, _, portal] = systems(&app).await;
        let code = code(&mut app.browser(), &portal, "openid offline_access doc", &[PUPILS]).await;
        let refresh = portal.redeem(&code).await.text("refresh_token");
        let (lost, again) = (portal.refresh(&refresh).await, portal.refresh(&refresh).await);
        assert_eq!(lost.text("refresh_token"), again.text("refresh_token"));
        for answer in [lost, again] {
            assert_eq!(told(&pupils, &unreadable(&answer)).await["scope"], "doc");
        }
    }
}

#[tokio::test]
async fn a_system_s_own_token_is_opaque_too_and_ends_alone__rfc6749_1_4() {
    for app in TestApp::on_both().await {
        let [pupils, marks, _] = systems(&app).await;
        let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc"), (MARKS, "diem:doc")])).await;
        let mixed = for_itself(&caller, &[("resource", PUPILS), ("resource", MARKS)]).await;
        assert_eq!((mixed.status.as_u16(), mixed.text("error").as_str()), (400, "invalid_target"));
        let signed = for_itself(&caller, &[("resource", MARKS)]).await;
        assert_eq!(claims(&signed.text("access_token"))["aud"], MARKS);
        let one = unreadable(&for_itself(&caller, &[("resource", PUPILS)]).await);
        let other = unreadable(&for_itself(&caller, &[("resource", PUPILS)]).await);
        let now = 1_795_420_800;
        let mut said = told(&pupils, &one).await;
        assert!(said["jti"].is_string());
        said.as_object_mut().unwrap().remove("jti");
        let expected = json!({
            "active": true, "token_type": "Bearer", "iss": ISSUER, "sub": "thong-ke", "aud": PUPILS,
            "client_id": "thong-ke", "exp": now + 300, "iat": now, "scope": "doc",
        });
        assert_eq!(said, expected);

        let foreign = marks.post("/revoke", &[("token", &one)]).await;
        assert!(foreign.status.is_client_error(), "{}", foreign.body);
        assert_eq!(told(&pupils, &one).await["active"], true);
        for _ in 0..2 {
            assert_eq!(caller.post("/revoke", &[("token", &one)]).await.status, 200);
            assert_eq!(told(&pupils, &one).await, inactive());
        }
        assert_eq!(told(&pupils, &other).await["active"], true);

        let provider = &app.instance.provider;
        provider.switch_client(&caller.registration.client_id, ClientStatus::Disabled).await.unwrap();
        provider.refresh_caches().await.unwrap();
        assert_eq!(told(&pupils, &other).await, inactive());
    }
}

#[tokio::test]
async fn it_runs_out_and_is_forgotten() {
    let app = TestApp::start().await;
    let [pupils, ..] = systems(&app).await;
    let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
    let old = unreadable(&for_itself(&caller, &[]).await);
    app.advance(Duration::from_secs(299)).await;
    assert_eq!(told(&pupils, &old).await["active"], true);
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(told(&pupils, &old).await, inactive());
    for token in [format!("{old}x"), old.replace("khue_at_", "khue_rt_"), "khue_at_".to_owned()] {
        assert_eq!(told(&pupils, &token).await, inactive());
        assert_eq!(caller.post("/revoke", &[("token", &token)]).await.status, 200);
    }
    let kept = || app.texts("SELECT sealed FROM opaque_token");
    assert_eq!(kept().await.len(), 1);
    app.instance.provider.forget_opaque_tokens().await.unwrap();
    assert_eq!(kept().await.len(), 0, "it goes, whether or not another one comes");
    let stranger = PlainToken::generate(TokenKind::Access, &khue::base::SeededEntropy::new(80));
    assert_eq!(told(&pupils, stranger.expose()).await, inactive());
    let young = unreadable(&for_itself(&caller, &[]).await);
    let rows = kept().await;
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].contains("thong-ke") && !rows[0].contains(&young), "{rows:?}");
    let digests = app.texts("SELECT hex(digest) FROM opaque_token").await;
    let written: String = young.bytes().map(|byte| format!("{byte:02X}")).collect();
    assert!(digests[0].len() == 64 && !written.contains(&digests[0]));
}

#[tokio::test]
async fn it_opens_userinfo_only_where_the_issuer_is_named_too() {
    for app in TestApp::on_both().await {
        let [pupils, _, portal] = systems(&app).await;
        let mut browser = app.browser();
        let one = code(&mut browser, &portal, "openid doc", &[PUPILS]).await;
        let token = unreadable(&portal.redeem(&one).await);
        let refused = portal.userinfo(&token).await;
        assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (401, "invalid_token"));

        let address = portal.authorize(&[("scope", "openid doc"), ("resource", PUPILS)]);
        let address = format!("{address}&resource={ISSUER}");
        let both = portal.redeem(&browser.get(&address).await.answer()["code"]).await;
        let token = unreadable(&both);
        assert_eq!(portal.userinfo(&token).await.body["sub"], both.id_token()["sub"]);
        assert_eq!(told(&pupils, &token).await["aud"], json!([PUPILS, ISSUER]));

        let page = browser.get("/logout").await;
        browser.submit(&page, "/logout/confirm", &[]).await;
        assert_eq!(portal.userinfo(&token).await.status, 401);
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(told(&pupils, &token).await, inactive(), "it ends with the session");
    }
}

#[tokio::test]
async fn its_key_is_told__rfc9449_6_2() {
    let app = TestApp::start().await;
    let [pupils, _, portal] = systems(&app).await;
    let key = ProofKey::generate();
    let code = code(&mut app.browser(), &portal, "openid doc", &[PUPILS]).await;
    let given = portal.answer(with_proof(portal.redemption(&code), &key.proof(&app))).await;
    let token = unreadable(&given);
    assert_eq!(given.text("token_type"), "DPoP");
    let said = told(&pupils, &token).await;
    assert_eq!((&said["token_type"], &said["cnf"]["jkt"]), (&json!("DPoP"), &json!(key.thumbprint())));
}

#[tokio::test]
async fn it_may_be_told_signed__rfc9701_5() {
    let app = TestApp::start().await;
    let [pupils, ..] = systems(&app).await;
    let caller = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
    let token = unreadable(&for_itself(&caller, &[]).await);
    let jwks = pupils.answer(Request::get("/jwks").body(Body::empty()).unwrap()).await;
    let keys = VerifyingKeys::from_jwks(&serde_json::from_value::<Jwks>(jwks.body).unwrap());
    let mut request = pupils.posting("/introspect", &[("token", &token)]);
    request.headers_mut().insert("accept", "application/token-introspection+jwt".parse().unwrap());
    let signed = pupils.answer(request).await;
    let jwt = std::str::from_utf8(signed.response.body()).unwrap();
    let said: Value = verify_jwt(jwt, JwtType::Introspection, &keys).unwrap();
    assert_eq!(said["token_introspection"], told(&pupils, &token).await);
    assert_eq!(said["token_introspection"]["client_id"], "thong-ke");
}

#[tokio::test]
async fn it_is_exchanged_and_given_in_exchange_like_another__rfc8693_2() {
    for app in TestApp::on_both().await {
        let [pupils, ..] = systems(&app).await;
        let dossiers = "https://ho-so.example.vn/api";
        let members = json!({
            "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
            "grant_types": [GRANT],
            "protected_resources": [{ "resource": dossiers, "scope": "doc", "access_token_format": "opaque" }],
            "exchanges": [{ "from": "cong-tinh", "resource": PUPILS, "scope": "doc" }],
        });
        let middle = app.relying_party(registration("ho-so", members)).await;
        let resources = json!([{ "resource": dossiers, "scope": "doc" }]);
        let front = app.relying_party(registration("cong-tinh", json!({ "resources": resources }))).await;
        let mut browser = app.browser();
        let code = code(&mut browser, &front, "openid doc", &[dossiers]).await;
        let subject = unreadable(&front.redeem(&code).await);
        let exchange = async |subject: &str| {
            let params =
                [("grant_type", GRANT), ("subject_token", subject), ("subject_token_type", ACCESS_TOKEN)];
            middle.post("/token", &params).await
        };
        let given = exchange(&subject).await;
        let token = unreadable(&given);
        assert_eq!(given.text("issued_token_type"), ACCESS_TOKEN);
        let said = told(&pupils, &token).await;
        assert_eq!(
            (&said["aud"], &said["act"], &said["client_id"]),
            (&json!(PUPILS), &json!({ "sub": "ho-so" }), &json!("ho-so"))
        );
        assert_eq!(said["auth_time"], told(&middle, &subject).await["auth_time"]);
        let log = browser.open("/account/log").await.text();
        assert!(log.contains("Một hệ thống gọi hệ thống khác để phục vụ bạn"), "{log}");

        assert_eq!(front.post("/revoke", &[("token", &subject)]).await.status, 200);
        assert_eq!(told(&pupils, &token).await, inactive(), "it ends with what it was exchanged for");
        assert_eq!(exchange(&subject).await.text("error"), "invalid_request");
    }
}

#[tokio::test]
async fn a_device_is_given_one_too() {
    let app = TestApp::start().await;
    let [pupils, ..] = systems(&app).await;
    let members = json!({
        "token_endpoint_auth_method": "none", "grant_types": [DEVICE], "response_types": [],
        "redirect_uris": [], "post_logout_redirect_uris": [],
        "resources": [{ "resource": PUPILS, "scope": "doc" }],
    });
    let kiosk = app.relying_party(registration("mot-cua", members)).await;
    let begun = kiosk.post("/device", &[("scope", "openid doc"), ("resource", PUPILS)]).await;
    assert_eq!(begun.status, 200, "{}", begun.body);
    let mut phone = app.browser();
    let page = phone.open("/device/verify").await;
    let page = phone.submit(&page, "/device/verify", &[("user_code", &begun.text("user_code"))]).await;
    let create = page.attribute("a[href^='/create']", "href").expect("a link to create an account");
    let page = phone.sign_up(&create, "Nguyễn Thị Ánh").await;
    let page = phone.submit(&page, "/device/confirm", &[("decision", "same")]).await;
    phone.agree(&page, &[]).await;
    app.advance(Duration::from_secs(5)).await;
    let given =
        kiosk.post("/token", &[("grant_type", DEVICE), ("device_code", &begun.text("device_code"))]).await;
    assert_eq!(told(&pupils, &unreadable(&given)).await["client_id"], "mot-cua");
}

#[tokio::test]
async fn by_way_of_the_browser_it_is_kept_too_and_never_for_two_forms() {
    let app = TestApp::start().await;
    let [pupils, ..] = systems(&app).await;
    let old = app.relying_party(changed(old_system("hethongcu"), "resources", calls())).await;
    let mut browser = app.browser();
    let asking = |resources: &[&str]| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(resources.iter().map(|one| ("resource", *one)))
            .finish();
        let request = [("scope", "openid doc diem:doc"), ("response_type", "id_token token")];
        format!("{}&{query}", old.authorize(&request))
    };
    let answer = browser.first_visit(&asking(&[PUPILS]), &[]).await.answer();
    assert_eq!(told(&pupils, &answer["access_token"]).await["client_id"], "hethongcu");
    let refused = browser.get(&asking(&[PUPILS, MARKS])).await.answer();
    assert_eq!(refused["error"], "invalid_target");
}
