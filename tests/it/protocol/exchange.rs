//! Token exchange (RFC 8693): a system that was called for a person calls another one for her.

use std::time::Duration;

use khue::domain::client::{ClientStatus, Registration};
use serde_json::{Value, json};

use crate::kit::{
    Answer, ProofKey, RelyingParty, TestApp, claims, registration, resource, service, with_proof,
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const DOSSIERS: &str = "https://ho-so.example.vn/api";
const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const GRADES: &str = "https://diem.example.vn/api";

/// A portal that calls the dossiers for people, which call pupils for them, which call grades.
struct Row {
    portal: RelyingParty,
    dossiers: RelyingParty,
    pupils: RelyingParty,
    grades: RelyingParty,
}

fn exchanger(id: &str, uri: &str, exchanges: Value) -> Registration {
    let protected = json!([{ "resource": uri, "scope": "doc ghi" }]);
    registration(
        id,
        json!({
            "redirect_uris": [], "post_logout_redirect_uris": [], "response_types": [], "scope": "", "claims": [],
            "grant_types": [GRANT, "client_credentials"],
            "protected_resources": protected,
            "resources": [{ "resource": GRADES, "scope": "doc" }],
            "exchanges": exchanges,
        }),
    )
}

impl Row {
    async fn start(app: &TestApp) -> Self {
        let grades = app.relying_party(resource("diem", GRADES, "doc ghi")).await;
        let from = |from: &str, resource: &str, scope: &str| json!({ "from": from, "resource": resource, "scope": scope });
        let onward = json!([from("ho-so", GRADES, "doc ghi")]);
        let pupils = app.relying_party(exchanger("hoc-sinh", PUPILS, onward)).await;
        let onward = json!([from("dichvucong", PUPILS, "doc"), from("dichvucong", GRADES, "doc ghi")]);
        let dossiers = app.relying_party(exchanger("ho-so", DOSSIERS, onward)).await;
        let calls = json!([{ "resource": DOSSIERS, "scope": "doc ghi" }]);
        let portal = app.relying_party(registration("dichvucong", json!({ "resources": calls }))).await;
        Self { portal, dossiers, pupils, grades }
    }

    /// A token with which the portal calls the dossiers for somebody.
    async fn subject(&self, app: &TestApp) -> (Answer, crate::kit::Browser) {
        let mut browser = app.browser();
        let request =
            self.portal.authorize(&[("scope", "openid offline_access doc ghi"), ("resource", DOSSIERS)]);
        let code = browser.first_visit(&request, &[]).await.answer()["code"].clone();
        (self.portal.redeem(&code).await, browser)
    }
}

async fn exchange(system: &RelyingParty, token: &str, more: &[(&str, &str)]) -> Answer {
    let mut params =
        vec![("grant_type", GRANT), ("subject_token", token), ("subject_token_type", ACCESS_TOKEN)];
    params.retain(|(name, _)| more.iter().all(|(given, _)| given != name));
    params.extend(more.iter().copied().filter(|(_, value)| !value.is_empty()));
    system.post("/token", &params).await
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.text("error"))
}

#[tokio::test]
async fn a_system_calls_another_one_for_a_person_and_everybody_is_named__rfc8693_4_1() {
    for app in TestApp::on_both().await {
        let row = Row::start(&app).await;
        let (given, mut browser) = row.subject(&app).await;
        let subject = given.text("access_token");
        let first = exchange(&row.dossiers, &subject, &[("resource", PUPILS)]).await;
        assert_eq!(
            (first.status.as_u16(), first.header("cache-control")),
            (200, "no-store"),
            "{:?}",
            first.body
        );
        assert_eq!(first.text("issued_token_type"), ACCESS_TOKEN);
        assert_eq!((first.text("token_type").as_str(), first.text("scope").as_str()), ("Bearer", "doc"));
        assert_eq!((&first.body["refresh_token"], &first.body["id_token"]), (&Value::Null, &Value::Null));
        let token = first.text("access_token");
        let said = claims(&token);
        assert_eq!(said["aud"], PUPILS);
        assert_eq!(said["client_id"], "ho-so");
        assert_eq!(said["act"], json!({ "sub": "ho-so" }));
        assert_eq!(said["auth_time"], claims(&subject)["auth_time"]);

        let second = exchange(&row.pupils, &token, &[("audience", "diem")]).await;
        assert_eq!(second.status, 200, "{:?}", second.body);
        let said = claims(&second.text("access_token"));
        assert_eq!((&said["aud"], &said["scope"]), (&json!(GRADES), &json!("doc")), "never more than before");
        assert_eq!(said["act"], json!({ "sub": "hoc-sinh", "act": { "sub": "ho-so" } }));
        let state = row.grades.post("/introspect", &[("token", &second.text("access_token"))]).await;
        assert_eq!(state.body["active"], true);
        assert_eq!(state.body["act"]["act"]["sub"], "ho-so");
        assert_eq!(
            row.portal.post("/introspect", &[("token", &token)]).await.body,
            json!({ "active": false })
        );
        assert_eq!(row.portal.userinfo(&token).await.status, 401);

        let log = browser.open("/account/log").await.text();
        assert_eq!(log.matches("Một hệ thống gọi hệ thống khác để phục vụ bạn").count(), 2, "{log}");
        exchange(&row.dossiers, &subject, &[("resource", PUPILS)]).await;
        let log = browser.open("/account/log").await.text();
        assert_eq!(log.matches("gọi hệ thống khác").count(), 2, "once for each token and target");
    }
}

#[tokio::test]
async fn never_broader_and_never_longer() {
    let app = TestApp::start().await;
    let row = Row::start(&app).await;
    let (given, _) = row.subject(&app).await;
    let subject = given.text("access_token");
    let refresh = given.text("refresh_token");
    let narrowed = row.portal.refresh_with(&refresh, &[("scope", "doc"), ("resource", DOSSIERS)]).await;
    let narrow = narrowed.text("access_token");
    let wide = exchange(&row.dossiers, &subject, &[("resource", GRADES)]).await;
    assert_eq!(wide.text("scope"), "doc ghi");
    let less = exchange(&row.dossiers, &subject, &[("resource", GRADES), ("scope", "ghi")]).await;
    assert_eq!(less.text("scope"), "ghi");
    assert_eq!(exchange(&row.dossiers, &narrow, &[("resource", GRADES)]).await.text("scope"), "doc");
    let of_provider = "scope names openid or another scope of the provider; the new token is for a resource, so ask for scopes of that.";
    let wider = "scope asks for more than subject_token has and this exchange is registered for.";
    let nothing =
        "Nothing is left that subject_token has, that this exchange is registered for, and that scope names.";
    for (token, resource, scope, description) in [
        (&narrow, GRADES, "ghi", wider),
        (&subject, PUPILS, "ghi", wider),
        (&subject, PUPILS, "doc ghi", wider),
        (&subject, GRADES, "openid", of_provider),
        (&subject, GRADES, "doc openid", of_provider),
        (&subject, GRADES, "doc email", of_provider),
        (&subject, GRADES, "doc offline_access", of_provider),
        (&subject, GRADES, "xoa", nothing),
    ] {
        let refused = exchange(&row.dossiers, token, &[("resource", resource), ("scope", scope)]).await;
        assert_eq!(told(&refused), (400, "invalid_scope".to_owned()), "{scope}");
        assert_eq!(refused.text("error_description"), description, "{scope}");
    }
    let unknown = exchange(&row.dossiers, &subject, &[("resource", GRADES), ("scope", "doc xoa")]).await;
    assert_eq!(unknown.text("scope"), "doc", "what nobody knows is passed over");
    app.advance(Duration::from_secs(200)).await;
    let late = exchange(&row.dossiers, &subject, &[("resource", PUPILS)]).await;
    assert_eq!(late.body["expires_in"], 100);
    assert_eq!(claims(&late.text("access_token"))["exp"], claims(&subject)["exp"]);
    app.advance(Duration::from_secs(100)).await;
    assert_eq!(told(&exchange(&row.dossiers, &subject, &[("resource", PUPILS)]).await).1, "invalid_request");
}

#[tokio::test]
async fn a_pair_is_registered_or_there_is_no_target__rfc8693_2_2_2() {
    let app = TestApp::start().await;
    let row = Row::start(&app).await;
    let (given, _) = row.subject(&app).await;
    let subject = given.text("access_token");
    for more in [
        &[][..],
        &[("resource", DOSSIERS)],
        &[("resource", "https://nowhere.example/")],
        &[("audience", "dichvucong")],
        &[("resource", PUPILS), ("resource", GRADES)],
        &[("resource", PUPILS), ("audience", "diem")],
    ] {
        assert_eq!(
            told(&exchange(&row.dossiers, &subject, more).await),
            (400, "invalid_target".to_owned()),
            "{more:?}"
        );
    }
    let provider = &app.instance.provider;
    provider.switch_client(&row.pupils.registration.client_id, ClientStatus::Disabled).await.unwrap();
    app.advance(Duration::ZERO).await;
    let answer = exchange(&row.dossiers, &subject, &[("resource", PUPILS)]).await;
    assert_eq!(told(&answer), (400, "invalid_target".to_owned()), "a system that is gone");
}

#[tokio::test]
async fn what_is_no_good_token_of_a_person_for_the_caller_is_not_exchanged__rfc8693_2_2_2() {
    let app = TestApp::start().await;
    let row = Row::start(&app).await;
    let (given, _) = row.subject(&app).await;
    let subject = given.text("access_token");
    let own = row.dossiers.post("/token", &[("grant_type", "client_credentials")]).await.text("access_token");
    let (id_token, refresh) = (given.text("id_token"), given.text("refresh_token"));
    for token in [id_token.as_str(), &refresh, &own, "x", &subject[..subject.len() - 2]] {
        let answer = exchange(&row.dossiers, token, &[("resource", PUPILS)]).await;
        assert_eq!(told(&answer), (400, "invalid_request".to_owned()), "{token}");
    }
    // It was not called with it.
    let answer = exchange(&row.pupils, &subject, &[("resource", GRADES)]).await;
    assert_eq!(told(&answer), (400, "invalid_request".to_owned()));
    for more in [
        &[("subject_token", "")][..],
        &[("subject_token_type", "")],
        &[("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")],
        &[("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")],
        &[("actor_token", "x")],
        &[("actor_token_type", ACCESS_TOKEN)],
        &[("actor_token", &subject), ("actor_token_type", ACCESS_TOKEN), ("resource", PUPILS)],
    ] {
        assert_eq!(
            told(&exchange(&row.dossiers, &subject, more).await),
            (400, "invalid_request".to_owned()),
            "{more:?}"
        );
    }
    let acting = [("actor_token", own.as_str()), ("actor_token_type", ACCESS_TOKEN), ("resource", PUPILS)];
    assert_eq!(exchange(&row.dossiers, &subject, &acting).await.status, 200);
    let stranger = app.relying_party(service("thong-ke", &[(GRADES, "doc")])).await;
    assert_eq!(
        told(&exchange(&stranger, &subject, &[("resource", GRADES)]).await),
        (400, "unauthorized_client".to_owned())
    );
}

#[tokio::test]
async fn an_exchanged_token_ends_with_what_it_was_exchanged_for() {
    for app in TestApp::on_both().await {
        let row = Row::start(&app).await;
        let (given, _) = row.subject(&app).await;
        let subject = given.text("access_token");
        let token = exchange(&row.dossiers, &subject, &[("resource", PUPILS)]).await.text("access_token");
        let onward = exchange(&row.pupils, &token, &[]).await.text("access_token");
        let is_active = async |system: &RelyingParty, token: &str| {
            system.post("/introspect", &[("token", token)]).await.body["active"] == json!(true)
        };
        // Given back by who has it, it ends alone.
        assert_eq!(told(&row.pupils.post("/revoke", &[("token", &token)]).await).1, "unauthorized_client");
        assert!(is_active(&row.pupils, &token).await);
        assert_eq!(row.dossiers.post("/revoke", &[("token", &token)]).await.status, 200);
        assert!(!is_active(&row.pupils, &token).await);
        assert!(is_active(&row.dossiers, &subject).await, "what it was exchanged for is the portal's");
        assert_eq!(told(&exchange(&row.pupils, &token, &[]).await).1, "invalid_request");
        assert!(is_active(&row.grades, &onward).await);
        assert_eq!(row.portal.post("/revoke", &[("token", &given.text("refresh_token"))]).await.status, 200);
        assert!(!is_active(&row.grades, &onward).await);
        assert_eq!(
            told(&exchange(&row.dossiers, &subject, &[("resource", PUPILS)]).await).1,
            "invalid_request"
        );
    }
}

#[tokio::test]
async fn a_token_for_a_key_is_given_to_whom_shows_one() {
    let app = TestApp::start().await;
    let row = Row::start(&app).await;
    let (given, _) = row.subject(&app).await;
    let subject = given.text("access_token");
    let key = ProofKey::generate();
    let params = [
        ("grant_type", GRANT),
        ("subject_token", &subject),
        ("subject_token_type", ACCESS_TOKEN),
        ("resource", PUPILS),
    ];
    let answer =
        row.dossiers.answer(with_proof(row.dossiers.posting("/token", &params), &key.proof(&app))).await;
    assert_eq!(answer.text("token_type"), "DPoP");
    assert_eq!(claims(&answer.text("access_token"))["cnf"], json!({ "jkt": key.thumbprint() }));
}

#[test]
fn exchanges_are_registered_whole_or_not_at_all() {
    let whole = serde_json::to_value(exchanger(
        "ho-so",
        DOSSIERS,
        json!([{ "from": "a", "resource": PUPILS, "scope": "doc" }]),
    ))
    .unwrap();
    let refusal = |changes: Value| {
        let mut document = whole.clone();
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value::<Registration>(document).unwrap_err().to_string()
    };
    let pair = json!({ "from": "a", "resource": PUPILS, "scope": "doc" });
    assert!(refusal(json!({ "exchanges": [] })).contains("go together"));
    assert!(refusal(json!({ "grant_types": ["client_credentials"] })).contains("go together"));
    assert!(refusal(json!({ "exchanges": [pair, pair] })).contains("listed twice"));
    let public = json!({ "token_endpoint_auth_method": "none", "protected_resources": [], "grant_types": [GRANT], "resources": [] });
    assert!(refusal(public).contains("exchanges"));
}
