//! Signed answers (JARM).

use khue::base::encoding::from_base64url;
use serde_json::{Value, json};

use super::front_channel::old_system;
use crate::kit::{TestApp, claims, confidential, registration};

fn header(jwt: &str) -> Value {
    serde_json::from_slice(&from_base64url(jwt.split('.').next().unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn the_answer_is_a_jwt_for_the_system_and_for_ten_minutes__jarm_2_1() {
    let app = TestApp::start().await;
    let changes = json!({ "authorization_signed_response_alg": "PS256" });
    let system = app.relying_party(registration("dichvucong", changes)).await;
    let mut browser = app.browser();
    let page = browser.first_visit(&system.authorize(&[("response_mode", "jwt")]), &[]).await;
    assert!(page.location().unwrap().starts_with(&format!("{}?response=", system.redirect_uri())));
    let answer = page.answer();
    assert_eq!(answer.keys().collect::<Vec<_>>(), ["response"], "nothing stands beside it");
    assert_eq!(header(&answer["response"])["alg"], "PS256");
    let signed = claims(&answer["response"]);
    assert_eq!(signed["iss"], crate::kit::ISSUER);
    assert_eq!(signed["aud"], "dichvucong");
    assert_eq!(signed["exp"], 1_795_420_800 + 600);
    assert_eq!(signed["state"], "st-1");
    assert_eq!(signed.as_object().unwrap().len(), 6, "{signed}");
    assert_eq!(system.redeem(signed["code"].as_str().unwrap()).await.status, 200);

    for (mode, before) in [("query.jwt", '?'), ("fragment.jwt", '#')] {
        let page = browser.open(&system.authorize(&[("response_mode", mode)])).await;
        assert!(
            page.location().unwrap().starts_with(&format!("{}{before}response=", system.redirect_uri())),
            "{mode}"
        );
    }
    let page = browser.open(&system.authorize(&[("response_mode", "form_post.jwt")])).await;
    let fields = page.hidden_fields(system.redirect_uri());
    assert_eq!((fields.len(), fields[0].0.as_str()), (1, "response"));
    assert!(claims(&fields[0].1)["code"].is_string());
}

#[tokio::test]
async fn errors_are_signed_too__jarm_2_1() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    for changes in [
        [("response_mode", "jwt"), ("prompt", "none")],
        [("response_mode", "form_post.jwt"), ("prompt", "none")],
    ] {
        let page = app.browser().get(&system.authorize(&changes)).await;
        let response = match page.location() {
            Some(_) => page.answer()["response"].clone(),
            None => page.hidden_fields(system.redirect_uri())[0].1.clone(),
        };
        assert_eq!(header(&response)["alg"], "RS256", "the default of the standard");
        let signed = claims(&response);
        assert_eq!((&signed["error"], &signed["state"]), (&json!("login_required"), &json!("st-1")));
        assert!(signed["error_description"].is_string() && signed["iss"] == crate::kit::ISSUER);
    }
}

#[tokio::test]
async fn tokens_go_in_the_fragment_signed_or_not__jarm_2_3() {
    let app = TestApp::start().await;
    let system = app.relying_party(old_system("hethongcu")).await;
    let asked = [("response_type", "code id_token"), ("response_mode", "jwt")];
    let page = app.browser().first_visit(&system.authorize(&asked), &[]).await;
    assert!(page.location().unwrap().starts_with(&format!("{}#response=", system.redirect_uri())));
    let signed = claims(&page.answer()["response"]);
    assert!(signed["id_token"].is_string() && signed["code"].is_string());

    let asked = [("response_type", "code id_token"), ("response_mode", "query.jwt")];
    let page = app.browser().get(&system.authorize(&asked)).await;
    assert!(page.location().unwrap().starts_with(&format!("{}#response=", system.redirect_uri())));
    let signed = claims(&page.answer()["response"]);
    assert_eq!(signed["error"], "invalid_request");
    assert_eq!(
        signed["error_description"],
        "The query carries no tokens; leave response_mode out, or send fragment or form_post."
    );
}
