//! What no system may say of itself.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use super::registrar::{CALLBACK, Registrar, path_of};

#[tokio::test]
async fn wrong_metadata_is_named_and_never_echoed__rfc7591_3_2_2() {
    let registrar = Registrar::sandbox().await;
    let with = |name: &str, value: Value| {
        let mut metadata = json!({ "redirect_uris": [CALLBACK] });
        metadata[name] = value;
        metadata
    };
    let (uri, other) = ("invalid_redirect_uri", "invalid_client_metadata");
    registrar.refused(json!({}), uri, "redirect_uris is missing").await;
    for wrong in
        ["https://evil.example/#fragment", "http://evil.example/", "javascript:alert(1)", "/evil", ""]
    {
        registrar.refused(with("redirect_uris", json!([wrong])), uri, "redirect_uris holds").await;
        assert!(
            !registrar
                .register(&with("redirect_uris", json!([wrong])))
                .await
                .body
                .to_string()
                .contains("evil")
        );
    }
    registrar.refused(with("redirect_uris", json!("https://rp.example.vn/")), uri, "another form").await;
    registrar.refused(with("redirect_uris", json!([1])), uri, "another form").await;
    let many: Vec<String> = (0..33).map(|number| format!("{CALLBACK}/{number}")).collect();
    registrar.refused(with("redirect_uris", json!(many)), uri, "more than 32").await;
    registrar.refused(with("grant_types", json!(["password"])), other, "grant_types has").await;
    registrar.refused(with("response_types", json!(["token evil"])), other, "response_types has").await;
    registrar.refused(with("id_token_signed_response_alg", json!("none")), other, "id_token_signed").await;
    registrar.refused(with("token_endpoint_auth_method", json!("evil")), other, "token_endpoint_auth").await;
    registrar.refused(with("subject_type", json!(7)), other, "subject_type has").await;
    registrar.refused(with("client_uri", json!("http://evil.example")), other, "client_uri").await;
    registrar.refused(with("client_name", json!(["evil"])), other, "client_name must be a text").await;
    registrar.refused(with("client_name", json!("a\u{202E}b")), other, "client_name").await;
    registrar.refused(with("scope", json!(["openid"])), other, "scope must be").await;
    let hosts = json!([CALLBACK, "https://other.example.vn/callback"]);
    registrar.refused(with("redirect_uris", hosts), other, "sector_identifier_uri is needed").await;
    for body in ["", "[]", "null", "{\"redirect_uris\":", "\"x\""] {
        let answer = registrar.send(Method::POST, "/register", None, body).await;
        assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (400, other), "{body}");
    }
    let form = Request::post("/register").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(registrar.system.answer(form.body(Body::from("a=b")).unwrap()).await.status, 400);
    let large = format!("{{\"client_name\":\"{}\"}}", "a".repeat(70_000));
    assert_eq!(registrar.send(Method::POST, "/register", None, &large).await.status, 413);
}

#[tokio::test]
async fn nobody_gives_himself_what_is_ours_to_give() {
    let registrar = Registrar::sandbox().await;
    let answer = registrar
        .register(&json!({
            "redirect_uris": [CALLBACK], "client_id": "dichvucong", "client_secret": "mine", "scope": "openid",
            "claims": [{ "claim": "email", "purpose": { "vi": "a", "en": "b" }, "basis": "law" }],
            "sector_identifier": "dichvucong.example.vn", "require_pkce": false,
        }))
        .await;
    let id = khue::protocol::ClientId::parse(&answer.text("client_id")).unwrap();
    assert_ne!((id.as_str(), answer.text("client_secret").as_str()), ("dichvucong", "mine"));
    let client = registrar.app.instance.provider.client(&id).unwrap();
    assert!(client.registration.claims.is_empty(), "nobody asked for a scope with claims");
    assert_eq!(client.registration.sector, "rp.example.vn");
}

#[tokio::test]
async fn a_member_that_comes_twice_is_refused_by_name__rfc8259_4() {
    let registrar = Registrar::sandbox().await;
    let made = registrar.register(&json!({ "redirect_uris": [CALLBACK] })).await;
    let (path, token) = (path_of(&made), made.text("registration_access_token"));
    let id = made.text("client_id");
    for (twice, says) in [
        (
            r#""redirect_uris": ["https://evil.example/"], "redirect_uris": ["https://a.vn/"]"#,
            "redirect_uris",
        ),
        (r#""client_name#vi": "a", "client_name": "b", "client_name#vi": "c""#, "client_name#vi"),
        (r#""jwks": { "keys": [], "keys": [{ "kty": "EC" }] }"#, "keys"),
        (r#""unknown": 1, "unknown": 1"#, "unknown"),
        (r#""\u202e": 1, "\u202e": 1"#, "A member"),
    ] {
        let body = format!("{{ \"client_id\": \"{id}\", \"contacts\": [], {twice} }}");
        for (method, at) in [(Method::POST, "/register"), (Method::PUT, path.as_str())] {
            let answer = registrar.send(method, at, Some(&token), &body).await;
            let told = (answer.status.as_u16(), answer.text("error"), answer.text("error_description"));
            let description = format!("{says} comes twice.");
            assert_eq!(told, (400, "invalid_client_metadata".to_owned(), description), "{body}");
        }
    }
    assert_eq!(
        registrar.send(Method::GET, &path, Some(&token), "").await.body["redirect_uris"],
        json!([CALLBACK])
    );
}
