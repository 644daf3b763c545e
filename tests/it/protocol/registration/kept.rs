//! What is kept can be read again, and what one system says stands in no other's way.

use khue::protocol::ClientId;
use serde_json::{Value, json};

use super::registrar::{CALLBACK, Registrar};

#[tokio::test]
async fn whatever_a_system_says_of_itself_the_register_is_read_again() {
    let registrar = Registrar::sandbox().await;
    let native = |uri: &str| {
        json!({
            "application_type": "native", "token_endpoint_auth_method": "none", "redirect_uris": [uri],
        })
    };
    let device = |uri: &str| {
        json!({
            "grant_types": ["urn:ietf:params:oauth:grant-type:device_code"], "response_types": [],
            "token_endpoint_auth_method": "none", "client_uri": uri,
        })
    };
    let hosts = [
        "host_x",
        "a~b",
        "a$b",
        "a,b",
        "+x",
        "a%41",
        "a!b'c",
        "a&b",
        "a=b",
        "(a",
        "a*",
        "a`",
        "a{",
        "a\"",
        "a;",
        "[::1]",
        "[::1]:8080",
        "[2001:db8::1]",
        "127.0.0.1",
        "ẽ.vn",
        "A.VN",
        "a..vn",
    ];
    let mut said: Vec<Value> = vec![native("com.example+a:/cb"), native("com.example:/cb")];
    for host in hosts {
        said.extend(
            ["com.example", "com.example+a", "http", "https"]
                .map(|scheme| native(&format!("{scheme}://{host}/cb"))),
        );
        said.extend(["http", "https"].map(|scheme| device(&format!("{scheme}://{host}/"))));
        said.push(json!({ "redirect_uris": [format!("https://{host}/cb")] }));
    }
    for metadata in said {
        let answer = registrar.register(&metadata).await;
        assert!([201, 400].contains(&answer.status.as_u16()), "{metadata}: {}", answer.body);
        registrar.app.instance.provider.refresh_caches().await.unwrap();
        if answer.status == 201 {
            let id = ClientId::parse(&answer.text("client_id")).unwrap();
            assert!(registrar.app.instance.provider.client(&id).is_some(), "{metadata}");
        }
    }
}

#[tokio::test]
async fn a_registration_that_cannot_be_read_is_left_out_and_no_other() {
    let registrar = Registrar::sandbox().await;
    let provider = &registrar.app.instance.provider;
    for _ in 0..2 {
        assert_eq!(registrar.register(&json!({ "redirect_uris": [CALLBACK] })).await.status, 201);
    }
    let spoiled = "UPDATE client SET registration = '{}' WHERE client_id = \
        (SELECT min(client_id) FROM client WHERE client_id <> 'dichvucong') RETURNING client_id";
    let spoiled = registrar.app.texts(spoiled).await;
    let third = registrar.register(&json!({ "redirect_uris": [CALLBACK] })).await;
    assert_eq!(third.status, 201, "{}", third.body);
    for id in registrar.app.texts("SELECT client_id FROM client").await {
        let stands = provider.client(&ClientId::parse(&id).unwrap()).is_some();
        assert_eq!(stands, !spoiled.contains(&id), "{id}");
    }
}
