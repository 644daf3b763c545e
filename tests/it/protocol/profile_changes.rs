//! A system that is held to more than yesterday: what was begun or given under the looser rules is not served under them.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use khue::base::encoding::from_base64url;
use khue::domain::client::Registration;
use khue::protocol::SigningAlgorithm;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::front_channel::old_system;
use crate::kit::{
    Answer, ISSUER, ProofKey, RelyingParty, Signer, TestApp, claims, fapi2, registration, resource,
    with_proof,
};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const UNCHALLENGED: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

fn lenient() -> Registration {
    registration("nganhang", json!({ "profile": "legacy", "require_pkce": false }))
}

/// The same system, by what it posts with an assertion of its key.
async fn post(
    app: &TestApp,
    signer: &Signer,
    path: &str,
    parameters: &[(&str, &str)],
    proof: Option<&ProofKey>,
) -> Answer {
    let assertion = signer.assertion(app, "nganhang", json!({}), json!({}));
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(parameters);
    body.extend_pairs([("client_assertion_type", TYPE), ("client_assertion", &assertion)]);
    let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from(body.finish())).unwrap();
    let request = match proof {
        Some(key) => with_proof(request, &key.proof(app)),
        None => request,
    };
    RelyingParty::at(app.router(), lenient(), None).answer(request).await
}

fn refresh(token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
}

fn algorithm(jwt: &str) -> Value {
    let header = from_base64url(jwt.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["alg"].clone()
}

#[tokio::test]
async fn a_code_without_a_challenge_is_good_only_as_long_as_none_is_wanted__rfc9700_2_1_1() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(lenient()).await;
        let mut browser = app.browser();
        let first = browser.first_visit(&system.authorize(&UNCHALLENGED), &[]).await.answer()["code"].clone();
        let second = browser.get(&system.authorize(&UNCHALLENGED)).await.answer()["code"].clone();
        let challenged = browser.get(&system.authorize(&[])).await.answer()["code"].clone();
        let without = [("code_verifier", "")];
        assert_eq!(system.redeem_with(&first, &without).await.status, 200);

        RelyingParty::register(&app, registration("nganhang", json!({}))).await;
        let refused = system.redeem_with(&second, &without).await;
        assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (400, "invalid_grant"));
        assert!(refused.text("error_description").contains("code_challenge"), "{}", refused.body);
        let made_up = system.redeem(&second).await;
        assert_eq!(made_up.text("error"), "invalid_grant", "no verifier mends it");
        assert_eq!(system.redeem(&challenged).await.status, 200);
    }
}

#[tokio::test]
async fn from_legacy_to_fapi2_nothing_unbound_is_served_any_more__fapi2_security_5_3_2() {
    for app in TestApp::on_both().await {
        let resources = json!([{ "resource": PUPILS, "scope": "doc" }]);
        let mut before = serde_json::to_value(lenient()).unwrap();
        before["resources"] = resources.clone();
        before["id_token_signed_response_alg"] = json!("RS256");
        let system = app.relying_party(serde_json::from_value(before).unwrap()).await;
        let pupils = app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
        let wanted = [("scope", "openid offline_access doc"), ("resource", PUPILS)];
        let mut browser = app.browser();
        let address = format!("{}&resource={ISSUER}", system.authorize(&wanted));
        let code = browser.first_visit(&address, &[]).await.answer()["code"].clone();
        let given = system.redeem(&code).await;
        let (access, token) = (given.text("access_token"), given.text("refresh_token"));
        assert_eq!(
            (algorithm(&given.text("id_token")), &given.body["token_type"]),
            (json!("RS256"), &json!("Bearer"))
        );
        let introspected = async || pupils.post("/introspect", &[("token", &access)]).await.body;
        assert_eq!(
            (system.userinfo(&access).await.status.as_u16(), &introspected().await["active"]),
            (200, &json!(true))
        );
        // Asked for later than it was given, consent is asked for again.
        app.advance(Duration::from_secs(1)).await;
        let begun = browser.open(&system.authorize(&[("prompt", "consent")])).await;
        let pushed = post_pushed(&system).await;

        let signer = Signer::key(SigningAlgorithm::ES256);
        let strict = fapi2("nganhang", signer.jwks(), json!({ "resources": resources }));
        RelyingParty::register(&app, strict).await;

        let refused = system.userinfo(&access).await;
        assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (401, "invalid_token"));
        assert_eq!(introspected().await, json!({ "active": false }));
        assert_eq!(
            system.refresh(&token).await.text("error"),
            "invalid_client",
            "its secret is none any more"
        );
        let unproved = post(&app, &signer, "/token", &refresh(&token), None).await;
        assert_eq!(unproved.text("error"), "invalid_dpop_proof");
        let by_browser = browser.get(&system.authorize(&[])).await.answer();
        assert_eq!(by_browser["error"], "invalid_request", "{by_browser:?}");
        let late = browser.agree(&begun, &[]).await;
        assert_eq!((late.status.as_u16(), late.location()), (400, None), "what was begun leads nowhere");
        let lenient_push = browser.get(&pushed).await;
        assert_eq!(lenient_push.answer()["error"], "invalid_request", "it had no challenge");

        let key = ProofKey::generate();
        let next = post(&app, &signer, "/token", &refresh(&token), Some(&key)).await;
        assert_eq!((next.status.as_u16(), &next.body["token_type"]), (200, &json!("DPoP")), "{}", next.body);
        let bound = next.text("access_token");
        assert_eq!(claims(&bound)["cnf"], json!({ "jkt": key.thumbprint() }));
        assert_eq!(algorithm(&next.text("id_token")), "ES256");
        assert_eq!(system.answer(key.asking(&app, &bound)).await.status, 200);

        let given_back = post(&app, &signer, "/revoke", &[("token", &access)], None).await;
        assert_eq!(given_back.status, 200, "giving back is never refused");
        assert_eq!(system.answer(key.asking(&app, &bound)).await.status, 401, "and ends all of it");
    }
}

/// The address of a request without a challenge that was pushed.
async fn post_pushed(system: &RelyingParty) -> String {
    let address = system.authorize(&UNCHALLENGED);
    let query = address.split_once('?').unwrap().1;
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let parameters: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = system.post("/par", &parameters).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", system.client_id()), ("request_uri", &answer.text("request_uri"))])
        .finish();
    format!("/authorize?{query}")
}

#[tokio::test]
async fn a_subject_token_that_is_not_bound_as_it_should_be_by_now_is_not_exchanged() {
    const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
    let app = TestApp::start().await;
    app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let dossiers = "https://ho-so.example.vn/api";
    let members = json!({
        "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
        "grant_types": [EXCHANGE], "protected_resources": [{ "resource": dossiers, "scope": "doc" }],
        "exchanges": [{ "from": "cong-tinh", "resource": PUPILS, "scope": "doc" }],
    });
    let middle = app.relying_party(registration("ho-so", members)).await;
    let front = |bound: bool| {
        let resources = json!([{ "resource": dossiers, "scope": "doc" }]);
        registration("cong-tinh", json!({ "resources": resources, "dpop_bound_access_tokens": bound }))
    };
    let system = app.relying_party(front(false)).await;
    let address = system.authorize(&[("scope", "openid doc"), ("resource", dossiers)]);
    let code = app.browser().first_visit(&address, &[]).await.answer()["code"].clone();
    let subject = system.redeem(&code).await.text("access_token");
    let exchange = async || {
        let token = "urn:ietf:params:oauth:token-type:access_token";
        let params = [("grant_type", EXCHANGE), ("subject_token", &subject), ("subject_token_type", token)];
        middle.post("/token", &params).await
    };
    assert_eq!(exchange().await.status, 200);
    RelyingParty::register(&app, front(true)).await;
    assert_eq!(exchange().await.text("error"), "invalid_request");
    RelyingParty::register(&app, front(false)).await;
    assert_eq!(exchange().await.status, 200);
}

#[tokio::test]
async fn from_legacy_to_modern_no_token_goes_by_the_browser_and_no_endpoint_is_an_audience() {
    let app = TestApp::start().await;
    let system = app.relying_party(old_system("hethongcu")).await;
    let mut browser = app.browser();
    let asking = system.authorize(&[("response_type", "id_token token"), ("scope", "openid")]);
    assert!(browser.first_visit(&asking, &[]).await.answer().contains_key("access_token"));
    app.advance(Duration::from_secs(1)).await;
    let begun = browser.open(&format!("{asking}&prompt=consent")).await;
    RelyingParty::register(&app, registration("hethongcu", json!({}))).await;
    assert_eq!(browser.get(&asking).await.answer()["error"], "unauthorized_client");
    let late = browser.agree(&begun, &[]).await;
    assert_eq!((late.status.as_u16(), late.location()), (400, None));

    let signer = Signer::key(SigningAlgorithm::ES256);
    let by_key = |profile: &str| {
        let members = json!({
            "profile": profile, "token_endpoint_auth_method": "private_key_jwt", "jwks": signer.jwks(),
        });
        registration("nganhang", members)
    };
    for (profile, error) in [("legacy", "invalid_grant"), ("modern", "invalid_client")] {
        RelyingParty::register(&app, by_key(profile)).await;
        let audience = json!({ "aud": format!("{ISSUER}/token") });
        let assertion = signer.assertion(&app, "nganhang", audience, json!({}));
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(refresh("x"))
            .extend_pairs([("client_assertion_type", TYPE), ("client_assertion", &assertion)])
            .finish();
        let request = Request::post("/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = system.answer(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.text("error"), error, "{profile}");
    }
}
