//! Wrong requests to the token endpoint.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::kit::{Answer, RelyingParty, TestApp, confidential, public};

const FORM: &str = "application/x-www-form-urlencoded";

async fn post(system: &RelyingParty, authorization: Option<&str>, content_type: &str, body: &str) -> Answer {
    let mut request = Request::post("/token").header(CONTENT_TYPE, content_type);
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    system.answer(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_client_that_fails_to_authenticate_learns_nothing__rfc6749_5_2() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let browser_app = app.relying_party(public("dienthoai")).await;
    let basic = |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let secret = system.secret.clone().unwrap();
    let grant = "grant_type=refresh_token&refresh_token=x";
    let mut texts = std::collections::BTreeSet::new();
    for (authorization, body) in [
        (Some(basic("dichvucong", "wrong")), grant.to_owned()),
        (Some(basic("unknown", &secret)), grant.to_owned()),
        (None, format!("{grant}&client_id=dichvucong&client_secret={secret}")),
        (None, format!("{grant}&client_id=dichvucong")),
        (Some(basic("dienthoai", "x")), grant.to_owned()),
        (None, format!("{grant}&client_id=unknown")),
    ] {
        let answer = post(&system, authorization.as_deref(), FORM, &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text("error").as_str()),
            (401, "invalid_client"),
            "{body}"
        );
        assert_eq!(answer.header("www-authenticate").starts_with("Basic"), authorization.is_some());
        texts.insert(answer.text("error_description"));
    }
    assert_eq!(texts.len(), 1, "the same text whichever part was wrong");
    let answer = post(&browser_app, None, FORM, &format!("{grant}&client_id=dienthoai")).await;
    assert_eq!(answer.text("error"), "invalid_grant", "the right method goes on to the grant");
}

#[tokio::test]
async fn each_malformed_request_is_named() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let secret = system.secret.clone().unwrap();
    let basic = format!("Basic {}", STANDARD.encode(format!("dichvucong:{secret}")));
    for (content_type, body, error) in [
        (FORM, "", "invalid_request"),
        (FORM, "grant_type=", "invalid_request"),
        (FORM, "grant_type=password&username=a&password=b", "unsupported_grant_type"),
        (FORM, "grant_type=client_credentials", "unauthorized_client"),
        (FORM, "grant_type=authorization_code", "invalid_request"),
        (FORM, "grant_type=authorization_code&code=a&code=b&redirect_uri=x", "invalid_request"),
        (FORM, "grant_type=refresh_token&grant_type=refresh_token&refresh_token=x", "invalid_request"),
        (FORM, "grant_type=refresh_token&refresh_token=%00", "invalid_request"),
        (FORM, "grant_type=refresh_token&refresh_token=x&client_secret=y", "invalid_request"),
        ("application/json", "{}", "invalid_request"),
    ] {
        let answer = post(&system, Some(&basic), content_type, body).await;
        assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (400, error), "{body}");
        assert!(answer.text("error_description").is_ascii());
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused_before_it_is_read() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let body = format!("client_id=dienthoai&grant_type=refresh_token&refresh_token={}", "x".repeat(70_000));
    let told = post(&system, None, FORM, &body).await;
    assert_eq!((told.status.as_u16(), told.text("error").as_str()), (413, "invalid_request"));
    assert_eq!(told.header("x-content-type-options"), "nosniff");
    // The length alone is enough: nothing is waited for.
    for path in ["/token", "/userinfo", "/introspect", "/revoke", "/sign-in", "/authorize"] {
        let announced = Request::post(path).header(CONTENT_TYPE, FORM).header("content-length", "65537");
        let endless =
            Body::from_stream(futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>());
        let request = announced.body(endless).unwrap();
        let answer = crate::kit::send(&app.router(), request).await;
        assert_eq!(answer.status(), 413, "{path}");
        let is_json = answer.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("application/json");
        assert_eq!(is_json, !matches!(path, "/sign-in" | "/authorize"), "{path}");
    }
}

#[tokio::test]
async fn a_look_without_a_visit_gives_no_code() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    for (address, allowed) in
        [(system.authorize(&[]), "GET, POST"), ("/continue?interaction=x".to_owned(), "GET")]
    {
        let answer = system.answer(Request::head(&address).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allowed), "{address}");
        assert_eq!(answer.header("location"), "");
    }
}

#[tokio::test]
async fn no_browser_guesses_what_an_answer_is() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    for path in [
        "/token",
        "/userinfo",
        "/jwks",
        "/.well-known/openid-configuration",
        "/audit/key",
        "/audit/checkpoint",
        "/audit/proof/inclusion",
        "/health/live",
        "/nowhere",
    ] {
        let answer = system.answer(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    for path in ["/token", "/par", "/introspect", "/revoke", "/device"] {
        let answer = system.answer(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"), "{path}");
        assert_eq!(answer.text("error"), "invalid_request", "{path}");
        assert!(!answer.text("error_description").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told_in_the_form_of_the_endpoint() {
    let app = TestApp::start().await;
    for path in ["/token", "/par", "/introspect", "/revoke", "/device", "/userinfo"] {
        let broken = futures_util::stream::iter([
            Ok(bytes::Bytes::from_static(b"grant_type=")),
            Err(std::io::Error::other("broken off")),
        ]);
        let request = Request::post(path).header(CONTENT_TYPE, FORM).body(Body::from_stream(broken)).unwrap();
        let answer = crate::kit::send(&app.router(), request).await;
        assert_eq!(answer.status(), 400, "{path}");
        let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(body["error"], "invalid_request", "{path}");
        assert_eq!(answer.headers().contains_key("www-authenticate"), path == "/userinfo", "{path}");
    }
}

#[tokio::test]
async fn browsers_of_other_origins_may_call_it() {
    let app = TestApp::start().await;
    let system = app.relying_party(public("dienthoai")).await;
    let preflight = Request::options("/token")
        .header("origin", "https://app.example.vn")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,dpop");
    let answer = system.answer(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    assert_eq!(answer.header("access-control-allow-headers"), "authorization,content-type,dpop");
    let answer = system
        .answer(
            Request::post("/token").header("origin", "https://app.example.vn").body(Body::empty()).unwrap(),
        )
        .await;
    assert_eq!(answer.header("access-control-expose-headers"), "www-authenticate,dpop-nonce");
}

#[tokio::test]
async fn both_secrets_count_while_one_is_being_changed() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let old = system.secret.clone().unwrap();
    let provider = &app.instance.provider;
    let new = provider.rotate_client_secret(&system.registration.client_id).await.unwrap().unwrap();
    provider.refresh_caches().await.unwrap();
    let try_with = async |secret: &str| {
        let basic = format!("Basic {}", STANDARD.encode(format!("dichvucong:{secret}")));
        post(&system, Some(&basic), FORM, "grant_type=refresh_token&refresh_token=x").await.text("error")
    };
    assert_eq!(try_with(&old).await, "invalid_grant");
    assert_eq!(try_with(new.expose()).await, "invalid_grant");
    app.advance(std::time::Duration::from_secs(8 * 24 * 3600)).await;
    assert_eq!(try_with(&old).await, "invalid_client");
    assert_eq!(try_with(new.expose()).await, "invalid_grant");
}
