//! Who may register systems.

use std::time::Duration;

use axum::http::Method;
use khue::protocol::ScopeSet;
use serde_json::json;

use super::registrar::{CALLBACK, Registrar, path_of};
use crate::kit::TestApp;

#[tokio::test]
async fn with_a_token_only_as_many_and_as_much_as_it_allows() {
    let app = TestApp::builder().with("server.registration", "token").build().await;
    let registrar = Registrar::of(app).await;
    let provider = &registrar.app.instance.provider;
    let scope = ScopeSet::parse("openid email");
    let until = provider.now() + Duration::from_secs(3600);
    let token = provider.issue_initial_token(&scope, 2, until).await.unwrap();
    let least = json!({ "redirect_uris": [CALLBACK] }).to_string();
    let register =
        async |token: Option<&str>, body: &str| registrar.send(Method::POST, "/register", token, body).await;

    let nobody = register(None, &least).await;
    assert_eq!((nobody.status.as_u16(), nobody.header("www-authenticate")), (401, "Bearer realm=\"khue\""));
    assert_eq!(register(Some("khue_ia_x"), &least).await.status, 401);
    let too_much = json!({ "redirect_uris": [CALLBACK], "scope": "openid phone" }).to_string();
    assert_eq!(register(Some(token.expose()), &too_much).await.text("error"), "invalid_client_metadata");
    let made = register(Some(token.expose()), &least).await;
    assert_eq!(made.text("scope"), "openid email");
    let id = khue::protocol::ClientId::parse(&made.text("client_id")).unwrap();
    let registration = provider.client(&id).unwrap().registration.clone();
    assert!(registration.require_pkce && !registration.claims[0].essential, "nothing is given away here");
    let (path, own) = (path_of(&made), made.text("registration_access_token"));
    let wider = json!({ "client_id": id, "redirect_uris": [CALLBACK], "scope": "openid phone" }).to_string();
    assert_eq!(registrar.send(Method::PUT, &path, Some(&own), &wider).await.status, 400, "nor later");

    let racing = (0..8).map(|_| register(Some(token.expose()), &least));
    let answers = futures_util::future::join_all(racing).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1, "one of two was used, one of eight gets the other");
    let late = provider.issue_initial_token(&scope, 2, until).await.unwrap();
    registrar.app.advance(Duration::from_secs(3601)).await;
    assert_eq!(register(Some(late.expose()), &least).await.status, 401, "too late");
    let kinds = registrar.app.texts("SELECT kind FROM audit_entry WHERE kind LIKE 'registration.%'").await;
    assert_eq!(kinds, ["registration.token_issued"; 2]);
}

#[tokio::test]
async fn where_it_is_off_there_is_no_such_endpoint() {
    let registrar = Registrar::of(TestApp::start().await).await;
    let metadata = json!({ "redirect_uris": [CALLBACK] }).to_string();
    assert_eq!(registrar.send(Method::POST, "/register", None, &metadata).await.status, 404);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = registrar.send(method, "/register/dichvucong", Some("khue_ra_x"), &metadata).await;
        assert_eq!(answer.status, 404);
    }
    let document = registrar.send(Method::GET, "/.well-known/openid-configuration", None, "").await.body;
    assert!(document.get("registration_endpoint").is_none());
    let open = Registrar::sandbox().await;
    let document = open.send(Method::GET, "/.well-known/openid-configuration", None, "").await.body;
    assert_eq!(document["registration_endpoint"], "https://id.example.vn/register");
}
