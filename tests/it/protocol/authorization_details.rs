//! What exactly a person lets a system do at a resource (RFC 9396).

use khue::domain::client::Registration;
use serde_json::{Value, json};

use crate::kit::{Answer, Browser, ISSUER, RelyingParty, TestApp, claims, knowing, registration, service};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const MARKS: &str = "https://diem.example.vn/";

async fn portal(app: &TestApp) -> RelyingParty {
    app.relying_party(knowing("hoc-sinh", PUPILS, "hoc_ba")).await;
    app.relying_party(knowing("diem", MARKS, "bang_diem")).await;
    let members = json!({
        "resources": [{ "resource": PUPILS, "scope": "doc" }, { "resource": MARKS, "scope": "doc" }],
        "authorization_details_types": ["hoc_ba", "bang_diem"],
    });
    app.relying_party(registration("dichvucong", members)).await
}

fn record(year: u32) -> Value {
    json!({ "type": "hoc_ba", "nam_hoc": year, "mon": ["Toán", "Văn"] })
}

fn asking(portal: &RelyingParty, details: &Value, more: &[(&str, &str)]) -> String {
    let details = details.to_string();
    portal.authorize(&[&[("authorization_details", details.as_str())], more].concat())
}

async fn first_code(browser: &mut Browser, address: &str) -> String {
    browser.first_visit(address, &[]).await.answer()["code"].clone()
}

fn told(answer: &Answer) -> (Value, Value) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = claims(&answer.text("access_token"));
    assert_eq!(token["authorization_details"], answer.body["authorization_details"]);
    (token["aud"].clone(), token["authorization_details"].clone())
}

#[tokio::test]
async fn what_was_agreed_stands_in_answer_token_and_introspection__rfc9396_7_9() {
    for app in TestApp::on_both().await {
        let register = app.relying_party(knowing("hoc-sinh", PUPILS, "hoc_ba")).await;
        let members = json!({
            "resources": [{ "resource": PUPILS, "scope": "doc" }], "authorization_details_types": ["hoc_ba"],
        });
        let portal = app.relying_party(registration("dichvucong", members)).await;
        let details = json!([record(2026)]);
        let scope = [("scope", "openid offline_access")];
        let code = first_code(&mut app.browser(), &asking(&portal, &details, &scope)).await;
        let given = portal.redeem(&code).await;
        assert_eq!(told(&given), (json!(PUPILS), details.clone()));
        assert_eq!(
            given.body.get("scope"),
            None,
            "what is said exactly needs no scope; an empty one is none"
        );
        let token = given.text("access_token");
        assert_eq!(claims(&token).get("scope"), None);
        let answer = register.post("/introspect", &[("token", &token)]).await;
        assert_eq!(answer.body["authorization_details"], details);
        assert_eq!((&answer.body["active"], answer.body.get("scope")), (&json!(true), None));
        let next = portal.refresh(&given.text("refresh_token")).await;
        assert_eq!(told(&next), (json!(PUPILS), details), "a refresh gives the same");
        let own = portal.refresh_with(&next.text("refresh_token"), &[("resource", ISSUER)]).await;
        assert_eq!(own.body.get("authorization_details"), None, "each where it belongs");
    }
}

#[tokio::test]
async fn what_was_agreed_is_stored_sealed() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let details = json!([{ "type": "hoc_ba", "nam_hoc": "SECRET-YEAR" }]);
    let scope = [("scope", "openid offline_access")];
    let code = first_code(&mut app.browser(), &asking(&portal, &details, &scope)).await;
    told(&portal.redeem(&code).await);
    for sql in [
        "SELECT authorized FROM token_family",
        "SELECT hex(details) FROM token_family",
        "SELECT terms FROM consent",
        "SELECT facts FROM audit_entry",
    ] {
        let rows = app.texts(sql).await;
        assert!(!rows.is_empty(), "{sql}");
        let hex = "5345435245542D59454152";
        assert!(rows.iter().all(|row| !row.contains("SECRET-YEAR") && !row.contains(hex)), "{sql}: {rows:?}");
    }
}

#[tokio::test]
async fn the_person_agrees_to_exactly_this__rfc9396_11_2() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let mut browser = app.browser();
    first_code(&mut browser, &portal.authorize(&[])).await;
    let page = browser.get(&asking(&portal, &json!([record(2026)]), &[])).await;
    let shown = page.select_text("section[aria-labelledby=details] ul");
    assert_eq!(page.select_text("h1"), "Bạn có đồng ý chia sẻ thông tin?", "a question, not a notice");
    assert_eq!(shown, format!("Xem học bạNăm học: 2026Môn: Toán, Văn{PUPILS}"));
    browser.agree(&page, &[]).await.answer();
    let other_order = json!([{ "nam_hoc": 2026, "mon": ["Toán", "Văn"], "type": "hoc_ba" }]);
    assert!(browser.get(&asking(&portal, &other_order, &[])).await.answer().contains_key("code"));
    for other in [
        json!([record(2025)]),
        json!([{ "type": "hoc_ba", "nam_hoc": 2026 }]),
        json!([{ "type": "hoc_ba", "nam_hoc": "2026", "mon": ["Toán", "Văn"] }]),
        json!([record(2026), { "type": "bang_diem", "nam_hoc": 2026 }]),
    ] {
        let answer = browser.get(&asking(&portal, &other, &[("prompt", "none")])).await.answer();
        assert_eq!(answer["error"], "consent_required", "{other}");
    }
    let page = browser.get(&asking(&portal, &json!([record(2025)]), &[])).await;
    let declined = browser.submit(&page, "/consent", &[("decision", "decline")]).await.answer();
    assert_eq!(declined["error"], "access_denied");
    let silent = asking(&portal, &json!([record(2026)]), &[("prompt", "none")]);
    assert!(browser.get(&silent).await.answer().contains_key("code"), "declining one takes back no other");
}

#[tokio::test]
async fn at_the_token_endpoint_details_narrow_and_never_change__rfc9396_6() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let marks = json!({ "type": "bang_diem", "nam_hoc": 2026 });
    let both = json!([record(2026), marks]);
    let scope = [("scope", "openid offline_access")];
    let code = first_code(&mut app.browser(), &asking(&portal, &both, &scope)).await;
    for wrong in [json!([record(2025)]), json!([{ "type": "hoc_ba" }]), json!({}), json!([])] {
        let refused = portal.redeem_with(&code, &[("authorization_details", &wrong.to_string())]).await;
        assert_eq!(refused.text("error"), "invalid_authorization_details", "{wrong}");
    }
    let one = json!([record(2026)]).to_string();
    let elsewhere = portal.redeem_with(&code, &[("authorization_details", &one), ("resource", MARKS)]).await;
    assert_eq!(elsewhere.text("error"), "invalid_authorization_details", "not at that resource");
    let given = portal.redeem_with(&code, &[("authorization_details", &one)]).await;
    assert_eq!(told(&given), (json!([MARKS, PUPILS]), json!([record(2026)])));
    let there = portal.refresh_with(&given.text("refresh_token"), &[("resource", MARKS)]).await;
    assert_eq!(told(&there), (json!(MARKS), json!([marks])), "each resource is told its own");
    let wrong = json!([record(2025)]).to_string();
    let token = there.text("refresh_token");
    let refused = portal.refresh_with(&token, &[("authorization_details", &wrong)]).await;
    assert_eq!(refused.text("error"), "invalid_authorization_details");
    let narrowed = portal.refresh_with(&token, &[("authorization_details", &one)]).await;
    assert_eq!(told(&narrowed).1, json!([record(2026)]));
}

#[tokio::test]
async fn wrong_details_are_told_to_the_system__rfc9396_5() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let form =
        "authorization_details must be a JSON array of 1 to 8 objects, each with a type and no field twice.";
    let unregistered = "authorization_details has a type that this client is not registered for.";
    let field = "A field of authorization_details is missing, or its type does not know it.";
    let nowhere = "No resource that this client may call knows such authorization_details there.";
    for (details, description) in [
        (json!({ "type": "hoc_ba" }), form),
        (json!([{ "nam_hoc": 2026 }]), form),
        (json!([{ "type": "thanh_toan", "nam_hoc": 2026 }]), unregistered),
        (json!([{ "type": "hoc_ba" }]), field),
        (json!([{ "type": "hoc_ba", "nam_hoc": 2026, "so_tien": 1 }]), field),
        (json!([{ "type": "hoc_ba", "nam_hoc": 2026, "locations": [MARKS] }]), nowhere),
        (json!([{ "type": "hoc_ba", "nam_hoc": 2026, "locations": [PUPILS, MARKS] }]), nowhere),
    ] {
        let answer = app.browser().get(&asking(&portal, &details, &[])).await.answer();
        assert_eq!(answer["error"], "invalid_authorization_details", "{details}");
        assert_eq!(answer["error_description"], description, "{details}");
    }
    let at = json!([{ "type": "hoc_ba", "nam_hoc": 2026, "locations": [PUPILS] }]);
    assert_eq!(app.browser().open(&asking(&portal, &at, &[])).await.status, 200);
    let pushing = [
        ("response_type", "code"),
        ("redirect_uri", portal.redirect_uri()),
        ("scope", "openid"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("authorization_details", r#"[{"type":"hoc_ba"}]"#),
    ];
    let pushed = portal.post("/par", &pushing);
    assert_eq!(pushed.await.text("error"), "invalid_authorization_details");

    let alone = app.relying_party(service("thong-ke", &[(PUPILS, "doc")])).await;
    let asked = [("grant_type", "client_credentials"), ("authorization_details", r#"[{"type":"hoc_ba"}]"#)];
    assert_eq!(alone.post("/token", &asked).await.text("error"), "invalid_authorization_details");
}

#[tokio::test]
async fn where_two_resources_know_a_type_one_is_named() {
    let app = TestApp::start().await;
    app.relying_party(knowing("hoc-sinh", PUPILS, "hoc_ba")).await;
    app.relying_party(knowing("diem", MARKS, "hoc_ba")).await;
    let members = json!({
        "resources": [{ "resource": PUPILS, "scope": "doc" }, { "resource": MARKS, "scope": "doc" }],
        "authorization_details_types": ["hoc_ba"],
    });
    let portal = app.relying_party(registration("dichvucong", members)).await;
    let answer = app.browser().get(&asking(&portal, &json!([record(2026)]), &[])).await.answer();
    assert_eq!(
        answer["error_description"],
        "Several resources know such authorization_details; name one in locations."
    );
    let named = json!([{ "type": "hoc_ba", "nam_hoc": 2026, "locations": [MARKS] }]);
    let code = first_code(&mut app.browser(), &asking(&portal, &named, &[])).await;
    assert_eq!(told(&portal.redeem(&code).await), (json!(MARKS), named));
}

#[tokio::test]
async fn discovery_lists_the_types_that_resources_know__rfc9396_10() {
    let app = TestApp::start().await;
    let get = async |party: &RelyingParty| {
        let request = axum::http::Request::get("/.well-known/openid-configuration");
        party.answer(request.body(axum::body::Body::empty()).unwrap()).await.body
    };
    let plain = app.relying_party(registration("motcua", json!({}))).await;
    assert_eq!(get(&plain).await.get("authorization_details_types_supported"), None);
    portal(&app).await;
    assert_eq!(get(&plain).await["authorization_details_types_supported"], json!(["bang_diem", "hoc_ba"]));
}

#[tokio::test]
async fn what_is_taken_from_the_registration_is_not_given_any_more() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let scope = [("scope", "openid offline_access")];
    let code = first_code(&mut app.browser(), &asking(&portal, &json!([record(2026)]), &scope)).await;
    let first = portal.redeem(&code).await.text("refresh_token");
    let members = json!({ "resources": [{ "resource": PUPILS, "scope": "doc" }] });
    RelyingParty::apply(&app.instance, &registration("dichvucong", members)).await;
    app.instance.provider.refresh_caches().await.unwrap();
    let next = portal.refresh(&first).await;
    assert_eq!((next.status.as_u16(), next.body.get("authorization_details")), (200, None));
}

#[tokio::test]
async fn wrong_registrations_are_named() {
    let refused = |document: Value| serde_json::from_value::<Registration>(document).unwrap_err().to_string();
    let with = |types: Value| {
        let mut document = serde_json::to_value(knowing("hoc-sinh", PUPILS, "hoc_ba")).unwrap();
        document["protected_resources"][0]["authorization_details"] = types;
        document
    };
    let name = json!({ "vi": "a", "en": "a" });
    let field = json!({ "field": "x", "label": name });
    for types in [
        json!([{ "type": "", "name": name }]),
        json!([{ "type": "a b", "name": name }]),
        json!([{ "type": "a", "name": name }, { "type": "a", "name": name }]),
        json!([{ "type": "a", "name": { "vi": "", "en": "a" } }]),
        json!([{ "type": "a", "name": name, "fields": [field, field] }]),
        json!([{ "type": "a", "name": name, "fields": [{ "field": "locations", "label": name }] }]),
    ] {
        assert!(refused(with(types.clone())).starts_with("authorization_details: "), "{types}");
    }
    let mut client = serde_json::to_value(registration("x", json!({}))).unwrap();
    client["authorization_details_types"] = json!(["hoc_ba"]);
    assert!(refused(client).starts_with("authorization_details_types: "), "no resources");
}
