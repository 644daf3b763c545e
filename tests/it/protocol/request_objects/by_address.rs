//! Objects that are fetched.

use khue::base::encoding::base64url;
use khue::protocol::SigningAlgorithm;
use ring::digest::{SHA256, digest};
use serde_json::json;

use super::system::{bare, refusal, signing};
use crate::kit::{Publisher, Signer, TestApp, registration};

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
