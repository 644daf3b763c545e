//! What a system may say of itself, and what is made of it.

use serde_json::{Value, json};

use super::registrar::{CALLBACK, Registrar};

#[tokio::test]
async fn the_least_metadata_gets_the_standard_s_defaults__oidc_registration_2() {
    let registrar = Registrar::sandbox().await;
    let answer = registrar.register(&json!({ "redirect_uris": [CALLBACK], "x-unknown": { "a": 1 } })).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (201, "no-store"),
        "{}",
        answer.body
    );
    let id = answer.text("client_id");
    assert_eq!(answer.text("registration_client_uri"), format!("https://id.example.vn/register/{id}"));
    assert!(answer.text("client_secret").starts_with("khue_cs_"));
    assert!(answer.text("registration_access_token").starts_with("khue_ra_"));
    let mut told = answer.body.clone();
    for given in ["client_id", "client_secret", "registration_access_token", "registration_client_uri"] {
        told.as_object_mut().unwrap().remove(given);
    }
    let standard = json!({
      "application_type": "web",
      "client_id_issued_at": 1795420800,
      "client_name": "rp.example.vn",
      "client_secret_expires_at": 0,
      "authorization_signed_response_alg": "RS256",
      "client_uri": "https://rp.example.vn/",
      "contacts": [],
      "dpop_bound_access_tokens": false,
      "grant_types": [
        "authorization_code"
      ],
      "id_token_signed_response_alg": "RS256",
      "introspection_signed_response_alg": "RS256",
      "post_logout_redirect_uris": [],
      "profile": "legacy",
      "redirect_uris": [
        "https://rp.example.vn/callback"
      ],
      "require_pushed_authorization_requests": false,
      "response_types": [
        "code"
      ],
      "scope": "openid profile_min profile email phone address age offline_access",
      "subject_type": "pairwise",
      "token_endpoint_auth_method": "client_secret_basic"
    });
    assert_eq!(told, standard);
}

#[tokio::test]
async fn a_registered_system_works_at_once_from_sign_in_to_userinfo() {
    let registrar = Registrar::sandbox().await;
    let metadata = json!({
        "redirect_uris": [CALLBACK],
        "client_name": "A portal",
        "client_name#vi": "Một cổng",
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": "ES256",
    });
    let answer = registrar.register(&metadata).await;
    assert_eq!(
        (answer.text("client_name"), answer.text("client_name#vi")),
        ("A portal".into(), "Một cổng".into())
    );
    let provider = &registrar.app.instance.provider;
    let id = khue::protocol::ClientId::parse(&answer.text("client_id")).unwrap();
    let registration = provider.client(&id).unwrap().registration.clone();
    let secret = Some(answer.text("client_secret"));
    let system = crate::kit::RelyingParty::at(registrar.app.router(), registration, secret);
    let mut browser = registrar.app.browser();
    let page = browser.open(&system.authorize(&[("scope", "openid profile email offline_access")])).await;
    assert!(page.text().contains("Một cổng"));
    let page = browser.submit(&page, "/sandbox/sign-in", &[("person", "parent")]).await;
    assert!(page.text().contains("mục đích chưa được thẩm định"), "people are told that nobody looked at it");
    assert!(!page.has("input[type=checkbox]"), "with the one button everything is shared");
    let page = browser.agree(&page, &[]).await;
    let tokens = system.redeem(&page.answer()["code"]).await;
    let userinfo = system.userinfo(&tokens.text("access_token")).await.body;
    assert_eq!(
        (&userinfo["name"], &userinfo["email"]),
        (&json!("Nguyễn Thị Ánh"), &json!("anh.nguyen@khue.example"))
    );
    assert_eq!(system.refresh(&tokens.text("refresh_token")).await.status, 200);
}

#[tokio::test]
async fn what_a_system_says_of_itself_is_in_force_at_once__rfc7591_2() {
    let registrar = Registrar::sandbox().await;
    let answer = registrar
        .register(&json!({
            "redirect_uris": [CALLBACK],
            "token_endpoint_auth_method": "client_secret_post",
            "require_pushed_authorization_requests": true,
            "dpop_bound_access_tokens": true,
            "authorization_signed_response_alg": "ES256",
            "introspection_signed_response_alg": "ES256",
            "frontchannel_logout_uri": "https://rp.example.vn/signed-out",
            "frontchannel_logout_session_required": true,
        }))
        .await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    for alg in ["authorization_signed_response_alg", "introspection_signed_response_alg"] {
        assert_eq!(answer.text(alg), "ES256");
    }
    assert_eq!(answer.text("frontchannel_logout_uri"), "https://rp.example.vn/signed-out");
    let id = khue::protocol::ClientId::parse(&answer.text("client_id")).unwrap();
    let registration = registrar.app.instance.provider.client(&id).unwrap().registration.clone();
    let secret = Some(answer.text("client_secret"));
    let system = crate::kit::RelyingParty::at(registrar.app.router(), registration, secret);
    let plain = registrar.app.browser().get(&system.authorize(&[])).await.answer();
    assert_eq!(plain["error"], "invalid_request", "it must push");
    assert_eq!(system.redeem("any").await.text("error"), "invalid_dpop_proof", "it must prove a key");
    registrar
        .refused(
            json!({ "redirect_uris": [CALLBACK], "frontchannel_logout_uri": "https://other.example.vn/" }),
            "invalid_client_metadata",
            "frontchannel_logout_uri",
        )
        .await;
}

#[tokio::test]
async fn what_a_system_says_of_its_requests_is_registered__oidc_registration_2() {
    let registrar = Registrar::sandbox().await;
    let said = json!({
        "redirect_uris": [CALLBACK], "default_max_age": 3600, "require_auth_time": true,
        "default_acr_values": ["xt2-phr"], "initiate_login_uri": "https://rp.example.vn/login",
        "policy_uri": "https://rp.example.vn/policy", "tos_uri": "https://rp.example.vn/terms",
    });
    let answer = registrar.register(&said).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    for (name, value) in said.as_object().unwrap() {
        assert_eq!(&answer.body[name], value, "{name}");
    }
    for (name, value) in [
        ("default_max_age", json!("soon")),
        ("default_acr_values", json!("xt2-phr")),
        ("initiate_login_uri", json!("http://rp.example.vn/login")),
        ("policy_uri", json!("javascript:alert(1)")),
    ] {
        let mut wrong = json!({ "redirect_uris": [CALLBACK] });
        wrong[name] = value;
        registrar.refused(wrong, "invalid_client_metadata", name).await;
    }
}

#[tokio::test]
async fn signing_and_encryption_are_a_system_s_own_to_say__rfc7591_2() {
    let registrar = Registrar::sandbox().await;
    let jwks = json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "enc", "kid": "e",
        "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ", "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
    }] });
    let mut metadata = json!({
        "redirect_uris": [CALLBACK],
        "jwks": jwks,
        "userinfo_signed_response_alg": "ES256",
        "request_object_signing_alg": "PS256",
        "request_object_encryption_alg": "RSA-OAEP-256",
        "request_object_encryption_enc": "A128GCM",
        "require_signed_request_object": true,
        "request_uris": ["https://rp.example.vn/request#hash"],
    });
    for kind in ["id_token", "userinfo", "authorization", "introspection"] {
        metadata[format!("{kind}_encrypted_response_alg")] = json!("ECDH-ES+A256KW");
        metadata[format!("{kind}_encrypted_response_enc")] = json!("A256GCM");
    }
    let answer = registrar.register(&metadata).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    for (name, value) in metadata.as_object().unwrap() {
        assert_eq!(&answer.body[name], value, "{name}");
    }
    for (name, value) in [
        ("id_token_encrypted_response_alg", json!("RSA1_5")),
        ("id_token_encrypted_response_enc", json!("A128CBC-HS256")),
        ("userinfo_encrypted_response_enc", Value::Null),
        ("authorization_encrypted_response_alg", json!("RSA-OAEP-256")),
        ("request_object_signing_alg", json!("none")),
        ("request_uris", json!(["http://rp.example.vn/request"])),
        ("userinfo_signed_response_alg", json!("none")),
    ] {
        let mut wrong = metadata.clone();
        wrong[name] = value;
        let says = name.trim_end_matches("_enc").trim_end_matches("_alg");
        registrar.refused(wrong, "invalid_client_metadata", says).await;
    }
}

#[tokio::test]
async fn an_application_without_a_front_door_is_given_none__rfc8252_7_1() {
    let registrar = Registrar::sandbox().await;
    let native = |uris: &[&str]| json!({ "application_type": "native", "redirect_uris": uris });
    for (uris, door, name) in [
        (&["vn.example.app:/cb"][..], Value::Null, "vn.example.app"),
        (&["http://127.0.0.1:7000/cb"], Value::Null, "127.0.0.1"),
        (
            &["vn.example.app:/cb", "https://app.example.vn/cb"],
            json!("https://app.example.vn/"),
            "vn.example.app",
        ),
    ] {
        let mut metadata = native(uris);
        metadata["subject_type"] = json!("public");
        let made = registrar.register(&metadata).await;
        assert_eq!(made.status, 201, "{uris:?}: {}", made.body);
        assert_eq!((&made.body["client_uri"], made.text("client_name").as_str()), (&door, name), "{uris:?}");
    }
    let made = registrar.register(&native(&["vn.example.app:/cb"])).await;
    let id = khue::protocol::ClientId::parse(&made.text("client_id")).unwrap();
    let registration = registrar.app.instance.provider.client(&id).unwrap().registration.clone();
    assert_eq!(registration.sector, "vn.example.app");
    let secret = Some(made.text("client_secret"));
    let system = crate::kit::RelyingParty::at(registrar.app.router(), registration, secret);
    for (system, door) in [(&system, None), (&registrar.system, Some("https://dichvucong.example.vn/"))] {
        let mut browser = registrar.app.browser();
        let page = browser.open(&system.authorize(&[])).await;
        registrar.app.advance(std::time::Duration::from_secs(2 * 60 * 60)).await;
        let page = browser.submit(&page, "/sandbox/sign-in", &[("person", "parent")]).await;
        assert!(page.text().contains("KH-203"), "{}", page.text());
        let back = page.attribute("main a[href^='http']", "href");
        assert_eq!(back.as_deref(), door, "nobody is led to an address that is not there");
    }

    let device =
        json!({ "grant_types": ["urn:ietf:params:oauth:grant-type:device_code"], "redirect_uris": [] });
    let made = registrar.register(&device).await;
    assert_eq!((made.status.as_u16(), made.body.get("client_uri")), (201, None), "{}", made.body);
    let id = khue::protocol::ClientId::parse(&made.text("client_id")).unwrap();
    let registration = registrar.app.instance.provider.client(&id).unwrap().registration.clone();
    assert_eq!(registration.sector, id.as_str(), "its subjects are nobody else's");
}
