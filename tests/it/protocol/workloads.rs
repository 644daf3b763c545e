//! What issuers of workloads are held to beside their assertions: how they sign, and what stands on record of each.

use khue::domain::audit::EventKind;
use khue::protocol::SigningAlgorithm;
use khue::storage::Db;
use serde_json::{Value, json};

use crate::kit::{Answer, RelyingParty, Signer, TestApp, registration, resource};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const CLUSTER: &str = "https://cum.bo.example.vn";

/// A system to which nobody is sent.
async fn add(app: &TestApp, id: &str, changes: Value) -> RelyingParty {
    let mut members = json!({
        "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
        "grant_types": [],
    });
    members.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    app.relying_party(registration(id, members)).await
}

/// The issuer with both `keys`, and a system for two workloads of which it vouches.
async fn federation(app: &TestApp, keys: &[&Signer], more: Value) -> RelyingParty {
    let jwks: Vec<_> = keys.iter().map(|key| key.jwks()["keys"][0].clone()).collect();
    let mut issuer = json!({
        "token_endpoint_auth_method": "private_key_jwt", "vouches_for_workloads": true, "jwks": { "keys": jwks },
    });
    issuer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    add(app, CLUSTER, issuer).await;
    app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let subjects: Vec<_> =
        ["dem", "gom"].map(|subject| json!({ "issuer": CLUSTER, "subject": subject })).into();
    let members = json!({
        "grant_types": [GRANT], "resources": [{ "resource": PUPILS, "scope": "doc" }],
        "jwt_bearer_subjects": subjects,
    });
    add(app, "thong-ke", members).await
}

async fn ask(app: &TestApp, system: &RelyingParty, key: &Signer, subject: &str) -> Answer {
    let assertion = key.assertion(app, CLUSTER, json!({ "sub": subject }), json!({}));
    system.post("/token", &[("grant_type", GRANT), ("assertion", &assertion)]).await
}

#[tokio::test]
async fn an_issuer_signs_by_the_algorithm_that_it_is_registered_with__rfc8725_3_1() {
    let strict = json!({
        "profile": "fapi2", "dpop_bound_access_tokens": true, "authorization_signed_response_alg": "ES256",
        "introspection_signed_response_alg": "ES256",
    });
    for (members, taken) in [
        (json!({}), [true, true, true]),
        (json!({ "token_endpoint_auth_signing_alg": "ES256" }), [true, false, false]),
        (strict, [true, true, false]),
    ] {
        let app = TestApp::start().await;
        let keys =
            [SigningAlgorithm::ES256, SigningAlgorithm::EdDSA, SigningAlgorithm::RS256].map(Signer::key);
        let system = federation(&app, &keys.each_ref(), members.clone()).await;
        for (key, is_taken) in keys.iter().zip(taken) {
            let answer = ask(&app, &system, key, "dem").await;
            assert_eq!(answer.status == 200, is_taken, "{members}: {}", answer.body);
            if !is_taken {
                assert_eq!(answer.text("error"), "invalid_grant");
                assert_eq!(
                    answer.text("error_description"),
                    "The assertion is not signed by an issuer that may vouch for this client."
                );
            }
        }
    }
}

#[tokio::test]
async fn each_workload_stands_on_record_in_the_same_minute_too() {
    for app in TestApp::on_both().await {
        let key = Signer::key(SigningAlgorithm::ES256);
        let system = federation(&app, &[&key], json!({})).await;
        for subject in ["dem", "gom", "dem", "gom"] {
            assert_eq!(ask(&app, &system, &key, subject).await.status, 200);
        }
        app.instance.audit.integrate().await.unwrap();
        let db = Db::connect(app.database_url(), 1).await.unwrap();
        let entries = db.read().await.unwrap().audit_entries_between(0, 1_000).await.unwrap();
        let issued =
            entries.iter().filter(|stored| stored.entry.kind() == Some(EventKind::ServiceTokensIssued));
        let mut named: Vec<_> = issued.map(|stored| stored.entry.facts()["workload"].clone()).collect();
        named.sort_unstable_by_key(ToString::to_string);
        assert_eq!(named, ["dem", "gom"]);
    }
}

#[tokio::test]
async fn a_key_that_an_issuer_takes_back_vouches_for_nobody_any_more() {
    let app = TestApp::start().await;
    let [old, new] = [SigningAlgorithm::ES256; 2].map(Signer::key);
    let system = federation(&app, &[&old], json!({})).await;
    assert_eq!(ask(&app, &system, &old, "dem").await.status, 200);
    assert_eq!(ask(&app, &system, &new, "dem").await.status, 400);
    let issuer = json!({
        "token_endpoint_auth_method": "private_key_jwt", "vouches_for_workloads": true, "jwks": new.jwks(),
    });
    add(&app, CLUSTER, issuer).await;
    assert_eq!(ask(&app, &system, &new, "dem").await.status, 200);
    assert_eq!(ask(&app, &system, &old, "dem").await.status, 400);
}
