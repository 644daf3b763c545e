//! Tokens that are bound to a key (RFC 9449).

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use khue::base::ids::AuditEventId;
use khue::protocol::SigningAlgorithm;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::kit::{
    Answer, ISSUER, ProofKey, RelyingParty, TestApp, asking_with, claims, confidential, public, registration,
    with_proof,
};

async fn code(app: &TestApp, system: &RelyingParty, more: &[(&str, &str)]) -> String {
    let mut request = vec![("scope", "openid email offline_access")];
    request.extend_from_slice(more);
    app.browser().first_visit(&system.authorize(&request), &["email"]).await.answer()["code"].clone()
}

async fn redeem(app: &TestApp, system: &RelyingParty, key: &ProofKey) -> Answer {
    let code = code(app, system, &[]).await;
    system.answer(with_proof(system.redemption(&code), &key.proof(app))).await
}

fn told(answer: &Answer) -> (u16, String, String) {
    (answer.status.as_u16(), answer.text("error"), answer.text("error_description"))
}

fn refused(error: &str, description: &str) -> (u16, String, String) {
    (400, error.to_owned(), description.to_owned())
}

#[tokio::test]
async fn a_token_is_bound_to_the_key_that_was_shown__rfc9449_5() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(public("dienthoai")).await;
        let key = ProofKey::generate();
        let tokens = redeem(&app, &system, &key).await;
        assert_eq!((tokens.status.as_u16(), tokens.text("token_type").as_str()), (200, "DPoP"));
        assert_eq!(tokens.header("dpop-nonce"), "", "whoever works without nonces is left alone");
        let token = tokens.text("access_token");
        assert_eq!(claims(&token)["cnf"], json!({ "jkt": key.thumbprint() }));
        let told = system.answer(key.asking(&app, &token)).await;
        assert_eq!(told.body["email"], "an.nguyen@example.vn");

        let refreshing = system.refreshing(&tokens.text("refresh_token"));
        let fresh = system.answer(with_proof(refreshing, &key.proof(&app))).await;
        assert_eq!(fresh.text("token_type"), "DPoP");
        let told = system.answer(key.asking(&app, &fresh.text("access_token"))).await;
        assert_eq!(told.status, 200);
    }
}

#[tokio::test]
async fn every_algorithm_that_discovery_names_proves() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let document = Request::get("/.well-known/openid-configuration").body(Body::empty()).unwrap();
    let document = system.answer(document).await;
    let algorithms = document.body["dpop_signing_alg_values_supported"].as_array().unwrap();
    assert_eq!(algorithms.len(), SigningAlgorithm::ALL.len());
    for name in algorithms {
        let key = ProofKey::of(SigningAlgorithm::parse(name.as_str().unwrap()).unwrap());
        let tokens = redeem(&app, &system, &key).await;
        assert_eq!(tokens.text("token_type"), "DPoP", "{name}");
    }
}

#[tokio::test]
async fn a_bound_token_is_nothing_without_its_key__rfc9449_7() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let (key, other) = (ProofKey::generate(), ProofKey::generate());
    let token = redeem(&app, &system, &key).await.text("access_token");
    let second = redeem(&app, &system, &key).await.text("access_token");
    let unbound = system.redeem(&code(&app, &system, &[]).await).await.text("access_token");
    let algorithms: Vec<&str> = SigningAlgorithm::ALL.iter().map(|one| one.as_str()).collect();
    let dpop = format!("DPoP realm=\"khue\", algs=\"{}\"", algorithms.join(" "));

    let stolen = system.userinfo(&token).await;
    let description = "The access token is bound to a key; present it by the scheme DPoP, with a proof.";
    assert_eq!(stolen.status, 401);
    assert_eq!(stolen.body, json!({ "error": "invalid_token", "error_description": description }));
    let challenges: Vec<_> = stolen
        .response
        .headers()
        .get_all("www-authenticate")
        .iter()
        .map(|one| one.to_str().unwrap())
        .collect();
    let bearer =
        format!("Bearer realm=\"khue\", error=\"invalid_token\", error_description=\"{description}\"");
    assert_eq!(challenges, [bearer.as_str(), dpop.as_str()]);
    let form = Request::post("/userinfo").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let form = form.body(Body::from(format!("access_token={token}"))).unwrap();
    assert_eq!(system.answer(form).await.text("error"), "invalid_token");

    let digest_of_second = claims_of(&key.proof_of_token(&app, &second))["ath"].clone();
    let proof = |changes: &[(&str, Value)]| {
        let right = claims_of(&key.proof_of_token(&app, &token));
        let mut claims: Vec<(&str, Value)> =
            ["htm", "htu", "ath"].map(|name| (name, right[name].clone())).to_vec();
        claims.extend_from_slice(changes);
        key.proof_with(&app, &claims)
    };
    for (request, error, description) in [
        (
            Request::get("/userinfo")
                .header(AUTHORIZATION, format!("DPoP {token}"))
                .body(Body::empty())
                .unwrap(),
            "invalid_dpop_proof",
            "The DPoP header is missing; the tokens of this client, or this token, are bound to a key.",
        ),
        (
            with_proof(asking_with(&token, &proof(&[])), &proof(&[])),
            "invalid_dpop_proof",
            "The DPoP header was sent more than once.",
        ),
        (
            asking_with(&token, &proof(&[("ath", Value::Null)])),
            "invalid_dpop_proof",
            "The DPoP proof must have ath, the base64url SHA-256 of the access token.",
        ),
        (
            asking_with(&token, &proof(&[("ath", digest_of_second)])),
            "invalid_dpop_proof",
            "The ath of the DPoP proof is not the base64url SHA-256 of the access token.",
        ),
        (
            asking_with(&token, &proof(&[("htm", json!("POST"))])),
            "invalid_dpop_proof",
            "The htm of the DPoP proof is not the method of this request.",
        ),
        (
            asking_with(&token, &proof(&[("htu", json!(format!("{ISSUER}/token")))])),
            "invalid_dpop_proof",
            "The htu of the DPoP proof is not the address of this endpoint as discovery gives it.",
        ),
        (
            other.asking(&app, &token),
            "invalid_token",
            "The DPoP proof is of another key than the one the access token is bound to.",
        ),
        (
            key.asking(&app, &unbound),
            "invalid_token",
            "The access token is not bound to a key; present it by the scheme Bearer.",
        ),
    ] {
        let answer = system.answer(request).await;
        assert_eq!(answer.status, 401, "{description}");
        assert_eq!(answer.body, json!({ "error": error, "error_description": description }));
        let challenge = format!("{dpop}, error=\"{error}\", error_description=\"{description}\"");
        assert_eq!(answer.header("www-authenticate"), challenge);
        assert_eq!(answer.response.headers().get_all("www-authenticate").iter().count(), 1);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(system.answer(key.asking(&app, &token)).await.status, 200);
}

fn claims_of(proof: &str) -> Value {
    claims(proof)
}

#[tokio::test]
async fn each_wrong_proof_is_named_and_burns_no_code__rfc9449_4_3() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let key = ProofKey::generate();
    let code = code(&app, &system, &[]).await;
    let now = khue::base::Clock::now(&app.clock).seconds();
    for (changes, description) in [
        (("htm", json!("GET")), "The htm of the DPoP proof is not the method of this request."),
        (("htm", json!("post")), "The htm of the DPoP proof is not the method of this request."),
        (
            ("htu", json!("https://id.evil.example/token")),
            "The htu of the DPoP proof is not the address of this endpoint as discovery gives it.",
        ),
        (
            ("iat", json!(now - 61)),
            "The iat of the DPoP proof is more than 60 seconds in the past; check the clock.",
        ),
        (
            ("iat", json!(now + 11)),
            "The iat of the DPoP proof is more than 10 seconds in the future; check the clock.",
        ),
        (
            ("iat", Value::Null),
            "The DPoP proof must have jti, htm and htu as texts and iat as a number; nonce and ath are texts, exp is a number.",
        ),
        (
            ("exp", json!(now - 10)),
            "The exp of the DPoP proof has passed; make a new one for each request, and check the clock.",
        ),
        (("jti", json!("")), "The jti of the DPoP proof must have 1 to 512 characters."),
        (("jti", json!("x".repeat(513))), "The jti of the DPoP proof must have 1 to 512 characters."),
    ] {
        let proof = key.proof_with(&app, &[changes]);
        let answer = system.answer(with_proof(system.redemption(&code), &proof)).await;
        assert_eq!(told(&answer), refused("invalid_dpop_proof", description));
        assert_eq!((answer.header("cache-control"), answer.header("dpop-nonce")), ("no-store", ""));
    }
    for (proof, description) in [
        ("a.b".to_owned(), "The DPoP proof is not a signed JWT: three base64url parts of at most 8 KiB."),
        (
            format!("{}, {}", key.proof(&app), key.proof(&app)),
            "The DPoP proof is not a signed JWT: three base64url parts of at most 8 KiB.",
        ),
        (system_token(&app, &system).await, "The typ in the header of the DPoP proof must be dpop+jwt."),
    ] {
        let answer = system.answer(with_proof(system.redemption(&code), &proof)).await;
        assert_eq!(told(&answer), refused("invalid_dpop_proof", description));
    }
    let twice = with_proof(with_proof(system.redemption(&code), &key.proof(&app)), &key.proof(&app));
    let answer = system.answer(twice).await;
    assert_eq!(told(&answer), refused("invalid_dpop_proof", "The DPoP header was sent more than once."));

    for foreign in [
        json!({ "jku": "https://evil.example/jwks" }),
        json!({ "x5u": "https://evil.example/cert" }),
        json!({ "x5c": ["MIIB"] }),
    ] {
        let proof = key.proof_with_header(&app, &foreign);
        let answer = system.answer(with_proof(system.redemption(&code), &proof)).await;
        let description =
            "The header of the DPoP proof has jku, x5u or x5c; its key is jwk, and no other is looked at.";
        assert_eq!(told(&answer), refused("invalid_dpop_proof", description));
    }

    let lenient = [
        ("exp", json!(now + 1)),
        ("htu", json!("https://ID.example.vn:443/%74oken?x=y#z")),
        ("iat", json!(now - 60)),
    ];
    let proof = key.proof_with(&app, &lenient);
    assert_eq!(system.answer(with_proof(system.redemption(&code), &proof)).await.text("token_type"), "DPoP");
}

async fn system_token(app: &TestApp, system: &RelyingParty) -> String {
    system.redeem(&code(app, system, &[]).await).await.text("id_token")
}

#[tokio::test]
async fn a_proof_counts_once__rfc9449_11_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let key = ProofKey::generate();
    let code = code(&app, &system, &[]).await;
    let proof = key.proof_with(&app, &[("iat", json!(khue::base::Clock::now(&app.clock).seconds() + 5))]);
    let nonsense = with_proof(system.redemption("nonsense"), &proof);
    assert_eq!(system.answer(nonsense).await.text("error"), "invalid_grant");
    let again = system.answer(with_proof(system.redemption(&code), &proof)).await;
    let description = "The DPoP proof was used before; make a new one, with another jti, for each request.";
    assert_eq!(told(&again), refused("invalid_dpop_proof", description));
    app.clock.advance(Duration::from_secs(65));
    let late = system.answer(with_proof(system.redemption(&code), &proof)).await;
    assert_eq!(
        told(&late),
        refused("invalid_dpop_proof", description),
        "remembered for as long as it is good"
    );

    let token = redeem(&app, &system, &key).await.text("access_token");
    let proof = key.proof_of_token(&app, &token);
    assert_eq!(system.answer(asking_with(&token, &proof)).await.status, 200);
    assert_eq!(system.answer(asking_with(&token, &proof)).await.text("error_description"), description);
}

#[tokio::test]
async fn a_registered_need_is_a_need__rfc9449_5_2() {
    let app = TestApp::start().await;
    let bound = json!({ "dpop_bound_access_tokens": true });
    let system = app.relying_party(registration("dichvucong", bound)).await;
    let code = code(&app, &system, &[]).await;
    let without = system.redeem(&code).await;
    let description =
        "The DPoP header is missing; the tokens of this client, or this token, are bound to a key.";
    assert_eq!(told(&without), refused("invalid_dpop_proof", description));
    let key = ProofKey::generate();
    let tokens = system.answer(with_proof(system.redemption(&code), &key.proof(&app))).await;
    assert_eq!(tokens.text("token_type"), "DPoP");
    let refresh = tokens.text("refresh_token");
    assert_eq!(told(&system.refresh(&refresh).await), refused("invalid_dpop_proof", description));
    // RFC 9449 §5: a system that authenticates may come with a new key.
    let new = ProofKey::generate();
    let fresh = system.answer(with_proof(system.refreshing(&refresh), &new.proof(&app))).await;
    assert_eq!(claims(&fresh.text("access_token"))["cnf"], json!({ "jkt": new.thumbprint() }));
}

#[tokio::test]
async fn the_refresh_token_of_a_public_system_keeps_its_key__rfc9449_5() {
    for app in TestApp::on_both().await {
        let system = app.relying_party(public("dienthoai")).await;
        let (key, thief) = (ProofKey::generate(), ProofKey::generate());
        let refresh = redeem(&app, &system, &key).await.text("refresh_token");
        let stolen = system.answer(with_proof(system.refreshing(&refresh), &thief.proof(&app))).await;
        let description = "The key that was shown is another than the one the refresh token is bound to.";
        assert_eq!(told(&stolen), refused("invalid_grant", description));
        let without = system.refresh(&refresh).await;
        let description = "The refresh token is bound to a key; show that key, by a DPoP proof or the certificate of the connection.";
        assert_eq!(told(&without), refused("invalid_grant", description));
        let first = system.answer(with_proof(system.refreshing(&refresh), &key.proof(&app))).await;
        let next = first.text("refresh_token");
        let stolen = system.answer(with_proof(system.refreshing(&next), &thief.proof(&app))).await;
        assert_eq!(stolen.text("error"), "invalid_grant", "its successors too");
        assert_eq!(system.answer(with_proof(system.refreshing(&next), &key.proof(&app))).await.status, 200);
    }
}

#[tokio::test]
async fn another_key_is_no_lost_reply() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let (key, other) = (ProofKey::generate(), ProofKey::generate());
    let refresh = redeem(&app, &system, &key).await.text("refresh_token");
    let ask =
        async |key: &ProofKey| system.answer(with_proof(system.refreshing(&refresh), &key.proof(&app))).await;
    let (lost, again) = (ask(&key).await, ask(&key).await);
    assert_eq!(lost.text("refresh_token"), again.text("refresh_token"));
    assert_eq!(ask(&other).await.text("error"), "invalid_grant");
}

#[tokio::test]
async fn a_code_is_bound_by_dpop_jkt__rfc9449_10() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let (key, other) = (ProofKey::generate(), ProofKey::generate());
    let long = "n".repeat(512);
    let code = code(&app, &system, &[("dpop_jkt", &key.thumbprint()), ("nonce", &long)]).await;
    assert!(code.len() <= 1024, "{}", code.len());
    let without = system.redeem(&code).await;
    let description = "The code is bound to a key by dpop_jkt; redeem it with a DPoP proof of that key.";
    assert_eq!(told(&without), refused("invalid_grant", description));
    let wrong = system.answer(with_proof(system.redemption(&code), &other.proof(&app))).await;
    let description = "The DPoP proof is of another key than the dpop_jkt of the authorization request.";
    assert_eq!(told(&wrong), refused("invalid_grant", description));
    let right = system.answer(with_proof(system.redemption(&code), &key.proof(&app))).await;
    assert_eq!(right.text("token_type"), "DPoP", "a wrong try burns no code");

    let malformed = app.browser().get(&system.authorize(&[("dpop_jkt", "short")])).await.answer();
    assert_eq!(malformed["error"], "invalid_request");
    assert_eq!(
        malformed["error_description"],
        "dpop_jkt must be the base64url SHA-256 thumbprint of the key: 43 characters, no padding."
    );
}

#[tokio::test]
async fn the_log_says_that_tokens_are_bound_and_not_to_which_key() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let key = ProofKey::generate();
    let tokens = redeem(&app, &system, &key).await;
    let refreshing = system.refreshing(&tokens.text("refresh_token"));
    system.answer(with_proof(refreshing, &key.proof(&app))).await;
    let facts = facts(&app).await;
    for kind in ["tokens.issued", "tokens.refreshed"] {
        let (_, facts) = facts.iter().find(|(found, _)| found == kind).unwrap();
        assert_eq!(facts["bound"], "dpop", "{kind}");
    }
    assert!(!format!("{facts:?}").contains(&key.thumbprint()));
}

async fn facts(app: &TestApp) -> Vec<(String, Value)> {
    let mut tx = app.instance.provider.db().read().await.unwrap();
    let none = AuditEventId::from_uuid(Uuid::nil());
    let entries = tx.audit_entries_pending(none).await.unwrap().into_iter().map(|stored| stored.entry);
    entries.map(|entry| (entry.kind, serde_json::from_str(&entry.facts).unwrap())).collect()
}
