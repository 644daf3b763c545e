//! Addresses that are called for a system: judged when it registers.

use std::time::Duration;

use axum::http::Method;
use khue::protocol::ScopeSet;
use serde_json::{Value, json};

use super::registrar::{CALLBACK, Registrar, path_of};
use crate::kit::{Publisher, TestApp};

#[tokio::test]
async fn a_sector_lists_every_address_of_its_systems__oidc_registration_5() {
    let registrar = Registrar::sandbox().await;
    let both = json!([CALLBACK, "https://other.example.vn/callback"]);
    let with = |uri: &str| json!({ "redirect_uris": both, "sector_identifier_uri": uri });
    let other = "invalid_client_metadata";
    let published = Publisher::of(&both).await;
    let good = published.url();
    let made = registrar.register(&with(&good)).await;
    assert_eq!(
        (made.status.as_u16(), made.text("sector_identifier_uri")),
        (201, good.clone()),
        "{}",
        made.body
    );
    let id = khue::protocol::ClientId::parse(&made.text("client_id")).unwrap();
    assert_eq!(registrar.app.instance.provider.client(&id).unwrap().registration.sector, "127.0.0.1");
    let (path, token) = (path_of(&made), made.text("registration_access_token"));
    let read = registrar.send(Method::GET, &path, Some(&token), "").await;
    assert_eq!(read.text("sector_identifier_uri"), good);

    let short = Publisher::of(&json!([CALLBACK])).await;
    registrar.refused(with(&short.url()), other, "does not hold every redirect URI").await;
    let strange = Publisher::of(&json!({ "a": 1 })).await;
    registrar.refused(with(&strange.url()), other, "does not lead to a JSON array").await;
    for (inside, says) in [
        ("http://10.0.0.1/sector.json", "only https"),
        ("https://169.254.169.254/sector.json", "private network"),
        ("ftp://rp.example.vn/sector.json", "only https"),
        ("nonsense", "not an https address"),
        ("https://[fd00::1]/sector.json", "private network"),
        ("https://[::1]:1/sector.json", "no answer over a trusted connection"),
        ("https://a!b.example.vn/sector.json", "has a host of other than letters"),
    ] {
        registrar.refused(with(inside), other, says).await;
    }

    let app = TestApp::builder().with("server.registration", "token").build().await;
    let strict = Registrar::of(app).await;
    let provider = &strict.app.instance.provider;
    let until = provider.now() + Duration::from_secs(60);
    let token = provider.issue_initial_token(&ScopeSet::parse("openid"), 1, until).await.unwrap();
    let answer = strict.send(Method::POST, "/register", Some(token.expose()), &with(&good).to_string()).await;
    assert_eq!(answer.status, 400, "outside of a sandbox nothing on this machine is called");
}

#[tokio::test]
async fn an_address_that_would_never_be_called_is_refused_where_it_is_registered() {
    let addresses = [
        ("jwks_uri", json!("http://127.0.0.1:9/jwks"), "only https addresses"),
        ("jwks_uri", json!("https://127.0.0.1:9/jwks"), "leads to this machine or into a private network"),
        ("jwks_uri", json!("https://localhost/jwks"), "leads to this machine"),
        ("jwks_uri", json!("https://keys.localhost/jwks"), "leads to this machine"),
        ("request_uris", json!(["https://rp.example.vn/r", "http://localhost:9/r"]), "only https addresses"),
        ("request_uris", json!(["https://[::1]/r"]), "leads to this machine"),
        ("backchannel_logout_uri", json!("http://localhost:9/out"), "only https addresses"),
        ("backchannel_logout_uri", json!("https://[::1]:9/out"), "leads to this machine"),
    ];
    let inside = [
        ("jwks_uri", json!("https://10.0.0.1/jwks"), "leads to this machine or into a private network"),
        ("jwks_uri", json!("https://[fd00::1]/jwks"), "private network"),
        ("request_uris", json!(["https://169.254.169.254/latest"]), "private network"),
        ("backchannel_logout_uri", json!("https://192.168.1.7/out"), "private network"),
    ];
    let with = |member: &str, value: &Value| json!({ "redirect_uris": [CALLBACK], member: value });
    let app = TestApp::builder().with("server.registration", "token").build().await;
    let (strict, sandbox) = (Registrar::of(app).await, Registrar::sandbox().await);
    let provider = &strict.app.instance.provider;
    let until = provider.now() + Duration::from_secs(60);
    let token = provider.issue_initial_token(&ScopeSet::parse("openid"), 1, until).await.unwrap();
    let refused = async |registrar: &Registrar, member: &str, value: &Value, says: &str| {
        let body = with(member, value).to_string();
        let answer = registrar.send(Method::POST, "/register", Some(token.expose()), &body).await;
        let told = (answer.status.as_u16(), answer.text("error"));
        assert_eq!(told, (400, "invalid_client_metadata".to_owned()), "{member} {value}");
        let description = answer.text("error_description");
        assert!(
            description.starts_with(&format!("{member}: ")) && description.contains(says),
            "{description}"
        );
    };
    for (member, value, says) in &inside {
        refused(&sandbox, member, value, says).await;
    }
    for (member, value, says) in addresses.iter().chain(&inside) {
        refused(&strict, member, value, says).await;
    }
    for (member, value, _) in &addresses {
        let made = sandbox.register(&with(member, value)).await;
        assert_eq!(made.status, 201, "{member} {value}: {}", made.body);
    }
}
