//! Workloads for which somebody else vouches (RFC 7521 §4.1, RFC 7523 §2.1).

use khue::domain::audit::EventKind;
use khue::domain::client::{ClientStatus, Registration};
use khue::protocol::SigningAlgorithm;
use khue::storage::Db;
use serde_json::{Value, json};

use crate::kit::{
    Answer, ISSUER, ProofKey, Publisher, RelyingParty, Signer, TestApp, claims, registration, resource,
    service, with_proof,
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const CLUSTER: &str = "https://cum.bo.example.vn";
const OFFICE: &str = "https://so.tinh.example.vn";
const WORKLOAD: &str = "system:serviceaccount:thong-ke:dem";

fn nobody_is_sent(changes: Value) -> Value {
    let mut members = json!({
        "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
        "grant_types": [],
    });
    members.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    members
}

fn issuer(id: &str, keys: Value) -> Registration {
    let mut members =
        json!({ "token_endpoint_auth_method": "private_key_jwt", "vouches_for_workloads": true });
    members.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    registration(id, nobody_is_sent(members))
}

fn workload(id: &str, subjects: Value) -> Registration {
    let members = json!({
        "grant_types": [GRANT], "resources": [{ "resource": PUPILS, "scope": "doc ghi" }],
        "jwt_bearer_subjects": subjects,
    });
    registration(id, nobody_is_sent(members))
}

fn subject(issuer: &str, subject: &str) -> Value {
    json!({ "issuer": issuer, "subject": subject })
}

/// A cluster that vouches for a workload of one system, and an office that vouches for one of another.
struct Federation {
    cluster: Signer,
    office: Signer,
    counting: RelyingParty,
    reporting: RelyingParty,
    pupils: RelyingParty,
}

impl Federation {
    async fn start(app: &TestApp) -> Self {
        let [cluster, office] = [SigningAlgorithm::ES256, SigningAlgorithm::RS256].map(Signer::key);
        for (id, key) in [(CLUSTER, &cluster), (OFFICE, &office)] {
            app.relying_party(issuer(id, json!({ "jwks": key.jwks() }))).await;
        }
        let pupils = app.relying_party(resource("hoc-sinh", PUPILS, "doc ghi xoa")).await;
        let counting = app.relying_party(workload("dem", json!([subject(CLUSTER, WORKLOAD)]))).await;
        let others = json!([subject(CLUSTER, "other"), subject(OFFICE, WORKLOAD)]);
        let reporting = app.relying_party(workload("bao-cao", others)).await;
        Self { cluster, office, counting, reporting, pupils }
    }

    /// What the cluster says of the workload, some claims and header members otherwise.
    fn vouching(&self, app: &TestApp, said: Value, header: Value) -> String {
        let mut whole = json!({ "sub": WORKLOAD });
        whole.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        self.cluster.assertion(app, CLUSTER, whole, header)
    }
}

async fn present(system: &RelyingParty, assertion: &str, more: &[(&str, &str)]) -> Answer {
    let mut params = vec![("grant_type", GRANT), ("assertion", assertion)];
    params.extend(more);
    system.post("/token", &params).await
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.text("error"))
}

#[tokio::test]
async fn a_workload_is_given_what_its_system_would_be__rfc7523_2_1() {
    for app in TestApp::on_both().await {
        let federation = Federation::start(&app).await;
        let assertion = federation.vouching(&app, json!({}), json!({}));
        let answer = present(&federation.counting, &assertion, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("cache-control")),
            (200, "no-store"),
            "{:?}",
            answer.body
        );
        assert_eq!(
            (answer.text("token_type").as_str(), answer.text("scope").as_str()),
            ("Bearer", "doc ghi")
        );
        assert_eq!((&answer.body["refresh_token"], &answer.body["id_token"]), (&Value::Null, &Value::Null));
        let said = claims(&answer.text("access_token"));
        assert_eq!(
            (&said["sub"], &said["client_id"], &said["aud"]),
            (&json!("dem"), &json!("dem"), &json!(PUPILS))
        );
        assert_eq!((said.get("auth_time"), said.get("act")), (None, None));
        let token = answer.text("access_token");
        let state = federation.pupils.post("/introspect", &[("token", &token)]).await;
        assert_eq!(state.body["active"], true);
        assert_eq!(federation.counting.userinfo(&token).await.status, 401, "it is nobody's");

        let assertion = federation.vouching(&app, json!({}), json!({ "typ": "JWT" }));
        let less = present(&federation.counting, &assertion, &[("resource", PUPILS), ("scope", "doc")]).await;
        assert_eq!(less.text("scope"), "doc");

        app.instance.audit.integrate().await.unwrap();
        let db = Db::connect(app.database_url(), 1).await.unwrap();
        let entries = db.read().await.unwrap().audit_entries_between(0, 1_000).await.unwrap();
        let issued: Vec<_> = entries
            .into_iter()
            .map(|stored| stored.entry)
            .filter(|entry| entry.kind() == Some(EventKind::ServiceTokensIssued))
            .collect();
        assert_eq!(issued.len(), 2);
        for entry in issued {
            assert_eq!((entry.client.as_deref(), entry.subject), (Some("dem"), None));
            let facts = entry.facts();
            assert_eq!((&facts["vouched_by"], &facts["workload"]), (&json!(CLUSTER), &json!(WORKLOAD)));
        }
    }
}

#[tokio::test]
async fn each_wrong_claim_alone_is_told__rfc7523_3() {
    let app = TestApp::start().await;
    let federation = Federation::start(&app).await;
    let now = app.instance.provider.now().seconds();
    for (said, says) in [
        (json!({ "aud": null }), "aud"),
        (json!({ "aud": "https://other.example" }), "aud"),
        (json!({ "aud": [ISSUER, "https://other.example"] }), "aud"),
        (json!({ "aud": format!("{ISSUER}/token") }), "aud"),
        (json!({ "exp": null }), "exp is missing"),
        (json!({ "exp": now }), "exp has passed"),
        (json!({ "exp": now + 301 }), "exp is more than 5 minutes ahead"),
        (json!({ "iat": null }), "iat is missing"),
        (json!({ "iat": now + 61 }), "iat is in the future"),
        (json!({ "nbf": now + 61 }), "nbf is in the future"),
        (json!({ "jti": null }), "jti must be"),
        (json!({ "jti": "" }), "jti must be"),
        (json!({ "sub": null }), "sub must be"),
        (json!({ "sub": 7 }), "sub must be"),
        (json!({ "sub": "" }), "sub must be"),
        (json!({ "sub": "other" }), "sub is not a subject"),
        (json!({ "sub": "dem" }), "sub is not a subject"),
        (json!({ "sub": WORKLOAD.to_uppercase() }), "sub is not a subject"),
    ] {
        let assertion = federation.vouching(&app, said.clone(), json!({}));
        let answer = present(&federation.counting, &assertion, &[]).await;
        assert_eq!(told(&answer), (400, "invalid_grant".to_owned()), "{said}");
        let description = answer.text("error_description");
        assert!(
            description.starts_with("assertion: ") && description.contains(says),
            "{said}: {description}"
        );
    }
    let edges = json!({ "exp": now + 300, "iat": now + 60, "nbf": now + 60, "aud": [ISSUER] });
    let answer = present(&federation.counting, &federation.vouching(&app, edges, json!({})), &[]).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
}

#[tokio::test]
async fn without_a_key_of_its_issuer_nothing_is_told__rfc7523_3_1() {
    let app = TestApp::start().await;
    let federation = Federation::start(&app).await;
    let stranger = Signer::key(SigningAlgorithm::ES256);
    app.relying_party(registration(
        "ngoai",
        nobody_is_sent(json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": stranger.jwks() })),
    ))
    .await;
    let good = federation.vouching(&app, json!({}), json!({}));
    let (message, signature) = good.rsplit_once('.').unwrap();
    let secret = Signer::Secret(federation.counting.secret.clone().unwrap());
    let by = |signer: &Signer, iss: &str| signer.assertion(&app, iss, json!({ "sub": WORKLOAD }), json!({}));
    for assertion in [
        "x".to_owned(),
        format!("{message}."),
        format!("{message}.AAAA"),
        format!("{message}A.{signature}"),
        by(&stranger, CLUSTER),
        by(&secret, CLUSTER),
        by(&stranger, "ngoai"),
        by(&stranger, "dem"),
        by(&stranger, "https://nobody.example"),
        // Another issuer that is trusted, and not for this system.
        by(&federation.office, OFFICE),
        by(&federation.office, CLUSTER),
        federation.vouching(&app, json!({ "iss": null }), json!({})),
        federation.vouching(&app, json!({ "iss": OFFICE }), json!({})),
        federation.vouching(&app, json!({}), json!({ "alg": "none" })),
        federation.vouching(&app, json!({}), json!({ "kid": "other" })),
        federation.vouching(&app, json!({}), json!({ "jwk": federation.cluster.jwks()["keys"][0] })),
        federation.vouching(&app, json!({}), json!({ "typ": "client-authentication+jwt" })),
        federation.vouching(&app, json!({}), json!({ "typ": "at+jwt" })),
    ] {
        let answer = present(&federation.counting, &assertion, &[]).await;
        assert_eq!(told(&answer), (400, "invalid_grant".to_owned()), "{assertion}");
        assert_eq!(
            answer.text("error_description"),
            "The assertion is not signed by an issuer that may vouch for this client.",
            "{assertion}"
        );
    }
    assert_eq!(present(&federation.counting, &good, &[]).await.status, 200, "nothing was used up");
}

#[tokio::test]
async fn an_issuer_vouches_for_whom_it_is_registered_and_for_nobody_else() {
    let app = TestApp::start().await;
    let federation = Federation::start(&app).await;
    let assertion = federation.vouching(&app, json!({}), json!({}));
    let answer = present(&federation.reporting, &assertion, &[]).await;
    assert_eq!(told(&answer), (400, "invalid_grant".to_owned()));
    assert!(answer.text("error_description").contains("sub is not a subject"));
    let of_office = federation.office.assertion(&app, OFFICE, json!({ "sub": WORKLOAD }), json!({}));
    assert_eq!(present(&federation.reporting, &of_office, &[]).await.status, 200);

    let plain = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
    assert_eq!(told(&present(&plain, &assertion, &[]).await), (400, "unauthorized_client".to_owned()));
    let wanted = [("grant_type", "client_credentials")];
    let answer = federation.counting.post("/token", &wanted).await;
    assert_eq!(told(&answer), (400, "unauthorized_client".to_owned()), "a grant for itself is another one");
    let mut nobody = federation.counting.by(app.router());
    nobody.secret = Some("x".repeat(40));
    assert_eq!(told(&present(&nobody, &assertion, &[]).await), (401, "invalid_client".to_owned()));

    let provider = &app.instance.provider;
    let id = khue::protocol::ClientId::parse(CLUSTER).unwrap();
    provider.switch_client(&id, ClientStatus::Disabled).await.unwrap();
    provider.refresh_caches().await.unwrap();
    let answer = present(&federation.counting, &assertion, &[]).await;
    assert!(answer.text("error_description").contains("not signed by an issuer"), "{:?}", answer.body);
}

#[tokio::test]
async fn what_is_wanted_is_judged_as_for_the_system_itself__rfc7521_4_1() {
    let app = TestApp::start().await;
    let federation = Federation::start(&app).await;
    for (more, error) in [
        (&[("resource", "https://diem.example.vn/api")][..], "invalid_target"),
        (&[("scope", "xoa")], "invalid_scope"),
        (&[("scope", "openid")], "invalid_scope"),
        (&[("scope", "email doc")], "invalid_scope"),
        (&[("authorization_details", r#"[{"type":"x"}]"#)], "invalid_authorization_details"),
        (&[("assertion", "again")], "invalid_request"),
    ] {
        let assertion = federation.vouching(&app, json!({}), json!({}));
        let answer = present(&federation.counting, &assertion, more).await;
        assert_eq!(told(&answer), (400, error.to_owned()), "{more:?}");
    }
    let answer = federation.counting.post("/token", &[("grant_type", GRANT)]).await;
    assert_eq!(told(&answer), (400, "invalid_request".to_owned()));

    let key = ProofKey::generate();
    let assertion = federation.vouching(&app, json!({}), json!({}));
    let params = [("grant_type", GRANT), ("assertion", assertion.as_str())];
    let request = federation.counting.posting("/token", &params);
    let answer = federation.counting.answer(with_proof(request, &key.proof(&app))).await;
    assert_eq!(answer.text("token_type"), "DPoP");
    assert_eq!(claims(&answer.text("access_token"))["cnf"], json!({ "jkt": key.thumbprint() }));
}

#[tokio::test]
async fn a_vouching_works_once_on_all_nodes_together__rfc7523_3() {
    let [one, other] = TestApp::two_nodes().await;
    let federation = Federation::start(&one).await;
    other.instance.provider.refresh_caches().await.unwrap();
    let there = federation.counting.by(other.router());
    let assertion = federation.vouching(&one, json!({}), json!({}));
    let tries = (0..8)
        .map(|turn| present(if turn % 2 == 0 { &federation.counting } else { &there }, &assertion, &[]));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for again in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(told(again), (400, "invalid_grant".to_owned()));
        assert!(again.text("error_description").contains("jti was used before"), "{:?}", again.body);
    }
}

#[tokio::test]
async fn the_keys_of_an_issuer_may_be_fetched() {
    let app = TestApp::builder().with("server.sandbox", "true").build().await;
    let key = Signer::key(SigningAlgorithm::EdDSA);
    let publisher = Publisher::of(&key.jwks()).await;
    app.relying_party(issuer(CLUSTER, json!({ "jwks_uri": publisher.url() }))).await;
    app.relying_party(resource("hoc-sinh", PUPILS, "doc ghi")).await;
    let counting = app.relying_party(workload("dem", json!([subject(CLUSTER, WORKLOAD)]))).await;
    let assertion = key.assertion(&app, CLUSTER, json!({ "sub": WORKLOAD }), json!({}));
    let answer = present(&counting, &assertion, &[]).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
}

#[test]
fn workloads_are_registered_whole_or_not_at_all() {
    let whole = serde_json::to_value(workload("dem", json!([subject(CLUSTER, WORKLOAD)]))).unwrap();
    let refusal = |changes: Value| {
        let mut document = whole.clone();
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value::<Registration>(document).unwrap_err().to_string()
    };
    let one = subject(CLUSTER, WORKLOAD);
    for (changes, says) in [
        (json!({ "jwt_bearer_subjects": [] }), "go together"),
        (json!({ "grant_types": ["client_credentials"] }), "go together"),
        (json!({ "jwt_bearer_subjects": [one, one] }), "each once"),
        (json!({ "jwt_bearer_subjects": [subject("dem", WORKLOAD)] }), "other than the system"),
        (json!({ "jwt_bearer_subjects": [subject(CLUSTER, "")] }), "1 to 255 bytes"),
        (json!({ "jwt_bearer_subjects": [subject(CLUSTER, &"x".repeat(256))] }), "1 to 255 bytes"),
        (json!({ "jwt_bearer_subjects": [subject(CLUSTER, "a\nb")] }), "1 to 255 bytes"),
        (
            json!({ "jwt_bearer_subjects": [{ "issuer": CLUSTER, "subject": "a", "scope": "doc" }] }),
            "unknown",
        ),
        (json!({ "resources": [] }), "at least one is needed"),
        (json!({ "token_endpoint_auth_method": "none" }), "jwt_bearer_subjects: need"),
        (json!({ "vouches_for_workloads": true }), "vouches_for_workloads: needs jwks"),
        (json!({ "profile": "fapi2" }), "grant_types"),
    ] {
        let refused = refusal(changes.clone());
        assert!(refused.contains(says), "{changes}: {refused}");
    }
}
