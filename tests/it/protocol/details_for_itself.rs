//! What exactly a system wants to do at a resource for itself (RFC 9396).

use khue::base::ids::AuditEventId;
use khue::domain::client::Registration;
use khue::protocol::SigningAlgorithm;
use serde_json::{Value, json};

use crate::kit::{Answer, RelyingParty, Signer, TestApp, claims, knowing, registration, resource};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const MARKS: &str = "https://diem.example.vn/";
const BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// A resource whose type systems may have for themselves.
fn open_to_systems(id: &str, uri: &str, kind: &str) -> Registration {
    let mut document = serde_json::to_value(knowing(id, uri, kind)).unwrap();
    document["protected_resources"][0]["authorization_details"][0]["for_systems"] = json!(true);
    serde_json::from_value(document).unwrap()
}

/// A service that may call pupils and marks, with the types of both.
async fn counting(app: &TestApp) -> RelyingParty {
    let members = json!({
        "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
        "grant_types": ["client_credentials"],
        "resources": [{ "resource": PUPILS, "scope": "doc" }, { "resource": MARKS, "scope": "doc" }],
        "authorization_details_types": ["hoc_ba", "bang_diem"],
    });
    app.relying_party(registration("thong-ke", members)).await
}

fn record(year: u32) -> Value {
    json!({ "type": "hoc_ba", "nam_hoc": year, "mon": ["Toán"] })
}

async fn ask(system: &RelyingParty, details: &Value, more: &[(&str, &str)]) -> Answer {
    let details = details.to_string();
    let params = [&[GRANT, ("authorization_details", details.as_str())], more].concat();
    system.post("/token", &params).await
}

fn told(answer: &Answer) -> (Value, Value, Option<&Value>) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = claims(&answer.text("access_token"));
    assert_eq!(token["authorization_details"], answer.body["authorization_details"]);
    assert_eq!(token.get("scope"), answer.body.get("scope"));
    (token["aud"].clone(), token["authorization_details"].clone(), answer.body.get("scope"))
}

#[tokio::test]
async fn a_system_is_given_exactly_what_it_may_have_for_itself__rfc9396_6_7() {
    for app in TestApp::on_both().await {
        let pupils = app.relying_party(open_to_systems("hoc-sinh", PUPILS, "hoc_ba")).await;
        app.relying_party(open_to_systems("diem", MARKS, "bang_diem")).await;
        let counting = counting(&app).await;
        let details = json!([record(2026)]);
        let given = ask(&counting, &details, &[]).await;
        assert_eq!(
            told(&given),
            (json!(PUPILS), details.clone(), None),
            "for its resource, and with no scope"
        );
        assert_eq!(given.body.get("refresh_token"), None);
        let token = given.text("access_token");
        assert_eq!(claims(&token).get("auth_time"), None, "nobody agreed to it");
        let state = pupils.post("/introspect", &[("token", &token)]).await.body;
        assert_eq!((&state["active"], &state["authorization_details"]), (&json!(true), &details));
        assert_eq!(state.get("scope"), None);

        let named = ask(&counting, &details, &[("resource", PUPILS)]).await;
        assert_eq!(told(&named).2, Some(&json!("doc")), "a resource that is named gives its scopes");
        let asked = ask(&counting, &details, &[("scope", "doc")]).await;
        assert_eq!(told(&asked), (json!(PUPILS), details.clone(), Some(&json!("doc"))));
        let both = json!([record(2026), { "type": "bang_diem", "nam_hoc": 2026 }]);
        assert_eq!(told(&ask(&counting, &both, &[]).await), (json!([MARKS, PUPILS]), both, None));
    }
}

#[tokio::test]
async fn what_a_system_may_not_have_for_itself_is_named__rfc9396_5() {
    let app = TestApp::start().await;
    app.relying_party(open_to_systems("hoc-sinh", PUPILS, "hoc_ba")).await;
    app.relying_party(knowing("diem", MARKS, "bang_diem")).await;
    let counting = counting(&app).await;
    for (details, description) in [
        (
            json!([{ "type": "thanh_toan" }]),
            "authorization_details has a type that this client is not registered for.",
        ),
        (
            json!([{ "type": "hoc_ba" }]),
            "A field of authorization_details is missing, or its type does not know it.",
        ),
        (
            json!([{ "type": "hoc_ba", "nam_hoc": 2026, "locations": [MARKS] }]),
            "No resource that this client may call knows such authorization_details there.",
        ),
        (
            json!([{ "type": "bang_diem", "nam_hoc": 2026 }]),
            "authorization_details has a type that a person has to agree to; ask for it at /authorize.",
        ),
        (
            json!({}),
            "authorization_details must be a JSON array of 1 to 8 objects, each with a type and no field twice.",
        ),
    ] {
        let refused = ask(&counting, &details, &[]).await;
        assert_eq!(
            (refused.status.as_u16(), refused.text("error").as_str()),
            (400, "invalid_authorization_details")
        );
        assert_eq!(refused.text("error_description"), description, "{details}");
    }
    let wrong = ask(&counting, &json!([record(2026)]), &[("resource", "https://khac.example.vn/")]).await;
    assert_eq!(wrong.text("error"), "invalid_target");
    let wrong = ask(&counting, &json!([record(2026)]), &[("scope", "openid")]).await;
    assert_eq!(wrong.text("error"), "invalid_scope");
}

#[tokio::test]
async fn the_log_says_of_which_types_and_grows_no_faster() {
    let app = TestApp::start().await;
    app.relying_party(open_to_systems("hoc-sinh", PUPILS, "hoc_ba")).await;
    app.relying_party(resource("diem", MARKS, "doc")).await;
    let counting = counting(&app).await;
    for year in 2020..2026 {
        assert_eq!(ask(&counting, &json!([record(year)]), &[]).await.status, 200);
    }
    assert_eq!(counting.post("/token", &[GRANT, ("resource", PUPILS)]).await.status, 200);
    let beginning = AuditEventId::from_uuid(uuid::Uuid::nil());
    let mut tx = app.instance.provider.db().read().await.unwrap();
    let all = tx.audit_entries_pending(beginning).await.unwrap();
    let issued = all.iter().map(|stored| &stored.entry).filter(|entry| entry.kind == "service_tokens.issued");
    let mut details: Vec<Value> = issued.map(|entry| entry.facts()["details"].clone()).collect();
    details.sort_by_key(|listed| !listed.is_null());
    assert_eq!(details, [Value::Null, json!([{ "type": "hoc_ba", "resource": PUPILS }])]);
}

#[tokio::test]
async fn a_workload_for_which_an_issuer_vouches_has_what_its_system_has__rfc9396_6() {
    let app = TestApp::start().await;
    app.relying_party(open_to_systems("hoc-sinh", PUPILS, "hoc_ba")).await;
    let cluster = Signer::key(SigningAlgorithm::ES256);
    let nobody = json!({
        "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
    });
    let with = |more: Value| {
        let mut members = nobody.clone();
        members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        members
    };
    let vouches = with(json!({
        "grant_types": [], "token_endpoint_auth_method": "private_key_jwt", "vouches_for_workloads": true,
        "jwks": cluster.jwks(),
    }));
    app.relying_party(registration("https://cum.bo.example.vn", vouches)).await;
    let workload = with(json!({
        "grant_types": [BEARER], "resources": [{ "resource": PUPILS, "scope": "doc" }],
        "authorization_details_types": ["hoc_ba"],
        "jwt_bearer_subjects": [{ "issuer": "https://cum.bo.example.vn", "subject": "dem" }],
    }));
    let system = app.relying_party(registration("thong-ke", workload)).await;
    let present = async |details: Value| {
        let assertion =
            cluster.assertion(&app, "https://cum.bo.example.vn", json!({ "sub": "dem" }), json!({}));
        let details = details.to_string();
        let params = [
            ("grant_type", BEARER),
            ("assertion", assertion.as_str()),
            ("authorization_details", details.as_str()),
        ];
        system.post("/token", &params).await
    };
    assert_eq!(told(&present(json!([record(2026)])).await), (json!(PUPILS), json!([record(2026)]), None));
    let refused = present(json!([{ "type": "hoc_ba" }])).await;
    assert_eq!(refused.text("error"), "invalid_authorization_details");
}
