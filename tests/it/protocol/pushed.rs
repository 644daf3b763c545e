//! Pushed requests (RFC 9126).

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::ORIGIN;
use serde_json::json;
use url::form_urlencoded;

use crate::kit::{
    Answer, ProofKey, Publisher, RelyingParty, TestApp, confidential, public, registration, with_proof,
};

/// Pushes what `authorize` would send by the browser.
async fn push(system: &RelyingParty, changes: &[(&str, &str)]) -> Answer {
    system.answer(pushing(system, changes)).await
}

fn pushing(system: &RelyingParty, changes: &[(&str, &str)]) -> Request<Body> {
    let address = system.authorize(changes);
    let query = address.split_once('?').unwrap().1;
    let params: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let params: Vec<(&str, &str)> =
        params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // A public system names itself once more when it posts.
    let params: Vec<_> = params.into_iter().filter(|(name, _)| *name != "client_id").collect();
    system.posting("/par", &params)
}

fn at(client_id: &str, request_uri: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", client_id), ("request_uri", request_uri)])
        .finish();
    format!("/authorize?{query}")
}

#[tokio::test]
async fn a_pushed_request_is_answered_as_if_it_had_come_by_the_browser__rfc9126_2() {
    for app in TestApp::on_both().await {
        for registration in [confidential("dichvucong"), public("dienthoai")] {
            let system = app.relying_party(registration).await;
            let pushed = push(&system, &[("scope", "openid email")]).await;
            assert_eq!(pushed.status, 201, "{:?}", pushed.body);
            assert_eq!(pushed.header("cache-control"), "no-store");
            assert_eq!(pushed.body["expires_in"], 60);
            let request_uri = pushed.text("request_uri");
            assert!(
                request_uri.starts_with("urn:ietf:params:oauth:request_uri:") && request_uri.len() == 34 + 43
            );
            let address = at(system.client_id(), &request_uri);
            let answer = app.browser().first_visit(&address, &["email"]).await.answer();
            assert_eq!(answer["state"], "st-1");
            let tokens = system.redeem(&answer["code"]).await;
            assert_eq!(tokens.status, 200, "{:?}", tokens.body);
            assert_eq!(
                system.userinfo(&tokens.text("access_token")).await.body["email"],
                "an.nguyen@example.vn"
            );
        }
    }
}

#[tokio::test]
async fn it_is_granted_once_and_a_reload_strands_nobody__rfc9126_4() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(confidential("dichvucong")).await;
        let address = at("dichvucong", &push(&system, &[]).await.text("request_uri"));
        let mut browser = app.browser();
        let first = browser.get(&address).await;
        let onward = first.location().unwrap();
        assert!(onward.starts_with("/continue?interaction="), "{onward}");
        assert_eq!(browser.get(&address).await.status, 303, "a reload, or a preview that a messenger made");
        app.advance(Duration::from_secs(61)).await;
        let page = browser.get(&onward).await;
        assert_eq!(page.status, 200, "the page that she reads outlives the minute");
        let answer = browser.first_visit(&onward, &[]).await.answer();
        assert_eq!(system.redeem(&answer["code"]).await.status, 200);
        let again = browser.get(&onward).await;
        assert_eq!((again.status.as_u16(), again.location()), (400, None));
        assert!(again.text().contains("KH-103"));
    }
}

#[tokio::test]
async fn two_browsers_with_one_address_get_one_code() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await;
    let address = at("dichvucong", &push(&system, &[]).await.text("request_uri"));
    assert!(browser.open(&address).await.answer().contains_key("code"));
    let again = browser.open(&address).await;
    assert_eq!((again.status.as_u16(), again.location()), (400, None));
}

#[tokio::test]
async fn an_address_of_another_time_or_system_is_answered_with_a_page__rfc9126_2_2() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let other = app.relying_party(confidential("motcua")).await;
    let request_uri = push(&system, &[("prompt", "none")]).await.text("request_uri");
    let unknown = format!("urn:ietf:params:oauth:request_uri:{}", "A".repeat(43));
    let twice = format!("{}&request_uri=x", at("dichvucong", &request_uri));
    for address in
        [at(other.client_id(), &request_uri), at("dichvucong", &unknown), at("", &request_uri), twice]
    {
        let page = app.browser().get(&address).await;
        assert_eq!((page.status.as_u16(), page.location()), (400, None), "{address}");
        assert!(page.text().contains("KH-103"), "{address}");
    }
    // What stands beside the name changes nothing.
    let beside = format!("{}&scope=email&state=other", at("dichvucong", &request_uri));
    let answer = app.browser().get(&beside).await.answer();
    assert_eq!((answer["error"].as_str(), answer["state"].as_str()), ("login_required", "st-1"));
    app.advance(Duration::from_secs(60)).await;
    let page = app.browser().get(&at("dichvucong", &request_uri)).await;
    assert_eq!((page.status.as_u16(), page.location()), (400, None));
}

#[tokio::test]
async fn what_is_wrong_is_said_at_once__rfc9126_2_3() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let long = "x".repeat(9_000);
    for (changes, status, error, description) in [
        (vec![("scope", "email")], 400, "invalid_scope", "scope must contain openid."),
        (
            vec![("redirect_uri", "https://evil.example/")],
            400,
            "invalid_request",
            "the redirect_uri is not registered for this client.",
        ),
        (vec![("redirect_uri", "")], 400, "invalid_request", "redirect_uri is missing."),
        (vec![("response_type", "")], 400, "invalid_request", "response_type is missing; send code."),
        (
            vec![("response_type", "id_token")],
            400,
            "unauthorized_client",
            "This client is not registered for this response_type.",
        ),
        (
            vec![("request_uri", "https://x.example/")],
            400,
            "invalid_request",
            "request_uri cannot be pushed; send the parameters themselves.",
        ),
        (
            vec![("request", "a.b.c")],
            400,
            "invalid_request_object",
            "It is not a JWT that is signed by one of request_object_signing_alg_values_supported.",
        ),
        (
            vec![("login_hint", &long[..])],
            400,
            "invalid_request",
            "The parameters are longer than 8192 bytes.",
        ),
    ] {
        let refused = push(&system, &changes).await;
        assert_eq!(refused.status, status, "{changes:?}");
        assert_eq!(refused.header("cache-control"), "no-store");
        assert_eq!(refused.body, json!({ "error": error, "error_description": description }), "{changes:?}");
    }
    let stranger = Request::post("/par").header("content-type", "application/x-www-form-urlencoded");
    let body = "client_id=dichvucong&client_secret=wrong-wrong-wrong-wrong-wrong-wrong";
    let refused = system.answer(stranger.body(Body::from(body)).unwrap()).await;
    assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (401, "invalid_client"));
    let got = system
        .answer(Request::get("/par").header(ORIGIN, "https://x.example").body(Body::empty()).unwrap())
        .await;
    assert_eq!((got.status.as_u16(), got.header("access-control-allow-origin")), (405, "*"));
}

#[tokio::test]
async fn who_is_registered_to_push_sends_nothing_by_the_browser__rfc9126_6() {
    let app = TestApp::start().await;
    let system = app
        .relying_party(registration("dichvucong", json!({ "require_pushed_authorization_requests": true })))
        .await;
    let answer = app.browser().get(&system.authorize(&[])).await.answer();
    assert_eq!(answer["error"], "invalid_request");
    assert_eq!(
        answer["error_description"],
        "This client must push its requests; send the request_uri that /par gave."
    );
    let address = at("dichvucong", &push(&system, &[]).await.text("request_uri"));
    assert!(app.browser().first_visit(&address, &[]).await.answer().contains_key("code"));
}

#[tokio::test]
async fn what_one_node_takes_another_answers() {
    let [here, there] = TestApp::two_nodes().await;
    let system = here.relying_party(confidential("dichvucong")).await;
    there.instance.provider.refresh_caches().await.unwrap();
    let address = at("dichvucong", &push(&system, &[]).await.text("request_uri"));
    assert!(there.browser().first_visit(&address, &[]).await.answer().contains_key("code"));
}

#[tokio::test]
async fn what_is_pushed_with_a_proof_is_bound_to_its_key__rfc9449_10_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (key, other) = (ProofKey::generate(), ProofKey::generate());
    let proof = |key: &ProofKey| key.proof_with(&app, &[("htu", json!("https://id.example.vn/par"))]);

    let differs = [("dpop_jkt", &other.thumbprint()[..])];
    let refused = system.answer(with_proof(pushing(&system, &differs), &proof(&key))).await;
    assert_eq!(
        (refused.status.as_u16(), refused.body),
        (
            400,
            json!({
                "error": "invalid_request",
                "error_description": "dpop_jkt is of another key than the DPoP proof."
            })
        )
    );
    let elsewhere = system.answer(with_proof(pushing(&system, &[]), &key.proof(&app))).await;
    assert_eq!(elsewhere.text("error"), "invalid_dpop_proof", "a proof for /token proves nothing here");

    let pushed = system.answer(with_proof(pushing(&system, &[]), &proof(&key))).await;
    assert_eq!(pushed.status, 201, "{:?}", pushed.body);
    let address = at(system.client_id(), &pushed.text("request_uri"));
    let code = app.browser().first_visit(&address, &[]).await.answer()["code"].clone();
    let wrong = system.answer(with_proof(system.redemption(&code), &other.proof(&app))).await;
    assert_eq!(wrong.text("error"), "invalid_grant");
    let right = system.answer(with_proof(system.redemption(&code), &key.proof(&app))).await;
    assert_eq!(right.text("token_type"), "DPoP");
}

#[tokio::test]
async fn a_request_is_not_used_up_where_its_id_token_cannot_be_encrypted() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let publisher = Publisher::of(&json!({ "keys": [] })).await;
    let changes = json!({
        "profile": "legacy", "response_types": ["code", "code id_token"],
        "grant_types": ["authorization_code", "implicit"], "jwks_uri": publisher.url(),
        "id_token_encrypted_response_alg": "ECDH-ES", "id_token_encrypted_response_enc": "A256GCM",
    });
    let system = app.relying_party(registration("hethongcu", changes)).await;
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await.answer();
    let silent = [("response_type", "code id_token"), ("prompt", "none")];
    assert_eq!(browser.get(&system.authorize(&silent)).await.status, 503, "no key");
    app.advance(Duration::from_secs(30)).await;
    let pushed = at("hethongcu", &push(&system, &silent).await.text("request_uri"));
    assert_eq!(browser.get(&pushed).await.status, 503);
    publisher.publish(&json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }] }));
    // A server of keys is asked once a minute at most.
    app.advance(Duration::from_secs(30)).await;
    assert!(browser.get(&pushed).await.answer().contains_key("id_token"));
}
