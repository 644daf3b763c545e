//! Tokens that a system is given for itself.

use std::time::Duration;

use khue::domain::audit::EventKind;
use khue::storage::Db;

use crate::kit::{
    ProofKey, RelyingParty, TestApp, claims, confidential, registration, resource, service, with_proof,
};
use serde_json::json;

const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const MARKS: &str = "https://diem.example.vn/";
const GRANT: (&str, &str) = ("grant_type", "client_credentials");

async fn caller(app: &TestApp) -> RelyingParty {
    app.relying_party(resource("hoc-sinh", PUPILS, "doc ghi xoa")).await;
    app.relying_party(resource("diem", MARKS, "diem:doc")).await;
    app.relying_party(service("thong-ke", &[(PUPILS, "doc ghi"), (MARKS, "diem:doc")])).await
}

#[tokio::test]
async fn a_system_is_given_a_token_for_itself__rfc6749_4_4__rfc9068_2_2() {
    for app in TestApp::on_both().await {
        let caller = caller(&app).await;
        let answer = caller.post("/token", &[GRANT, ("resource", PUPILS), ("scope", "doc")]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        let token = answer.text("access_token");
        let expected = json!({
            "access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": "doc",
        });
        assert_eq!(answer.body, expected, "neither refresh token nor ID token");
        let told = claims(&token);
        let expected = json!({
            "iss": crate::kit::ISSUER, "sub": "thong-ke", "aud": PUPILS, "client_id": "thong-ke",
            "exp": 1_795_421_100, "iat": 1_795_420_800, "jti": told["jti"], "scope": "doc",
        });
        assert_eq!(told, expected);
        assert_eq!(caller.userinfo(&token).await.status, 401, "it opens nobody's data");
    }
}

#[tokio::test]
async fn resources_may_be_several_and_scope_may_be_left_out__rfc8707_2() {
    let app = TestApp::start().await;
    let caller = caller(&app).await;
    let both = caller.post("/token", &[GRANT, ("resource", PUPILS), ("resource", MARKS)]).await;
    assert_eq!(both.text("scope"), "diem:doc doc ghi");
    assert_eq!(claims(&both.text("access_token"))["aud"], json!([MARKS, PUPILS]));
    let some = caller.post("/token", &[GRANT, ("resource", MARKS), ("scope", "diem:doc nobody-knows")]).await;
    assert_eq!(some.text("scope"), "diem:doc", "what nobody knows is ignored");

    let simple = app.relying_party(service("don-gian", &[(MARKS, "diem:doc")])).await;
    let meant = simple.post("/token", &[GRANT]).await;
    assert_eq!(claims(&meant.text("access_token"))["aud"], MARKS, "the only one is meant");
}

#[tokio::test]
async fn each_wrong_request_is_named__rfc6749_5_2() {
    let app = TestApp::start().await;
    let caller = caller(&app).await;
    let portal = app.relying_party(confidential("dichvucong")).await;
    let not_allowed = "resource is not one that this client is registered to call.";
    let personal = "scope names openid or personal data; no person takes part in this grant, so ask for scopes of a resource.";
    let wider = "scope asks for more than this client is registered for at this resource.";
    let none = "scope names no scope of this resource; leave it out to be given all that is registered.";
    let several =
        "This client is registered for several resources; say with resource which one the token is for.";
    for (parameters, error, description) in [
        (vec![GRANT], "invalid_target", several),
        (vec![GRANT, ("resource", "https://other.example.vn/")], "invalid_target", not_allowed),
        (vec![GRANT, ("resource", "not a uri")], "invalid_target", not_allowed),
        (vec![GRANT, ("resource", crate::kit::ISSUER)], "invalid_target", not_allowed),
        (vec![GRANT, ("resource", PUPILS), ("resource", "x")], "invalid_target", not_allowed),
        (vec![GRANT, ("resource", PUPILS), ("scope", "openid")], "invalid_scope", personal),
        (vec![GRANT, ("resource", PUPILS), ("scope", "doc email")], "invalid_scope", personal),
        (vec![GRANT, ("resource", PUPILS), ("scope", "offline_access")], "invalid_scope", personal),
        (vec![GRANT, ("resource", PUPILS), ("scope", "doc xoa")], "invalid_scope", wider),
        (vec![GRANT, ("resource", PUPILS), ("scope", "diem:doc")], "invalid_scope", none),
        (
            vec![GRANT, ("scope", "doc"), ("scope", "doc")],
            "invalid_request",
            "The parameter scope was sent more than once.",
        ),
    ] {
        let answer = caller.post("/token", &parameters).await;
        let expected = format!(r#"{{"error":"{error}","error_description":"{description}"}}"#);
        assert_eq!(String::from_utf8_lossy(answer.response.body()), expected, "{parameters:?}");
        assert_eq!(answer.status, 400);
    }
    let refused = portal.post("/token", &[GRANT]).await;
    assert_eq!(
        String::from_utf8_lossy(refused.response.body()),
        r#"{"error":"unauthorized_client","error_description":"This client is not registered for this grant_type."}"#
    );
}

#[tokio::test]
async fn a_disabled_resource_is_no_target() {
    let app = TestApp::start().await;
    let caller = caller(&app).await;
    let provider = &app.instance.provider;
    let id = khue::protocol::ClientId::parse("diem").unwrap();
    provider.switch_client(&id, khue::domain::client::ClientStatus::Disabled).await.unwrap();
    provider.refresh_caches().await.unwrap();
    let answer = caller.post("/token", &[GRANT, ("resource", MARKS)]).await;
    assert_eq!(answer.text("error"), "invalid_target");
}

#[tokio::test]
async fn issues_stand_on_record_once_a_minute() {
    for app in TestApp::on_both().await {
        let caller = caller(&app).await;
        let recorded = async || {
            app.instance.audit.integrate().await.unwrap();
            let db = Db::connect(app.database_url(), 1).await.unwrap();
            let entries = db.read().await.unwrap().audit_entries_between(0, 1_000).await.unwrap();
            let issues = entries.into_iter().map(|stored| stored.entry);
            issues.filter(|entry| entry.kind() == Some(EventKind::ServiceTokensIssued)).collect::<Vec<_>>()
        };
        for _ in 0..3 {
            caller.post("/token", &[GRANT, ("resource", PUPILS), ("scope", "doc")]).await;
        }
        let [first] = recorded().await.try_into().unwrap();
        assert_eq!(first.facts, format!(r#"{{"audience":["{PUPILS}"],"scopes":"doc","bound":null}}"#));
        assert_eq!((first.client.as_deref(), first.subject), (Some("thong-ke"), None));
        caller.post("/token", &[GRANT, ("resource", PUPILS), ("scope", "ghi")]).await;
        assert_eq!(recorded().await.len(), 2, "another scope is another issue");
        app.advance(Duration::from_secs(60)).await;
        caller.post("/token", &[GRANT, ("resource", PUPILS), ("scope", "doc")]).await;
        assert_eq!(recorded().await.len(), 3, "the next minute is another record");
    }
}

#[tokio::test]
async fn wrong_registrations_are_named() {
    let refused = |changes: serde_json::Value| {
        let mut document = serde_json::to_value(registration("x", json!({}))).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        serde_json::from_value::<khue::domain::client::Registration>(document).unwrap_err().to_string()
    };
    let one = json!([{ "resource": MARKS, "scope": "diem:doc" }]);
    let twice = json!([{ "resource": MARKS, "scope": "a" }, { "resource": MARKS, "scope": "b" }]);
    for (changes, problem) in [
        (
            json!({ "grant_types": ["client_credentials"], "response_types": [] }),
            "resources: client_credentials gives access tokens for resources; at least one is needed",
        ),
        (
            json!({
                "grant_types": ["client_credentials"], "response_types": [], "resources": one,
                "token_endpoint_auth_method": "none",
            }),
            "grant_types: client_credentials needs a system that authenticates",
        ),
        (
            json!({ "protected_resources": one, "token_endpoint_auth_method": "none" }),
            "protected_resources: a resource needs a token_endpoint_auth_method other than \"none\"",
        ),
        (json!({ "resources": twice }), "resources: a resource is listed twice"),
        (
            json!({ "resources": [{ "resource": MARKS, "scope": "email" }] }),
            "must not have openid or another scope of the provider itself",
        ),
        (json!({ "redirect_uris": [] }), "redirect_uris: at least one is needed"),
        (json!({ "scope": "email" }), "scope: must contain openid"),
    ] {
        assert_eq!(refused(changes), problem);
    }
}

#[tokio::test]
async fn a_token_for_a_system_is_bound_to_the_key_that_it_shows__rfc9449_5() {
    let app = TestApp::start().await;
    let caller = caller(&app).await;
    let key = ProofKey::generate();
    let asking = caller.posting("/token", &[GRANT, ("resource", MARKS)]);
    let answer = caller.answer(with_proof(asking, &key.proof(&app))).await;
    assert_eq!(answer.text("token_type"), "DPoP", "{}", answer.body);
    assert_eq!(claims(&answer.text("access_token"))["cnf"], json!({ "jkt": key.thumbprint() }));
}
