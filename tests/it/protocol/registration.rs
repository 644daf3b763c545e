//! Systems that register themselves (RFC 7591, RFC 7592, OIDC Registration).

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request};
use khue::protocol::ScopeSet;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::kit::{Answer, TestApp, confidential};

const CALLBACK: &str = "https://rp.example.vn/callback";

struct Registrar {
    app: TestApp,
    system: crate::kit::RelyingParty,
}

impl Registrar {
    async fn of(app: TestApp) -> Self {
        let system = app.relying_party(confidential("dichvucong")).await;
        Self { app, system }
    }

    async fn sandbox() -> Self {
        Self::of(TestApp::builder().with("server.sandbox", "true").build().await).await
    }

    async fn send(&self, method: Method, path: &str, token: Option<&str>, body: &str) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.system.answer(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn register(&self, metadata: &Value) -> Answer {
        self.send(Method::POST, "/register", None, &metadata.to_string()).await
    }

    async fn refused(&self, metadata: Value, code: &str, says: &str) {
        let answer = self.register(&metadata).await;
        assert_eq!((answer.status.as_u16(), answer.text("error").as_str()), (400, code), "{metadata}");
        let description = answer.text("error_description");
        assert!(description.contains(says) && description.is_ascii(), "{metadata}: {description}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

fn path_of(answer: &Answer) -> String {
    answer.text("registration_client_uri").trim_start_matches(crate::kit::ISSUER).to_owned()
}

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

/// A system's own server, which answers every request with `body`. Gives its address.
async fn serving(body: String) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 2048];
            let _ = stream.read(&mut asked).await;
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{address}/sector.json")
}

#[tokio::test]
async fn a_sector_lists_every_address_of_its_systems__oidc_registration_5() {
    let registrar = Registrar::sandbox().await;
    let both = json!([CALLBACK, "https://other.example.vn/callback"]);
    let with = |uri: &str| json!({ "redirect_uris": both, "sector_identifier_uri": uri });
    let other = "invalid_client_metadata";
    let good = serving(both.to_string()).await;
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

    let short = serving(json!([CALLBACK]).to_string()).await;
    registrar.refused(with(&short), other, "does not hold every redirect URI").await;
    let strange = serving("{\"a\":1}".to_owned()).await;
    registrar.refused(with(&strange), other, "does not lead to a JSON array").await;
    for (inside, says) in [
        ("http://10.0.0.1/sector.json", "only https"),
        ("https://169.254.169.254/sector.json", "private network"),
        ("ftp://rp.example.vn/sector.json", "only https"),
        ("nonsense", "not an https address"),
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
