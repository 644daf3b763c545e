//! A registration in the hands of its system (RFC 7592).

use axum::http::Method;
use serde_json::{Value, json};

use super::registrar::{CALLBACK, Registrar, path_of};
use crate::kit::TestApp;

#[tokio::test]
async fn a_registration_is_read_changed_and_ended_by_its_token__rfc7592() {
    for app in [
        TestApp::builder().with("server.sandbox", "true").build().await,
        TestApp::builder()
            .with("server.sandbox", "true")
            .engine(khue::storage::Engine::Postgres)
            .build()
            .await,
    ] {
        let registrar = Registrar::of(app).await;
        let made = registrar.register(&json!({ "redirect_uris": [CALLBACK] })).await;
        let (path, token, id) =
            (path_of(&made), made.text("registration_access_token"), made.text("client_id"));
        let read = registrar.send(Method::GET, &path, Some(&token), "").await;
        assert_eq!((read.status.as_u16(), read.header("cache-control")), (200, "no-store"));
        assert_eq!(read.text("registration_access_token"), token);
        assert!(read.body.get("client_secret").is_none(), "we do not know it any more");

        let change = |more: Value| {
            let mut sent = json!({ "client_id": id, "redirect_uris": [CALLBACK], "client_name": "New" });
            sent.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            sent.to_string()
        };
        for (wrong, says) in [
            (json!({ "client_id": "dichvucong" }), "client_id must"),
            (json!({ "registration_access_token": token }), "registration_access_token is not"),
            (json!({ "client_secret": "wrong" }), "client_secret must"),
            (json!({ "redirect_uris": [] }), "redirect_uris is missing"),
        ] {
            let answer = registrar.send(Method::PUT, &path, Some(&token), &change(wrong)).await;
            assert_eq!(answer.status, 400);
            assert!(answer.text("error_description").contains(says), "{}", answer.body);
        }
        let secret = json!({ "client_secret": made.text("client_secret"), "scope": "openid email" });
        let changed = registrar.send(Method::PUT, &path, Some(&token), &change(secret)).await;
        assert_eq!(
            (changed.status.as_u16(), changed.text("client_name").as_str()),
            (200, "New"),
            "{}",
            changed.body
        );
        assert_eq!(registrar.send(Method::GET, &path, Some(&token), "").await.text("scope"), "openid email");

        let other = registrar.register(&json!({ "redirect_uris": [CALLBACK] })).await;
        for foreign in [Some(other.text("registration_access_token")), Some("khue_ra_x".to_owned()), None] {
            for method in [Method::GET, Method::PUT, Method::DELETE] {
                let body = change(json!({}));
                let answer = registrar.send(method, &path, foreign.as_deref(), &body).await;
                assert_eq!(answer.status, 401);
                let challenge = answer.header("www-authenticate");
                assert!(challenge.starts_with("Bearer "), "{challenge}");
                assert_eq!(challenge.contains("invalid_token"), foreign.is_some());
            }
        }
        let ended = registrar.send(Method::DELETE, &path, Some(&token), "").await;
        assert_eq!((ended.status.as_u16(), ended.header("cache-control")), (204, "no-store"));
        assert_eq!(registrar.send(Method::GET, &path, Some(&token), "").await.status, 401);
        let page = registrar.app.browser().open(&format!("/authorize?client_id={id}")).await;
        assert!(page.text().contains("KH-101"), "a system that ended is no system");
    }
}

#[tokio::test]
async fn another_node_knows_a_new_system_by_its_own_token_at_once() {
    let [here, there] = TestApp::builder().with("server.sandbox", "true").two_nodes().await;
    let (here, there) = (Registrar::of(here).await, Registrar::of(there).await);
    let made = here.register(&json!({ "redirect_uris": [CALLBACK] })).await;
    let token = made.text("registration_access_token");
    assert_eq!(there.send(Method::GET, &path_of(&made), Some(&token), "").await.status, 200);
    let authorize = format!(
        "/authorize?client_id={}&redirect_uri={CALLBACK}&response_type=code&scope=openid",
        made.text("client_id")
    );
    there.app.instance.provider.refresh_caches().await.unwrap();
    assert!(there.app.browser().open(&authorize).await.has("select[name=person]"));
}

#[tokio::test]
async fn an_address_that_is_no_text_is_answered_as_one_that_nobody_has__rfc7592_2() {
    let registrar = Registrar::sandbox().await;
    let made = registrar.register(&json!({ "redirect_uris": [CALLBACK] })).await;
    let token = made.text("registration_access_token");
    let body = json!({ "redirect_uris": [CALLBACK] }).to_string();
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        for path in ["/register/%ff", "/register/nobody"] {
            let answer = registrar.send(method.clone(), path, Some(&token), &body).await;
            let told = (answer.status.as_u16(), answer.text("error"), answer.header("content-type"));
            assert_eq!(told, (401, "invalid_token".to_owned(), "application/json"), "{method} {path}");
        }
    }
    let tile = registrar.send(Method::GET, "/audit/tile/%ff", None, "").await;
    let told = (tile.status.as_u16(), tile.header("content-type"));
    assert_eq!(told, (404, "application/problem+json"));
    for path in ["/systems/%ff/logo", "/assets/%ff/style.css", "/assets/x/%ff"] {
        let page = registrar.app.browser().get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}: a page of ours");
    }
}
