//! Requests in an object, by value and by address.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use khue::base::encoding::base64url;
use khue::base::entropy::SystemEntropy;
use khue::crypto::jwe::{Payload, Recipient, encrypt};
use khue::crypto::signing::Jwks;
use khue::protocol::{
    ContentEncryptionAlgorithm, DecryptionKeyKind, KeyManagementAlgorithm, RequestObjectAlgorithm,
    SigningAlgorithm,
};
use khue::services::signing_keys::Urgency;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::kit::{Page, Publisher, RelyingParty, Signer, TestApp, fapi2, registration};

/// The address that a person is sent to with an object and nothing that is not needed.
fn bare(system: &RelyingParty, parameters: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", system.client_id())
        .extend_pairs(parameters)
        .finish();
    format!("/authorize?{query}")
}

async fn signing(app: &TestApp, signer: &Signer, changes: Value) -> RelyingParty {
    let mut members = json!({ "jwks": signer.jwks() });
    members.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    app.relying_party(registration("dichvucong", members)).await
}

async fn published(system: &RelyingParty) -> Jwks {
    let jwks = system.answer(Request::get("/jwks").body(Body::empty()).unwrap()).await;
    serde_json::from_value(jwks.body).unwrap()
}

fn encrypted(
    keys: &Jwks,
    alg: KeyManagementAlgorithm,
    enc: ContentEncryptionAlgorithm,
    object: &str,
) -> String {
    let recipient = Recipient::find(keys, alg).unwrap();
    encrypt(&recipient, enc, Payload::Jwt(object), &SystemEntropy::new()).unwrap()
}

/// The error that went to the system, and where.
fn refusal(page: &Page) -> (String, String) {
    let answer = page.answer();
    assert!(answer["error_description"].is_ascii());
    (answer["error"].clone(), answer["error_description"].clone())
}

#[tokio::test]
async fn what_was_signed_counts_and_nothing_beside_it__rfc9101_6_3() {
    let app = TestApp::start().await;
    for algorithm in SigningAlgorithm::ALL {
        let signer = Signer::key(*algorithm);
        let id = format!("he-thong-{}", algorithm.as_str().to_lowercase());
        let changes = json!({ "jwks": signer.jwks(), "request_object_signing_alg": algorithm });
        let system = app.relying_party(registration(&id, changes)).await;
        let claims = json!({ "scope": "openid email", "max_age": 3600 });
        let object = signer.request_object(&app, &system, claims, json!({}));
        let beside = [
            ("request", object.as_str()),
            ("state", "another"),
            ("redirect_uri", "https://evil.example/"),
            ("scope", "openid phone"),
            ("prompt", "none"),
        ];
        let page = app.browser().first_visit(&bare(&system, &beside), &["email"]).await;
        assert!(page.location().unwrap().starts_with(system.redirect_uri()));
        let answer = page.answer();
        assert_eq!(answer["state"], "st-1");
        let tokens = system.redeem(&answer["code"]).await;
        assert_eq!(tokens.text("scope"), "openid email");
        assert_eq!(tokens.id_token()["nonce"], "no-1");
    }
}

#[tokio::test]
async fn a_secret_signs_for_whom_it_authenticates__oidc_core_6_1() {
    let app = TestApp::start().await;
    let changes = json!({ "token_endpoint_auth_method": "client_secret_jwt" });
    let system = app.relying_party(registration("dichvucong", changes)).await;
    let own = Signer::Secret(system.secret.clone().unwrap());
    let other = Signer::Secret("another secret that is long enough".to_owned());
    let object = own.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().first_visit(&bare(&system, &[("request", &object)]), &[]).await;
    assert!(page.answer().contains_key("code"));
    let object = other.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().get(&system.authorize(&[("request", &object)])).await;
    assert_eq!(refusal(&page).0, "invalid_request_object");

    let plain = app.relying_party(registration("khac", json!({}))).await;
    let own = Signer::Secret(plain.secret.clone().unwrap());
    let object = own.request_object(&app, &plain, json!({}), json!({}));
    let page = app.browser().get(&plain.authorize(&[("request", &object)])).await;
    assert_eq!(refusal(&page).0, "invalid_request_object", "its secret is kept as a digest alone");
}

#[tokio::test]
async fn an_unsigned_one_is_taken_of_whom_it_is_registered_for_alone__oidc_core_6_1() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let unsigned = |system: &RelyingParty, claims: Value| {
        let signed = signer.request_object(&app, system, claims, json!({ "alg": "none", "kid": null }));
        format!("{}.", signed.rsplit_once('.').unwrap().0)
    };
    let system =
        signing(&app, &signer, json!({ "request_object_signing_alg": "none", "profile": "legacy" })).await;
    let bare_claims = json!({ "iss": null, "aud": null, "exp": null, "nbf": null });
    for claims in [json!({}), bare_claims] {
        let object = unsigned(&system, claims);
        let page = app.browser().first_visit(&bare(&system, &[("request", &object)]), &[]).await;
        assert!(page.answer().contains_key("code"));
    }
    let expired = unsigned(&system, json!({ "exp": 1 }));
    let page = app.browser().get(&bare(&system, &[("request", &expired)])).await;
    assert_eq!((page.status.as_u16(), page.location()), (400, None), "nobody signed where the answer goes");
    let signed = signer.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().get(&system.authorize(&[("request", &signed)])).await;
    assert_eq!(refusal(&page).0, "invalid_request_object", "it is registered for the other way");

    let other = app.relying_party(registration("khac", json!({ "jwks": signer.jwks() }))).await;
    let object = unsigned(&other, json!({}));
    let page = app.browser().get(&other.authorize(&[("request", &object)])).await;
    assert_eq!(refusal(&page), ("invalid_request_object".into(), "It must be signed.".into()));
}

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
async fn members_that_are_no_texts_are_read__oidc_core_6_1() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = signing(&app, &signer, json!({})).await;
    let claims = json!({ "claims": { "id_token": { "acr": { "essential": true, "values": ["xt4"] } } } });
    let object = signer.request_object(&app, &system, claims, json!({}));
    let page = app.browser().open(&bare(&system, &[("request", &object)])).await;
    assert_eq!(refusal(&page).0, "unmet_authentication_requirements");
    let mut browser = app.browser();
    browser.first_visit(&system.authorize(&[]), &[]).await;
    let silent = |max_age: Value| {
        let claims = json!({ "prompt": "none", "max_age": max_age });
        bare(&system, &[("request", &signer.request_object(&app, &system, claims, json!({})))])
    };
    assert!(browser.get(&silent(json!(3600))).await.answer().contains_key("code"));
    app.advance(Duration::from_secs(10)).await;
    assert_eq!(browser.get(&silent(json!(5))).await.answer()["error"], "login_required");
    assert_eq!(browser.get(&silent(json!([5]))).await.answer()["error"], "invalid_request");
}

#[tokio::test]
async fn who_must_sign_its_requests_is_answered_to_no_others__rfc9101_10_5() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::PS256);
    let system = signing(&app, &signer, json!({ "require_signed_request_object": true })).await;
    let page = app.browser().get(&system.authorize(&[])).await;
    assert_eq!(refusal(&page).0, "invalid_request");
    let pushed = system.post("/par", &[("response_type", "code")]).await;
    assert_eq!((pushed.status.as_u16(), pushed.text("error").as_str()), (400, "invalid_request"));
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().first_visit(&bare(&system, &[("request", &object)]), &[]).await;
    assert!(page.answer().contains_key("code"));
}

#[tokio::test]
async fn a_signed_request_is_pushed_and_lives_on_after_its_object__rfc9126_3() {
    for app in TestApp::on_both().await {
        let signer = Signer::key(SigningAlgorithm::ES256);
        let system = signing(&app, &signer, json!({ "require_signed_request_object": true })).await;
        let soon = app.instance.provider.now().micros() / 1_000_000 + 5;
        let object = signer.request_object(&app, &system, json!({ "exp": soon }), json!({}));
        let beside =
            [("request", object.as_str()), ("redirect_uri", "https://evil.example/"), ("state", "x")];
        let pushed = system.post("/par", &beside).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        app.advance(Duration::from_secs(10)).await;
        let address = bare(&system, &[("request_uri", &pushed.text("request_uri"))]);
        let answer = app.browser().first_visit(&address, &[]).await.answer();
        assert_eq!(answer["state"], "st-1");
        assert_eq!(system.redeem(&answer["code"]).await.status, 200);

        let other = app.relying_party(registration("khac", json!({ "jwks": signer.jwks() }))).await;
        let stolen = other.post("/par", &[("request", &object)]).await;
        assert_eq!(stolen.text("error"), "invalid_request_object", "it is another client's");
    }
}

#[tokio::test]
async fn whoever_reads_longer_than_an_object_lives_is_not_stranded() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = signing(&app, &signer, json!({})).await;
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    let mut browser = app.browser();
    let first = browser.get(&bare(&system, &[("request", &object)])).await;
    let goes_on = first.location().unwrap();
    assert!(goes_on.starts_with("/continue?interaction="), "{goes_on}");
    app.advance(Duration::from_secs(600)).await;
    assert_eq!(browser.open(&goes_on).await.status, 200);
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

#[tokio::test]
async fn an_encrypted_object_is_read_by_each_published_algorithm__rfc9101_6_1() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = signing(&app, &signer, json!({ "require_signed_request_object": true })).await;
    let keys = published(&system).await;
    for alg in KeyManagementAlgorithm::ALL {
        for enc in ContentEncryptionAlgorithm::ALL {
            let object = signer.request_object(&app, &system, json!({}), json!({}));
            let object = encrypted(&keys, *alg, *enc, &object);
            let pushed = system.post("/par", &[("request", &object)]).await;
            assert_eq!(pushed.status, 201, "{alg} {enc} {}", pushed.body);
        }
    }
    let enc = ContentEncryptionAlgorithm::A256Gcm;
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    let whole = encrypted(&keys, KeyManagementAlgorithm::EcdhEs, enc, &object);
    let page = app.browser().first_visit(&bare(&system, &[("request", &whole)]), &[]).await;
    assert!(page.answer().contains_key("code"));
    let unsigned = encrypted(&keys, KeyManagementAlgorithm::EcdhEs, enc, "eyJhbGciOiJub25lIn0.e30.");
    let foreign = Jwks { keys: signer_free_keys() };
    let foreign = encrypted(&foreign, KeyManagementAlgorithm::EcdhEs, enc, &object);
    for wrong in [&whole[..whole.len() - 4], &unsigned, &foreign] {
        let pushed = system.post("/par", &[("request", wrong)]).await;
        assert_eq!((pushed.status.as_u16(), pushed.text("error").as_str()), (400, "invalid_request_object"));
    }
}

fn signer_free_keys() -> Vec<khue::crypto::signing::Jwk> {
    let pkcs8 = khue::crypto::jwe::generate_decryption_pkcs8(DecryptionKeyKind::P256).unwrap();
    let key = khue::crypto::jwe::DecryptionKey::from_pkcs8(DecryptionKeyKind::P256, pkcs8.expose()).unwrap();
    vec![key.public_jwk().clone()]
}

#[tokio::test]
async fn keys_for_encryption_change_and_the_one_before_still_reads__oidc_core_10_2_1() {
    for app in TestApp::on_both().await {
        let signer = Signer::key(SigningAlgorithm::ES256);
        let system = signing(&app, &signer, json!({})).await;
        let before = published(&system).await;
        let provider = &app.instance.provider;
        let enc_keys = |set: &Jwks| {
            let for_enc = set.keys.iter().filter(|key| key.usage.as_deref() == Some("enc"));
            for_enc.filter_map(|key| key.kid.clone()).collect::<Vec<_>>()
        };
        assert_eq!(enc_keys(&before).len(), DecryptionKeyKind::ALL.len());
        provider.rotate_signing_key(DecryptionKeyKind::P256, Urgency::Orderly).await.unwrap();
        provider.refresh_caches().await.unwrap();
        assert_eq!(enc_keys(&published(&system).await), enc_keys(&before), "not before every node has it");
        provider.rotate_signing_key(DecryptionKeyKind::P256, Urgency::Immediate).await.unwrap();
        provider.refresh_caches().await.unwrap();
        let after = published(&system).await;
        assert_eq!(enc_keys(&after).len(), DecryptionKeyKind::ALL.len(), "nobody begins with the old one");
        assert_ne!(enc_keys(&after), enc_keys(&before));
        let push = async |keys: &Jwks| {
            let object = signer.request_object(&app, &system, json!({}), json!({}));
            let enc = ContentEncryptionAlgorithm::A128Gcm;
            let object = encrypted(keys, KeyManagementAlgorithm::EcdhEsA256Kw, enc, &object);
            system.post("/par", &[("request", &object)]).await.status.as_u16()
        };
        assert_eq!((push(&before).await, push(&after).await), (201, 201));
        app.clock.advance(Duration::from_secs(8 * 24 * 3600));
        provider.advance_signing_keys().await.unwrap();
        provider.refresh_caches().await.unwrap();
        assert_eq!((push(&before).await, push(&after).await), (400, 201), "withdrawn after seven days");
    }
}

#[tokio::test]
async fn an_object_is_fetched_from_a_registered_address_alone__rfc9101_5_2() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let publisher = Publisher::of(&json!({})).await;
    let system = signing(&app, &signer, json!({ "request_uris": [publisher.url()] })).await;
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    publisher.answer("200 OK", "application/oauth-authz-req+jwt", &object);
    let address = bare(&system, &[("request_uri", &publisher.url())]);
    let page = app.browser().first_visit(&address, &[]).await;
    assert_eq!(page.answer()["state"], "st-1");
    let hash = base64url(digest(&SHA256, object.as_bytes()));
    for (fragment, is_good) in [(hash.as_str(), true), ("other", false)] {
        let uri = format!("{}#{fragment}", publisher.url());
        let page = app.browser().get(&system.authorize(&[("request_uri", &uri)])).await;
        match is_good {
            true => assert!(page.location().unwrap().starts_with("/continue")),
            false => assert_eq!(refusal(&page).0, "invalid_request_uri"),
        }
    }
    let asked = publisher.asked();
    for other in
        [format!("{}/", publisher.url()), format!("{}?x", publisher.url()), "urn:x".into(), "x".into()]
    {
        let page = app.browser().get(&system.authorize(&[("request_uri", &other)])).await;
        assert_eq!(refusal(&page).0, "invalid_request_uri", "{other}");
    }
    assert_eq!(publisher.asked(), asked, "no other address is asked");
    for (status, body) in
        [("404 Not Found", object.as_str()), ("302 Found", ""), ("200 OK", &"a".repeat(70_000))]
    {
        publisher.answer(status, "application/oauth-authz-req+jwt", body);
        let page = app.browser().get(&system.authorize(&[("request_uri", &publisher.url())])).await;
        assert_eq!(refusal(&page).0, "invalid_request_uri", "{status}");
    }
    publisher.answer("200 OK", "application/oauth-authz-req+jwt", "nothing of the kind");
    let page = app.browser().get(&system.authorize(&[("request_uri", &publisher.url())])).await;
    assert_eq!(refusal(&page).0, "invalid_request_object");

    let pushed = system.post("/par", &[("request_uri", &publisher.url())]).await;
    assert_eq!(pushed.text("error"), "invalid_request", "RFC 9126 section 2.1");
    let members = json!({
        "jwks": signer.jwks(), "request_uris": [publisher.url()], "require_pushed_authorization_requests": true,
    });
    let pushing = app.relying_party(registration("khac", members)).await;
    let asked = publisher.asked();
    let page = app.browser().get(&pushing.authorize(&[("request_uri", &publisher.url())])).await;
    assert_eq!(refusal(&page).0, "invalid_request");
    assert_eq!(publisher.asked(), asked, "nothing is fetched for who has to push");
}

#[tokio::test]
async fn outside_of_sandboxes_nothing_is_fetched_from_this_machine__rfc9101_10_4_1() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let publisher = Publisher::of(&json!({})).await;
    let system = signing(&app, &signer, json!({ "request_uris": [publisher.url()] })).await;
    let page = app.browser().get(&system.authorize(&[("request_uri", &publisher.url())])).await;
    assert_eq!(refusal(&page).0, "invalid_request_uri");
    assert_eq!(publisher.asked(), 0);
}

#[tokio::test]
async fn nobody_makes_this_server_ask_another_without_end() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let publisher = Publisher::of(&json!({})).await;
    let system = signing(&app, &signer, json!({ "request_uris": [publisher.url()] })).await;
    for _ in 0..310 {
        app.browser().get(&system.authorize(&[("request_uri", &publisher.url())])).await;
    }
    assert_eq!(publisher.asked(), 300);
    let object = signer.request_object(&app, &system, json!({}), json!({}));
    let page = app.browser().first_visit(&bare(&system, &[("request", &object)]), &[]).await;
    assert!(page.answer().contains_key("code"), "other ways stay open");
}

#[tokio::test]
async fn a_hint_may_be_encrypted_to_us__oidc_core_3_1_2_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(registration("dichvucong", json!({}))).await;
    let mut browser = app.browser();
    let code = browser.first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
    let id_token = system.redeem(&code).await.text("id_token");
    let keys = published(&system).await;
    let alg = KeyManagementAlgorithm::EcdhEs;
    let hint = encrypted(&keys, alg, ContentEncryptionAlgorithm::A256Gcm, &id_token);
    let page = browser.get(&system.authorize(&[("prompt", "none"), ("id_token_hint", &hint)])).await;
    assert!(page.answer().contains_key("code"));
    let garbled = format!("{}AAAA", &hint[..hint.len() - 4]);
    let page = browser.get(&system.authorize(&[("prompt", "none"), ("id_token_hint", &garbled)])).await;
    assert_eq!(page.answer()["error"], "login_required");
}

#[test]
fn a_registration_of_request_objects_fits_together__oidc_registration_2() {
    let signer = Signer::key(SigningAlgorithm::ES256);
    let with = |changes: Value| {
        let mut document = serde_json::to_value(registration("dichvucong", json!({}))).unwrap();
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let read = serde_json::from_value::<khue::domain::client::Registration>(document);
        read.map_err(|error| error.to_string()).err()
    };
    let jwks = signer.jwks();
    for algorithm in RequestObjectAlgorithm::ALL {
        let method = match algorithm {
            RequestObjectAlgorithm::HS256 => "client_secret_jwt",
            _ => "client_secret_basic",
        };
        let changes = json!({
            "request_object_signing_alg": algorithm, "jwks": jwks, "token_endpoint_auth_method": method,
            "request_uris": ["https://dichvucong.example.vn/r#x"], "request_object_encryption_alg": "ECDH-ES",
            "request_object_encryption_enc": "A128GCM", "profile": "legacy",
        });
        assert_eq!(with(changes), None, "{algorithm}");
    }
    for (changes, names) in [
        (json!({ "request_object_signing_alg": "ES256" }), "request_object_signing_alg"),
        (json!({ "request_object_signing_alg": "HS256", "jwks": jwks }), "request_object_signing_alg"),
        (
            json!({ "request_object_signing_alg": "none", "require_signed_request_object": true, "jwks": jwks }),
            "request_object_signing_alg",
        ),
        (json!({ "require_signed_request_object": true }), "request_object_signing_alg"),
        (json!({ "request_object_encryption_alg": "ECDH-ES" }), "request_object_encryption_alg"),
        (json!({ "request_uris": ["http://dichvucong.example.vn/r"] }), "request_uris"),
        (json!({ "request_uris": ["urn:x"] }), "request_uris"),
    ] {
        let problem = with(changes.clone()).unwrap();
        assert!(problem.starts_with(names), "{changes}: {problem}");
    }
    assert!(with(json!({ "request_object_signing_alg": "HS512" })).is_some());
    for algorithm in ["none", "RS256", "ES384"] {
        let changes = json!({ "request_object_signing_alg": algorithm });
        let mut document = serde_json::to_value(fapi2("ngan-hang", jwks.clone(), json!({}))).unwrap();
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let problem =
            serde_json::from_value::<khue::domain::client::Registration>(document).unwrap_err().to_string();
        assert!(problem.starts_with("request_object_signing_alg: the profile fapi2"), "{problem}");
    }
}
