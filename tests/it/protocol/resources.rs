//! Tokens that a person gives a system for resources (RFC 8707).

use std::time::Duration;

use khue::domain::client::ClientStatus;
use khue::protocol::ClientId;
use serde_json::{Value, json};

use crate::kit::{
    Answer, Browser, ISSUER, Page, RelyingParty, TestApp, claims, confidential, registration, resource,
    service,
};

const PUPILS: &str = "https://hoc-sinh.example.vn/api";
const MARKS: &str = "https://diem.example.vn/";

/// A portal that may call two resources for people.
async fn portal(app: &TestApp) -> RelyingParty {
    app.relying_party(resource("hoc-sinh", PUPILS, "doc ghi xoa")).await;
    app.relying_party(resource("diem", MARKS, "diem:doc")).await;
    app.relying_party(calling("dichvucong", &[(PUPILS, "doc ghi"), (MARKS, "diem:doc")])).await
}

fn calling(id: &str, resources: &[(&str, &str)]) -> khue::domain::client::Registration {
    let resources: Vec<Value> =
        resources.iter().map(|(uri, scope)| json!({ "resource": uri, "scope": scope })).collect();
    registration(id, json!({ "resources": resources }))
}

/// The address of a request for `resources`.
fn asking(portal: &RelyingParty, scope: &str, resources: &[&str]) -> String {
    let named = resources.iter().map(|one| ("resource", *one));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(named).finish();
    format!("{}&{query}", portal.authorize(&[("scope", scope)]))
}

async fn code(browser: &mut Browser, address: &str) -> String {
    browser.first_visit(address, &[]).await.answer()["code"].clone()
}

fn reach(answer: &Answer) -> (Value, String) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = claims(&answer.text("access_token"));
    assert_eq!(told["scope"], answer.body["scope"]);
    (told["aud"].clone(), answer.text("scope"))
}

#[tokio::test]
async fn a_person_s_token_is_for_the_resources_that_were_named__rfc8707_2() {
    for app in TestApp::on_both().await {
        let portal = portal(&app).await;
        let mut browser = app.browser();
        let asked = asking(&portal, "openid email doc nobody-knows", &[PUPILS]);
        let given = portal.redeem(&code(&mut browser, &asked).await).await;
        assert_eq!(reach(&given), (json!(PUPILS), "doc".to_owned()));
        let told = claims(&given.text("access_token"));
        assert_eq!((&told["sub"], &told["acr"]), (&given.id_token()["sub"], &given.id_token()["acr"]));
        assert_eq!(given.id_token()["aud"], "dichvucong", "the ID token is the client's own");

        let many = asking(&portal, "openid", &[PUPILS, MARKS]);
        let page = browser.get(&many).await;
        let given = portal.redeem(&browser.agree(&page, &[]).await.answer()["code"]).await;
        let all = "diem:doc doc ghi".to_owned();
        assert_eq!(
            reach(&given),
            (json!([MARKS, PUPILS]), all),
            "no scope of theirs: all that is registered"
        );
    }
}

#[tokio::test]
async fn such_a_token_opens_userinfo_only_where_the_issuer_is_named_too() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let mut browser = app.browser();
    let given = portal.redeem(&code(&mut browser, &asking(&portal, "openid doc", &[PUPILS])).await).await;
    let refused = portal.userinfo(&given.text("access_token")).await;
    assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (401, "invalid_token"));

    let answer = browser.get(&asking(&portal, "openid doc", &[PUPILS, ISSUER])).await.answer();
    let both = portal.redeem(&answer["code"]).await;
    assert_eq!(reach(&both), (json!([PUPILS, ISSUER]), "openid doc".to_owned()));
    assert_eq!(portal.userinfo(&both.text("access_token")).await.status, 200);

    let answer = browser.get(&asking(&portal, "openid doc", &[PUPILS])).await.answer();
    let own = portal.redeem_with(&answer["code"], &[("resource", ISSUER)]).await;
    assert_eq!(reach(&own), (json!(ISSUER), "openid".to_owned()), "who is known anyway may be asked about");
    assert_eq!(portal.userinfo(&own.text("access_token")).await.status, 200);
}

#[tokio::test]
async fn the_person_is_asked_and_remembered_for_each_resource() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let mut browser = app.browser();
    code(&mut browser, &portal.authorize(&[])).await;
    let shown = |page: &Page| page.select_text("section[aria-labelledby=called] ul");

    let page = browser.get(&asking(&portal, "openid doc", &[PUPILS])).await;
    assert_eq!(shown(&page), format!("Hệ thống hoc-sinh{PUPILS}: doc"));
    let declined = browser.submit(&page, "/consent", &[("decision", "decline")]).await.answer();
    assert_eq!(declined["error"], "access_denied");
    let page = browser.get(&asking(&portal, "openid doc", &[PUPILS])).await;
    browser.agree(&page, &[]).await;
    assert!(browser.get(&asking(&portal, "openid doc", &[PUPILS])).await.answer().contains_key("code"));

    let page = browser.get(&asking(&portal, "openid doc ghi", &[PUPILS])).await;
    assert_eq!(shown(&page), format!("Hệ thống hoc-sinh{PUPILS}: doc, ghi"), "further than before");
    let silent = format!("{}&prompt=none", asking(&portal, "openid", &[MARKS]));
    assert_eq!(browser.get(&silent).await.answer()["error"], "consent_required", "another resource");

    let page = browser.get("/account/systems").await;
    assert!(page.text().contains("Hệ thống hoc-sinh"), "{}", page.text());
    let page = browser.get("/account/log").await;
    assert!(page.text().contains("Được gọi nhân danh bạn: Hệ thống hoc-sinh"), "{}", page.text());
    let page = browser.get("/account/systems/withdraw?id=dichvucong").await;
    browser.submit(&page, "/account/systems/withdraw", &[]).await;
    let page = browser.get(&asking(&portal, "openid doc", &[PUPILS])).await;
    assert!(page.has("form[action='/consent']"), "taken back with the rest");
}

#[tokio::test]
async fn at_the_token_endpoint_resources_narrow_and_never_widen__rfc8707_2_2() {
    for app in TestApp::on_both().await {
        let portal = portal(&app).await;
        let mut browser = app.browser();
        let asked = asking(&portal, "openid offline_access doc diem:doc", &[PUPILS, MARKS]);
        let code = code(&mut browser, &asked).await;
        let wrong = portal.redeem_with(&code, &[("resource", "https://other.example.vn/")]).await;
        let text = "resource is not among those of the authorization request.";
        assert_eq!(
            (wrong.text("error").as_str(), wrong.text("error_description").as_str()),
            ("invalid_target", text)
        );
        let given = portal.redeem_with(&code, &[("resource", MARKS)]).await;
        assert_eq!(reach(&given), (json!(MARKS), "diem:doc".to_owned()), "a wrong try burns no code");

        let next = portal.refresh_with(&given.text("refresh_token"), &[("resource", PUPILS)]).await;
        assert_eq!(reach(&next), (json!(PUPILS), "doc".to_owned()), "the other one, as it was authorized");
        let next = portal.refresh(&next.text("refresh_token")).await;
        assert_eq!(reach(&next), (json!([MARKS, PUPILS]), "diem:doc doc".to_owned()));
        let token = next.text("refresh_token");
        for (more, error) in [
            (vec![("resource", "https://other.example.vn/")], "invalid_target"),
            (vec![("resource", "x")], "invalid_target"),
            (vec![("scope", "doc ghi")], "invalid_scope"),
            (vec![("resource", PUPILS), ("scope", "openid")], "invalid_scope"),
            (vec![("resource", PUPILS), ("scope", "diem:doc")], "invalid_scope"),
            (vec![("scope", "nobody-knows")], "invalid_scope"),
        ] {
            assert_eq!(portal.refresh_with(&token, &more).await.text("error"), error, "{more:?}");
        }
        let narrow = portal.refresh_with(&token, &[("scope", "doc nobody-knows")]).await;
        assert_eq!(reach(&narrow), (json!([MARKS, PUPILS]), "doc".to_owned()));
    }
}

#[tokio::test]
async fn a_word_that_two_resources_know_is_good_where_it_was_agreed_to_alone() {
    let app = TestApp::start().await;
    app.relying_party(resource("hoc-sinh", PUPILS, "doc xoa")).await;
    app.relying_party(resource("diem", MARKS, "doc xoa diem:doc")).await;
    let both = [(PUPILS, "doc xoa"), (MARKS, "doc diem:doc")];
    let portal = app.relying_party(calling("dichvucong", &both)).await;
    let mut browser = app.browser();
    code(&mut browser, &portal.authorize(&[])).await;
    let page = browser.get(&asking(&portal, "openid offline_access diem:doc", &[PUPILS, MARKS])).await;
    let shown = page.select_text("section[aria-labelledby=called] ul");
    assert!(
        shown.contains(&format!("{PUPILS}: doc, xoa")),
        "none of its words: all that is registered: {shown}"
    );
    assert!(shown.contains(&format!("{MARKS}: diem:doc")), "{shown}");
    let code = browser.agree(&page, &[]).await.answer()["code"].clone();
    let given = portal.redeem_with(&code, &[("resource", MARKS)]).await;
    assert_eq!(reach(&given), (json!(MARKS), "diem:doc".to_owned()));
    let next = portal.refresh_with(&given.text("refresh_token"), &[("resource", PUPILS)]).await;
    assert_eq!(reach(&next), (json!(PUPILS), "doc xoa".to_owned()));
    let next = portal.refresh(&next.text("refresh_token")).await;
    let together = "each of them would read every word";
    assert_eq!(reach(&next), (json!([MARKS, PUPILS]), "diem:doc".to_owned()), "{together}");

    let service = app.relying_party(service("dong-bo", &both)).await;
    let asked = [("grant_type", "client_credentials"), ("resource", PUPILS), ("resource", MARKS)];
    assert_eq!(reach(&service.post("/token", &asked).await).1, "diem:doc doc", "{together}");
}

#[tokio::test]
async fn a_lost_reply_is_asked_for_again_with_the_same_resources() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let asked = asking(&portal, "openid offline_access", &[PUPILS, MARKS]);
    let first = portal.redeem(&code(&mut app.browser(), &asked).await).await.text("refresh_token");
    let given = portal.refresh_with(&first, &[("resource", PUPILS)]).await.text("refresh_token");
    app.advance(Duration::from_secs(5)).await;
    let again = portal.refresh_with(&first, &[("resource", PUPILS)]).await.text("refresh_token");
    assert_eq!(given, again);
    let other = portal.refresh_with(&first, &[("resource", MARKS)]).await;
    assert_eq!(other.text("error"), "invalid_grant", "not the same request");
}

#[tokio::test]
async fn a_resource_is_told_of_a_person_s_token_for_it_and_no_other__rfc7662_4() {
    let app = TestApp::start().await;
    let pupils = app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let marks = app.relying_party(resource("diem", MARKS, "diem:doc")).await;
    let portal = app.relying_party(calling("dichvucong", &[(PUPILS, "doc"), (MARKS, "diem:doc")])).await;
    let mut browser = app.browser();
    let asked = asking(&portal, "openid offline_access", &[PUPILS]);
    let given = portal.redeem(&code(&mut browser, &asked).await).await;
    let token = given.text("access_token");
    let told = pupils.post("/introspect", &[("token", &token)]).await.body;
    let mut expected = claims(&token);
    expected["active"] = json!(true);
    expected["token_type"] = json!("Bearer");
    assert_eq!(told, expected);
    assert_eq!((&told["aud"], &told["scope"]), (&json!(PUPILS), &json!("doc")));
    assert_eq!(marks.post("/introspect", &[("token", &token)]).await.body, json!({ "active": false }));
    let refresh = portal.post("/introspect", &[("token", &given.text("refresh_token"))]).await;
    assert_eq!(refresh.text("scope"), "openid offline_access doc");

    let page = browser.open("/account/systems/withdraw?id=dichvucong").await;
    browser.submit(&page, "/account/systems/withdraw", &[]).await;
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(pupils.post("/introspect", &[("token", &token)]).await.body, json!({ "active": false }));
}

#[tokio::test]
async fn wrong_targets_are_told_to_the_system__rfc8707_2() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let plain = app.relying_party(confidential("motcua")).await;
    let not_allowed = "resource is not one that this client is registered to call.";
    let malformed = "resource must be an absolute https address without a fragment.";
    let wider = "scope asks for more than this client is registered for at this resource.";
    for (system, scope, resources, error, description) in [
        (&portal, "openid", vec!["https://other.example.vn/"], "invalid_target", not_allowed),
        (&portal, "openid", vec![PUPILS, "https://other.example.vn/"], "invalid_target", not_allowed),
        (&plain, "openid", vec![PUPILS], "invalid_target", not_allowed),
        (&portal, "openid", vec!["api"], "invalid_target", malformed),
        (&portal, "openid", vec!["https://hoc-sinh.example.vn/api#x"], "invalid_target", malformed),
        (&portal, "openid doc xoa", vec![PUPILS], "invalid_scope", wider),
    ] {
        let answer = app.browser().get(&asking(system, scope, &resources)).await.answer();
        assert_eq!(
            (answer["error"].as_str(), answer["error_description"].as_str()),
            (error, description),
            "{resources:?}"
        );
        assert_eq!(answer["state"], "st-1");
    }
    let own = app.browser().open(&asking(&plain, "openid", &[ISSUER])).await;
    assert_eq!(own.status, 200, "the provider itself may be named by everybody");

    let provider = &app.instance.provider;
    provider.switch_client(&ClientId::parse("diem").unwrap(), ClientStatus::Disabled).await.unwrap();
    provider.refresh_caches().await.unwrap();
    let answer = app.browser().get(&asking(&portal, "openid", &[MARKS])).await.answer();
    assert_eq!(answer["error"], "invalid_target", "disabled");
}

#[tokio::test]
async fn pushed_requests_name_resources_too__rfc9126_2_1() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let address = asking(&portal, "openid doc", &[PUPILS, ISSUER]);
    let (_, query) = address.split_once('?').unwrap();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .filter(|(name, _)| name != "client_id")
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let pushed = portal.post("/par", &pairs).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let address = format!(
        "/authorize?client_id=dichvucong&request_uri={}",
        pushed.text("request_uri").replace(':', "%3A")
    );
    let given = portal.redeem(&code(&mut app.browser(), &address).await).await;
    assert_eq!(reach(&given), (json!([PUPILS, ISSUER]), "openid doc".to_owned()));

    let wrong: Vec<_> = pairs.into_iter().chain([("resource", "https://other.example.vn/")]).collect();
    let refused = portal.post("/par", &wrong).await;
    assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (400, "invalid_target"));
}

#[tokio::test]
async fn a_token_by_way_of_the_browser_is_for_the_resource_too() {
    let app = TestApp::start().await;
    app.relying_party(resource("hoc-sinh", PUPILS, "doc")).await;
    let old = registration(
        "hethongcu",
        json!({
            "profile": "legacy", "response_types": ["id_token token"], "grant_types": ["implicit"],
            "resources": [{ "resource": PUPILS, "scope": "doc" }],
        }),
    );
    let old = app.relying_party(old).await;
    let address = format!("{}&resource={PUPILS}", old.authorize(&[("response_type", "id_token token")]));
    let answer = app.browser().first_visit(&address, &[]).await.answer();
    assert_eq!((&claims(&answer["access_token"])["aud"], answer["scope"].as_str()), (&json!(PUPILS), "doc"));
}

#[tokio::test]
async fn what_is_taken_from_the_registration_is_not_given_any_more() {
    let app = TestApp::start().await;
    let portal = portal(&app).await;
    let asked = asking(&portal, "openid offline_access doc ghi", &[PUPILS, MARKS]);
    let first = portal.redeem(&code(&mut app.browser(), &asked).await).await.text("refresh_token");
    RelyingParty::apply(&app.instance, &calling("dichvucong", &[(PUPILS, "doc")])).await;
    app.instance.provider.refresh_caches().await.unwrap();
    assert_eq!(portal.refresh(&first).await.text("error"), "invalid_target", "one of them is none any more");
    let next = portal.refresh_with(&first, &[("resource", PUPILS)]).await;
    assert_eq!(reach(&next), (json!(PUPILS), "doc".to_owned()));
}

#[tokio::test]
async fn a_code_that_is_too_long_to_be_carried_stays_here() {
    for app in TestApp::on_both().await {
        let uris: Vec<String> = (0..12)
            .map(|number| format!("https://tai-nguyen-{number}.example.vn/{}", "x".repeat(80)))
            .collect();
        let mut registered = Vec::new();
        for (number, uri) in uris.iter().enumerate() {
            app.relying_party(resource(&format!("tai-nguyen-{number}"), uri, "doc")).await;
            registered.push((uri.as_str(), "doc"));
        }
        let portal = app.relying_party(calling("dichvucong", &registered)).await;
        let named: Vec<&str> = uris.iter().map(String::as_str).collect();
        let code = code(&mut app.browser(), &asking(&portal, "openid", &named)).await;
        assert!(code.len() <= 1_024, "{}", code.len());
        let given = portal.redeem(&code).await;
        assert_eq!(reach(&given).0.as_array().map(Vec::len), Some(12));
        assert_eq!(portal.redeem(&code).await.text("error"), "invalid_grant", "once");
    }
}
