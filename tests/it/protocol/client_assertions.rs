//! Clients that prove themselves by a JWT (RFC 7523, OIDC Core §9).

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use khue::protocol::{AssertionAlgorithm, SigningAlgorithm};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::kit::{Answer, Publisher, RelyingParty, Signer, TestApp, confidential, registration};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn post(system: &RelyingParty, parameters: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let request = Request::post("/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    system.answer(request.body(Body::from(body)).unwrap()).await
}

/// Tries a refresh token that does not exist: `invalid_grant` says that the client is known.
async fn present(system: &RelyingParty, assertion: &str) -> Answer {
    let grant = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    post(system, &[grant[0], grant[1], ("client_assertion_type", TYPE), ("client_assertion", assertion)])
        .await
}

async fn is_known(system: &RelyingParty, assertion: &str) -> bool {
    match present(system, assertion).await.text("error").as_str() {
        "invalid_grant" => true,
        "invalid_client" => false,
        other => panic!("{other}"),
    }
}

async fn by_key(app: &TestApp, id: &str, signer: &Signer, changes: Value) -> RelyingParty {
    let mut members = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": signer.jwks() });
    for (name, value) in changes.as_object().unwrap() {
        members[name] = value.clone();
    }
    app.relying_party(registration(id, members)).await
}

#[tokio::test]
async fn a_code_is_redeemed_with_an_assertion__rfc7523_2_2() {
    for app in TestApp::on_both().await {
        let signer = Signer::key(SigningAlgorithm::ES256);
        let system = by_key(&app, "nganhang", &signer, json!({})).await;
        assert_eq!(system.secret, None, "nothing to be kept");
        let code = app.browser().first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone();
        let assertion = signer.assertion(&app, "nganhang", json!({}), json!({}));
        let tokens = post(
            &system,
            &[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", system.redirect_uri()),
                ("code_verifier", crate::kit::VERIFIER),
                ("client_id", "nganhang"),
                ("client_assertion_type", TYPE),
                ("client_assertion", &assertion),
            ],
        )
        .await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        assert_eq!(tokens.id_token()["aud"], "nganhang");
    }
}

#[tokio::test]
async fn every_published_algorithm_authenticates_with_its_key_alone__oidc_core_9() {
    let app = TestApp::start().await;
    let plain = app.relying_party(confidential("dichvucong")).await;
    let metadata = Request::get("/.well-known/openid-configuration").body(Body::empty()).unwrap();
    let metadata = plain.answer(metadata).await.body;
    let published = metadata["token_endpoint_auth_signing_alg_values_supported"].as_array().unwrap();
    for method in ["private_key_jwt", "client_secret_jwt"] {
        assert!(
            metadata["token_endpoint_auth_methods_supported"].as_array().unwrap().contains(&json!(method))
        );
    }
    assert_eq!(published.len(), AssertionAlgorithm::ALL.len());
    for name in published {
        let algorithm = AssertionAlgorithm::parse(name.as_str().unwrap()).unwrap();
        let id = format!("he-thong-{}", algorithm.as_str().to_lowercase());
        let registered = json!({ "token_endpoint_auth_signing_alg": algorithm });
        let (system, signer) = match algorithm.signing() {
            Some(signing) => {
                let signer = Signer::key(signing);
                (by_key(&app, &id, &signer, registered).await, signer)
            }
            None => {
                let members = json!({ "token_endpoint_auth_method": "client_secret_jwt",
                    "token_endpoint_auth_signing_alg": algorithm });
                let system = app.relying_party(registration(&id, members)).await;
                let signer = Signer::Secret(system.secret.clone().unwrap());
                (system, signer)
            }
        };
        assert!(is_known(&system, &signer.assertion(&app, &id, json!({}), json!({}))).await, "{algorithm}");
        let unnamed = signer.assertion(&app, &id, json!({}), json!({ "kid": null, "typ": "JWT" }));
        assert!(is_known(&system, &unnamed).await, "{algorithm}");
        for other in AssertionAlgorithm::ALL.iter().filter(|other| **other != algorithm) {
            let swapped = signer.assertion(&app, &id, json!({}), json!({ "alg": other }));
            assert!(!is_known(&system, &swapped).await, "{algorithm} as {other}");
        }
    }
}

#[tokio::test]
async fn whoever_has_no_key_learns_nothing__rfc6749_5_2() {
    let app = TestApp::start().await;
    let (signer, other) = (Signer::key(SigningAlgorithm::ES256), Signer::key(SigningAlgorithm::ES256));
    let system =
        by_key(&app, "nganhang", &signer, json!({ "token_endpoint_auth_signing_alg": "ES256" })).await;
    let with_secret = app.relying_party(confidential("dichvucong")).await;
    let good = |header| signer.assertion(&app, "nganhang", json!({}), header);
    let secret = Signer::Secret(with_secret.secret.clone().unwrap());
    let public_half = Signer::Secret(signer.jwks()["keys"][0].to_string());
    let mut texts = BTreeSet::new();
    for assertion in [
        other.assertion(&app, "nganhang", json!({}), json!({})),
        other.assertion(&app, "nganhang", json!({}), json!({ "kid": signer.jwks()["keys"][0]["kid"] })),
        other.assertion(&app, "nganhang", json!({ "exp": 1 }), json!({})),
        other.assertion(&app, "unknown", json!({}), json!({})),
        // Registered for another method: a secret proves nothing where a key is wanted, and the other way round.
        public_half.assertion(&app, "nganhang", json!({}), json!({})),
        secret.assertion(&app, "dichvucong", json!({}), json!({})),
        good(json!({ "jwk": other.jwks()["keys"][0] })),
        good(json!({ "jku": "https://evil.example/jwks" })),
        good(json!({ "x5u": "https://evil.example/x5u" })),
        good(json!({ "crit": ["exp"] })),
        good(json!({ "kid": "other" })),
        good(json!({ "alg": "none" })),
        good(json!({ "alg": "ES384" })),
        // Tokens of other kinds.
        good(json!({ "typ": "at+jwt" })),
        good(json!({ "typ": "dpop+jwt" })),
        good(json!({ "typ": "logout+jwt" })),
        format!("{}A", good(json!({}))),
        good(json!({})).trim_end_matches(|c| c != '.').to_owned(),
    ] {
        let answer = present(&system, &assertion).await;
        assert!(matches!(answer.status.as_u16(), 401 | 429), "{assertion}");
        if answer.status == 401 {
            assert_eq!(answer.text("error"), "invalid_client");
            texts.insert(answer.text("error_description"));
        }
    }
    assert_eq!(texts.len(), 1, "{texts:?}");
    let answer = post(
        &system,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", "x"),
            ("client_id", "nganhang"),
            ("client_secret", "s"),
        ],
    )
    .await;
    assert_eq!(texts, BTreeSet::from([answer.text("error_description")]), "a secret is refused alike");
    assert!(is_known(&system, &good(json!({ "typ": "JWT" }))).await);
    assert!(is_known(&system, &good(json!({ "typ": "client-authentication+jwt" }))).await);
}

#[tokio::test]
async fn whoever_has_the_key_is_told_what_to_mend__rfc7523_3() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::EdDSA);
    let system = by_key(&app, "nganhang", &signer, json!({})).await;
    let now = app.instance.provider.now().micros() / 1_000_000;
    for (claims, told) in [
        (json!({ "iss": "other" }), "iss and sub must both be the client_id."),
        (
            json!({ "aud": "https://id.example.vn/token" }),
            "aud must be the issuer as in discovery, and nothing else.",
        ),
        (
            json!({ "aud": ["https://id.example.vn", "https://other.example"] }),
            "aud must be the issuer as in discovery, and nothing else.",
        ),
        (json!({ "exp": null }), "exp is missing."),
        (json!({ "exp": now }), "exp has passed."),
        (json!({ "exp": now + 301 }), "exp is more than 5 minutes ahead."),
        (json!({ "iat": now + 61 }), "iat is in the future."),
        (json!({ "nbf": now + 61 }), "nbf is in the future."),
        (json!({ "jti": null }), "jti must be a text of 1 to 255 bytes."),
    ] {
        let answer = present(&system, &signer.assertion(&app, "nganhang", claims.clone(), json!({}))).await;
        assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (401, "invalid_client"));
        assert_eq!(answer.text("error_description"), format!("client_assertion: {told}"), "{claims}");
    }
    let edges = json!({ "exp": now + 300, "iat": now + 60, "nbf": now + 60, "aud": [crate::kit::ISSUER] });
    assert!(is_known(&system, &signer.assertion(&app, "nganhang", edges, json!({}))).await);
}

#[tokio::test]
async fn an_assertion_works_once_on_all_nodes_together__rfc7523_3() {
    let [one, other] = TestApp::two_nodes().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = by_key(&one, "nganhang", &signer, json!({})).await;
    other.instance.provider.refresh_caches().await.unwrap();
    let there = system.by(other.router());
    let assertion = signer.assertion(&one, "nganhang", json!({}), json!({}));
    let tries = (0..16).map(|turn| is_known(if turn % 2 == 0 { &system } else { &there }, &assertion));
    let known = futures_util::future::join_all(tries).await;
    assert_eq!(known.into_iter().filter(|known| *known).count(), 1);
    let answer = present(&there, &assertion).await;
    assert_eq!(
        answer.text("error_description"),
        "client_assertion: jti was used before; make a new one for every request."
    );
    // Another client's jti is another one.
    let second = by_key(&one, "truong", &signer, json!({})).await;
    let same = |id| signer.assertion(&one, id, json!({ "jti": "same" }), json!({}));
    assert!(is_known(&system, &same("nganhang")).await);
    assert!(is_known(&second, &same("truong")).await);
}

#[tokio::test]
async fn a_store_that_is_down_lets_nobody_pass() {
    let app = TestApp::on_lines().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let system = by_key(&app, "nganhang", &signer, json!({})).await;
    assert!(is_known(&system, &signer.assertion(&app, "nganhang", json!({}), json!({}))).await);
    app.lines.as_ref().unwrap().redis.cut();
    let answer = present(&system, &signer.assertion(&app, "nganhang", json!({}), json!({}))).await;
    assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (503, "temporarily_unavailable"));
}

#[tokio::test]
async fn keys_are_fetched_kept_and_asked_for_again_when_they_changed() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let (first, second) = (Signer::key(SigningAlgorithm::ES256), Signer::key(SigningAlgorithm::PS256));
    let publisher = Publisher::of(&first.jwks()).await;
    let members = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": publisher.url() });
    let system = app.relying_party(registration("nganhang", members)).await;
    let by = |signer: &Signer| signer.assertion(&app, "nganhang", json!({}), json!({}));
    assert_eq!(publisher.asked(), 0, "nothing is fetched before it is needed");
    for _ in 0..3 {
        assert!(is_known(&system, &by(&first)).await);
    }
    assert_eq!(publisher.asked(), 1);

    publisher.publish(&second.jwks());
    assert!(!is_known(&system, &by(&second)).await, "asked less than a minute ago");
    assert_eq!(publisher.asked(), 1);
    app.clock.advance(Duration::from_secs(60));
    let tries = futures_util::future::join_all((0..8).map(|_| {
        let assertion = by(&second);
        let system = &system;
        async move { is_known(system, &assertion).await }
    }));
    assert!(tries.await.into_iter().all(|known| known));
    assert_eq!(publisher.asked(), 2, "one fetch for all who wait");
    assert!(!is_known(&system, &by(&first)).await, "taken back");

    // While its server fails, what was fetched counts on, for an hour.
    publisher.answer("500 Internal Server Error", "application/json", "{}");
    app.clock.advance(Duration::from_secs(11 * 60));
    assert!(is_known(&system, &by(&second)).await);
    assert_eq!(publisher.asked(), 3);
    app.clock.advance(Duration::from_secs(50 * 60));
    assert!(!is_known(&system, &by(&second)).await);
    publisher.publish(&second.jwks());
    app.clock.advance(Duration::from_secs(60));
    assert!(is_known(&system, &by(&second)).await);
}

#[tokio::test]
async fn what_is_no_key_set_gives_no_keys() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let publisher = Publisher::of(&signer.jwks()).await;
    let members = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": publisher.url() });
    let system = app.relying_party(registration("nganhang", members)).await;
    let (set, padded) = (signer.jwks().to_string(), signer.jwks().to_string() + &" ".repeat(65_536));
    for (status, content_type, body) in [
        ("200 OK", "text/html", set.as_str()),
        ("404 Not Found", "application/json", &set),
        ("302 Found\r\nLocation: /elsewhere", "application/json", &set),
        ("200 OK", "application/json", "[]"),
        ("200 OK", "application/json", "{\"keys\":"),
        ("200 OK", "application/json", &padded),
    ] {
        publisher.answer(status, content_type, body);
        app.clock.advance(Duration::from_secs(61));
        let assertion = signer.assertion(&app, "nganhang", json!({}), json!({}));
        assert!(!is_known(&system, &assertion).await, "{status} {content_type}");
    }
    publisher.answer("200 OK", "application/jwk-set+json", &set);
    app.clock.advance(Duration::from_secs(61));
    assert!(is_known(&system, &signer.assertion(&app, "nganhang", json!({}), json!({}))).await);
}

#[tokio::test]
async fn outside_of_sandboxes_no_keys_are_fetched_from_this_machine() {
    let app = TestApp::start().await;
    let signer = Signer::key(SigningAlgorithm::ES256);
    let publisher = Publisher::of(&signer.jwks()).await;
    for (id, uri) in
        [("mot", publisher.url()), ("hai", publisher.url().replace("http://127.0.0.1", "https://localhost"))]
    {
        let members = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": uri });
        let system = app.relying_party(registration(id, members)).await;
        assert!(!is_known(&system, &signer.assertion(&app, id, json!({}), json!({}))).await);
    }
    assert_eq!(publisher.asked(), 0);
}

#[tokio::test]
async fn a_secret_that_signs_is_sealed_and_two_live_during_a_change() {
    for app in TestApp::on_both().await {
        let members = json!({ "token_endpoint_auth_method": "client_secret_jwt" });
        let system = app.relying_party(registration("truong", members)).await;
        let provider = &app.instance.provider;
        let first = system.secret.clone().unwrap();
        let stored = provider.list_clients().await.unwrap().remove(0).secrets;
        let sealed = stored[0].sealed.clone().unwrap();
        assert!(!sealed.windows(8).any(|part| first.as_bytes().windows(8).any(|known| known == part)));

        let by =
            |secret: &str| Signer::Secret(secret.to_owned()).assertion(&app, "truong", json!({}), json!({}));
        assert!(is_known(&system, &by(&first)).await);
        let second = provider.rotate_client_secret(&system.registration.client_id).await.unwrap().unwrap();
        provider.refresh_caches().await.unwrap();
        assert!(is_known(&system, &by(&first)).await);
        assert!(is_known(&system, &by(second.expose())).await);
        assert!(!is_known(&system, &by("another secret of thirty-two chars")).await);
        app.advance(Duration::from_secs(8 * 24 * 3600)).await;
        assert!(!is_known(&system, &by(&first)).await);
        assert!(is_known(&system, &by(second.expose())).await);

        // Registered otherwise, the sealed secret is forgotten; and back again a new one is made.
        let basic = registration("truong", json!({ "token_endpoint_auth_method": "client_secret_basic" }));
        assert_eq!(RelyingParty::apply(&app.instance, &basic).await, None, "the digest still serves");
        let stored = provider.list_clients().await.unwrap().remove(0).secrets;
        assert!(stored.iter().all(|secret| secret.sealed.is_none()));
        assert!(RelyingParty::apply(&app.instance, &system.registration).await.is_some());
    }
}

#[tokio::test]
async fn registrations_that_could_not_be_verified_are_refused() {
    let document = |changes: Value| {
        let mut document = serde_json::to_value(confidential("nganhang")).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        serde_json::from_value::<khue::domain::client::Registration>(document)
            .map(drop)
            .map_err(|e| e.to_string())
    };
    let jwks = Signer::key(SigningAlgorithm::ES256).jwks();
    let method = "token_endpoint_auth_method";
    assert_eq!(document(json!({ method: "private_key_jwt", "jwks": jwks })), Ok(()));
    for (changes, member) in [
        (json!({ method: "private_key_jwt" }), "token_endpoint_auth_method"),
        (json!({ method: "private_key_jwt", "jwks": jwks, "jwks_uri": "https://a.vn/jwks" }), "jwks_uri"),
        (json!({ method: "private_key_jwt", "jwks_uri": "http://a.vn/jwks" }), "jwks_uri"),
        (json!({ method: "private_key_jwt", "jwks": { "keys": [{ "kty": "oct", "k": "AA" }] } }), "jwks"),
        (
            json!({ method: "private_key_jwt", "jwks": jwks, "token_endpoint_auth_signing_alg": "HS256" }),
            "token_endpoint_auth_signing_alg",
        ),
        (
            json!({ method: "client_secret_jwt", "token_endpoint_auth_signing_alg": "ES256" }),
            "token_endpoint_auth_signing_alg",
        ),
        (json!({ "token_endpoint_auth_signing_alg": "ES256" }), "token_endpoint_auth_signing_alg"),
    ] {
        let refused = document(changes.clone()).unwrap_err();
        assert!(refused.starts_with(&format!("{member}: ")), "{changes}: {refused}");
    }
}
