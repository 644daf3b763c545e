//! What somebody who is trusted says of a system that registers itself (RFC 7591 §2.3).

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request};
use khue::domain::audit::EventKind;
use khue::domain::client::{ClientStatus, Registration};
use khue::protocol::SigningAlgorithm;
use khue::storage::Db;
use serde_json::{Value, json};

use crate::kit::{Answer, ISSUER, RelyingParty, Signer, TestApp, registration};

const CALLBACK: &str = "https://rp.example.vn/callback";
const MAKER: &str = "https://cap-phep.example.vn";

struct Registrar {
    app: TestApp,
    maker: RelyingParty,
    key: Signer,
}

fn vouching(key: &Signer) -> Registration {
    let members = json!({
        "token_endpoint_auth_method": "private_key_jwt", "jwks": key.jwks(), "vouches_for_software": true,
        "redirect_uris": ["https://cap-phep.example.vn/callback"], "client_uri": "https://cap-phep.example.vn/",
        "post_logout_redirect_uris": [], "response_types": ["code"],
    });
    registration(MAKER, members)
}

impl Registrar {
    async fn start() -> Self {
        let app = TestApp::builder().with("server.sandbox", "true").build().await;
        let key = Signer::key(SigningAlgorithm::ES256);
        let maker = app.relying_party(vouching(&key)).await;
        Self { app, maker, key }
    }

    fn statement(&self, claims: &Value) -> String {
        let kid = self.key.jwks()["keys"][0]["kid"].clone();
        let mut said = json!({ "iss": MAKER, "iat": 1_795_420_800 });
        for (name, value) in claims.as_object().unwrap() {
            said[name] = value.clone();
        }
        self.key.sign(&json!({ "alg": "ES256", "kid": kid }), &said)
    }

    async fn send(&self, method: Method, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.maker.answer(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn register(&self, body: &Value) -> Answer {
        self.send(Method::POST, "/register", None, body).await
    }
}

#[tokio::test]
async fn what_a_statement_says_goes_before_what_the_system_says__rfc7591_2_3() {
    let registrar = Registrar::start().await;
    let said = json!({
        "redirect_uris": [CALLBACK], "client_name": "Sổ liên lạc", "scope": "openid email",
        "client_id": "dichvucong", "client_secret": "guess", "software_id": "x",
    });
    let statement = registrar.statement(&said);
    let own = json!({
        "redirect_uris": ["https://evil.example/callback"], "client_name": "Other", "scope": "openid phone",
        "token_endpoint_auth_method": "client_secret_post", "software_statement": statement,
    });
    let answer = registrar.register(&own).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["redirect_uris"], json!([CALLBACK]));
    assert_eq!(
        (answer.text("client_name").as_str(), answer.text("scope").as_str()),
        ("Sổ liên lạc", "openid email")
    );
    assert_eq!(
        answer.text("token_endpoint_auth_method"),
        "client_secret_post",
        "what it does not say is the system's"
    );
    assert_eq!(answer.text("software_statement"), statement, "told back as it came");
    assert_ne!(answer.text("client_id"), "dichvucong", "never who it is");
    assert_ne!(answer.text("client_secret"), "guess");

    let path = answer.text("registration_client_uri").trim_start_matches(ISSUER).to_owned();
    let token = answer.text("registration_access_token");
    let again = registrar.send(Method::GET, &path, Some(&token), &Value::Null).await;
    assert_eq!(again.text("software_statement"), statement);
    let mut change = own.clone();
    change["client_id"] = answer.body["client_id"].clone();
    change["software_statement"] = Value::Null;
    change["redirect_uris"] = json!(["https://rp.example.vn/new"]);
    let changed = registrar.send(Method::PUT, &path, Some(&token), &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.body.get("software_statement"), None, "a change is whole");
    assert_eq!(changed.body["redirect_uris"], json!(["https://rp.example.vn/new"]));
}

#[tokio::test]
async fn a_statement_that_is_not_good_is_named__rfc7591_3_2_2() {
    let registrar = Registrar::start().await;
    let good = json!({ "redirect_uris": [CALLBACK] });
    let with = |changes: Value| {
        let mut said = good.clone();
        for (name, value) in changes.as_object().unwrap() {
            said[name] = value.clone();
        }
        registrar.statement(&said)
    };
    let now = 1_795_420_800_i32;
    let stranger = Signer::key(SigningAlgorithm::ES256);
    let own = registrar.statement(&good);
    let (signed, _) = own.rsplit_once('.').unwrap();
    let header = json!({ "alg": "ES256" });
    let claims = json!({ "iss": MAKER, "redirect_uris": [CALLBACK] });
    let typed = registrar.key.sign(&json!({ "alg": "ES256", "typ": "at+jwt" }), &claims);
    let none = stranger.sign(&json!({ "alg": "none" }), &claims);
    for (statement, says) in [
        (json!(7), "must be a text"),
        (json!("x"), "no signed JWT"),
        (json!(none), "no signed JWT"),
        (json!(typed), "another type"),
        (json!(format!("{signed}.AAAA")), "not signed with a key of its issuer"),
        (json!(stranger.sign(&header, &claims)), "not signed with a key of its issuer"),
        (json!(with(json!({ "aud": "https://other.example" }))), "names somebody else"),
        (json!(with(json!({ "aud": 7 }))), "malformed"),
        (json!(with(json!({ "exp": "soon" }))), "malformed"),
        (json!(with(json!({ "iat": [now] }))), "malformed"),
        (json!(with(json!({ "exp": now }))), "has expired"),
        (json!(with(json!({ "sub": MAKER }))), "assertion or a request"),
        (json!(with(json!({ "client_id": MAKER }))), "assertion or a request"),
        (json!(with(json!({ "exp": f64::from(now) - 0.5 }))), "has expired"),
        (json!(with(json!({ "nbf": now + 61 }))), "from the future"),
        (json!(with(json!({ "nbf": f64::from(now) + 60.5 }))), "from the future"),
        (json!(with(json!({ "iat": now + 61 }))), "from the future"),
    ] {
        let answer = registrar
            .register(&json!({ "redirect_uris": [CALLBACK], "software_statement": statement }))
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.text("error").as_str()),
            (400, "invalid_software_statement"),
            "{says}"
        );
        let description = answer.text("error_description");
        assert!(description.contains(says) && description.is_ascii(), "{says}: {description}");
    }
    let fitting = with(json!({ "aud": [ISSUER, "https://other.example"], "exp": now + 1, "nbf": now + 60 }));
    let answer = registrar.register(&json!({ "software_statement": fitting })).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    // RFC 7519 §2: a date may have a fraction.
    let broken = with(
        json!({ "exp": f64::from(now) + 0.5, "iat": f64::from(now) + 0.25, "nbf": f64::from(now) + 60.0 }),
    );
    let answer = registrar.register(&json!({ "software_statement": broken })).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let twice = registrar.key.sign_text(
        r#"{"alg":"ES256"}"#,
        &format!(
            r#"{{"iss":"{MAKER}","redirect_uris":["https://evil.example/"],"redirect_uris":["{CALLBACK}"]}}"#
        ),
    );
    let answer = registrar.register(&json!({ "software_statement": twice })).await;
    assert_eq!(answer.text("error"), "invalid_software_statement", "a claim that comes twice is none");
    let wrong = with(json!({ "redirect_uris": ["javascript:alert(1)"] }));
    let answer = registrar.register(&json!({ "software_statement": wrong })).await;
    assert_eq!(answer.text("error"), "invalid_redirect_uri", "what it says is judged all the same");
}

#[tokio::test]
async fn only_who_may_vouch_is_believed__rfc7591_3_2_2() {
    let registrar = Registrar::start().await;
    let other = Signer::key(SigningAlgorithm::ES256);
    let members = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": other.jwks() });
    registrar.app.relying_party(registration("motcua", members)).await;
    let said = |iss: Value| json!({ "iss": iss, "redirect_uris": [CALLBACK] });
    let mut statements = vec![];
    for iss in [json!("motcua"), json!("nobody"), json!(7), Value::Null] {
        statements.push(other.sign(&json!({ "alg": "ES256" }), &said(iss)));
    }
    let good = registrar.statement(&json!({ "redirect_uris": [CALLBACK] }));
    let provider = &registrar.app.instance.provider;
    let refused = async |statement: &str| {
        let answer = registrar.register(&json!({ "software_statement": statement })).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text("error").as_str()),
            (400, "unapproved_software_statement")
        );
    };
    for statement in &statements {
        refused(statement).await;
    }
    provider.switch_client(&registrar.maker.registration.client_id, ClientStatus::Disabled).await.unwrap();
    provider.refresh_caches().await.unwrap();
    refused(&good).await;
}

#[tokio::test]
async fn whoever_vouches_has_keys() {
    let mut document = serde_json::to_value(registration("x", json!({}))).unwrap();
    document["vouches_for_software"] = json!(true);
    let refused = serde_json::from_value::<Registration>(document).unwrap_err();
    assert_eq!(refused.to_string(), "vouches_for_software: needs jwks or jwks_uri");
}

#[tokio::test]
async fn the_log_says_who_vouched() {
    let registrar = Registrar::start().await;
    let statement = registrar.statement(&json!({ "redirect_uris": [CALLBACK] }));
    let made = registrar.register(&json!({ "software_statement": statement })).await;
    let path = made.text("registration_client_uri").trim_start_matches(ISSUER).to_owned();
    let token = made.text("registration_access_token");
    let alone =
        json!({ "client_id": made.text("client_id"), "redirect_uris": [CALLBACK], "client_name": "a" });
    let mut vouched = alone.clone();
    vouched["software_statement"] = json!(statement);
    for change in [&alone, &vouched] {
        registrar.app.advance(Duration::from_secs(1)).await;
        let answer = registrar.send(Method::PUT, &path, Some(&token), change).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    registrar.app.advance(Duration::from_secs(1)).await;
    registrar.register(&json!({ "redirect_uris": [CALLBACK] })).await;
    registrar.app.instance.audit.integrate().await.unwrap();
    let db = Db::connect(registrar.app.database_url(), 1).await.unwrap();
    let entries = db.read().await.unwrap().audit_entries_between(0, 1_000).await.unwrap();
    let told: Vec<_> = entries
        .into_iter()
        .map(|stored| stored.entry)
        .filter(|entry| entry.client.as_deref().is_some_and(|client| client.starts_with("self-")))
        .filter_map(|entry| {
            let facts: Value = serde_json::from_str(&entry.facts).unwrap();
            Some((entry.kind()?, facts.get("vouched_by").cloned()))
        })
        .collect();
    let by_maker = Some(json!(MAKER));
    let expected = [
        (EventKind::ClientRegistered, by_maker.clone()),
        (EventKind::ClientChanged, None),
        (EventKind::ClientChanged, by_maker),
        (EventKind::ClientRegistered, None),
    ];
    assert_eq!(told, expected);
}
