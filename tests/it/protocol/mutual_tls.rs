//! Clients that prove themselves by certificates (RFC 8705 §2). The proxy in front saw these, and tells of them.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Request};
use rcgen::SanType;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::kit::{
    Answer, Authority, Certified, Publisher, RelyingParty, Signer, TestApp, between_colons, client_params,
    confidential, escaped_pem, registration, seen_with,
};

const REFUSED: &str = "Client authentication failed: unknown client, wrong secret or key, or another method than the registered one.";

/// An instance behind a proxy that tells of certificates, `root` being whose word counts.
async fn behind_a_proxy(root: &Authority) -> TestApp {
    let file = root.file();
    TestApp::builder()
        .with("server.sandbox", "true")
        .with("server.trusted_proxies", "192.0.2.0/24")
        .with("mutual_tls.certificates", "header")
        .with("mutual_tls.authorities_file", file.path().display().to_string())
        .build()
        .await
}

async fn certified(app: &TestApp, changes: Value) -> RelyingParty {
    let mut members = json!({ "token_endpoint_auth_method": "tls_client_auth" });
    members.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    app.relying_party(registration("ngan-hang", members)).await
}

async fn by_dns(app: &TestApp) -> RelyingParty {
    certified(app, json!({ "tls_client_auth_san_dns": "ngan-hang.example.vn" })).await
}

async fn by_itself(app: &TestApp, keys: Value) -> RelyingParty {
    let members = json!({ "token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": keys });
    app.relying_party(registration("ngan-hang", members)).await
}

/// Tries a refresh token that does not exist: `invalid_grant` says that the client is known.
fn trying(system: &RelyingParty) -> Request<Body> {
    system.posting("/token", &[("grant_type", "refresh_token"), ("refresh_token", "x")])
}

fn is_known(answer: &Answer) -> bool {
    match answer.text("error").as_str() {
        "invalid_grant" => true,
        "invalid_client" => {
            assert_eq!((answer.status.as_u16(), answer.text("error_description").as_str()), (401, REFUSED));
            false
        }
        other => panic!("{other}"),
    }
}

async fn knows(system: &RelyingParty, certificate: &rcgen::Certificate) -> bool {
    is_known(&system.answer(seen_with(trying(system), certificate)).await)
}

#[tokio::test]
async fn a_certificate_of_an_authority_is_known_by_the_registered_name__rfc8705_2_1() {
    let root = Authority::root("Root");
    let app = behind_a_proxy(&root).await;
    let mut params = client_params();
    params.subject_alt_names.extend([
        SanType::URI("https://ngan-hang.example.vn/client".try_into().unwrap()),
        SanType::Rfc822Name("it@ngan-hang.example.vn".try_into().unwrap()),
        SanType::IpAddress("192.0.2.9".parse().unwrap()),
    ]);
    let client = root.certify(&params);
    for (member, value) in [
        ("subject_dn", "CN=client,O=Ngân hàng,C=VN"),
        ("san_dns", "ngan-hang.example.vn"),
        ("san_uri", "https://ngan-hang.example.vn/client"),
        ("san_email", "it@ngan-hang.example.vn"),
        ("san_ip", "192.0.2.9"),
    ] {
        let system = certified(&app, json!({ format!("tls_client_auth_{member}"): value })).await;
        assert_eq!(system.secret, None, "nothing to be kept");
        assert!(knows(&system, &client.certificate).await, "{member}");
    }
    for (member, value) in [
        ("subject_dn", "CN=client,O=Ngân hàng"),
        ("san_dns", "ngan-hang2.example.vn"),
        ("san_uri", "https://ngan-hang.example.vn/"),
        ("san_email", "it@example.vn"),
        ("san_ip", "192.0.2.10"),
    ] {
        let system = certified(&app, json!({ format!("tls_client_auth_{member}"): value })).await;
        assert!(!knows(&system, &client.certificate).await, "{member}");
    }
}

#[tokio::test]
async fn whoever_else_certified_it_it_counts_for_nothing__rfc8705_2_1() {
    let root = Authority::root("Root");
    let app = behind_a_proxy(&root).await;
    let system = by_dns(&app).await;
    assert!(knows(&system, &root.client().certificate).await);
    assert!(!knows(&system, &Authority::root("Root").client().certificate).await, "another of that name");
    assert!(!knows(&system, &Certified::by_itself(&client_params()).certificate).await);
    let mut early = client_params();
    early.not_before = rcgen::date_time_ymd(2027, 1, 1);
    assert!(!knows(&system, &root.certify(&early).certificate).await, "not yet");
    let mut late = client_params();
    late.not_after = rcgen::date_time_ymd(2026, 1, 1);
    assert!(!knows(&system, &root.certify(&late).certificate).await, "no longer");
    let mut server = client_params();
    server.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    assert!(!knows(&system, &root.certify(&server).certificate).await, "certified for something else");
    assert!(!is_known(&system.answer(trying(&system)).await), "none at all");
}

#[tokio::test]
async fn those_between_come_in_a_header_of_their_own__rfc9440_2_3() {
    let root = Authority::root("Root");
    let app = behind_a_proxy(&root).await;
    let system = by_dns(&app).await;
    let between = root.below("Between");
    let client = between.client();
    assert!(!knows(&system, &client.certificate).await, "nobody says how it leads to the root");
    let mut request = seen_with(trying(&system), &client.certificate);
    let chain = HeaderValue::from_str(&between_colons(&between.certificate)).unwrap();
    request.headers_mut().append("client-cert-chain", chain);
    assert!(is_known(&system.answer(request).await));
}

#[tokio::test]
async fn nginx_writes_it_as_escaped_pem() {
    let root = Authority::root("Root");
    let file = root.file();
    let app = TestApp::builder()
        .with("server.trusted_proxies", "192.0.2.0/24")
        .with("mutual_tls.certificates", "header")
        .with("mutual_tls.header", "X-SSL-Client-Cert")
        .with("mutual_tls.header_form", "pem")
        .with("mutual_tls.authorities_file", file.path().display().to_string())
        .build()
        .await;
    let (system, client) = (by_dns(&app).await, root.client());
    let mut request = trying(&system);
    let value = HeaderValue::from_str(&escaped_pem(&client.certificate)).unwrap();
    request.headers_mut().append("x-ssl-client-cert", value);
    assert!(is_known(&system.answer(request).await));
    assert!(!knows(&system, &client.certificate).await, "another header is nobody's word");
}

#[tokio::test]
async fn every_endpoint_that_knows_clients_knows_them_by_certificate__rfc8705_2() {
    let root = Authority::root("Root");
    let app = behind_a_proxy(&root).await;
    let (system, client) = (by_dns(&app).await, root.client());
    for (path, parameters, status) in [
        ("/par", vec![("response_type", "code"), ("redirect_uri", system.redirect_uri())], 400),
        ("/device", vec![("scope", "openid")], 400),
        ("/introspect", vec![("token", "x")], 200),
        ("/revoke", vec![("token", "x")], 200),
    ] {
        let without = system.post(path, &parameters).await;
        assert_eq!(
            (without.status.as_u16(), without.text("error").as_str()),
            (401, "invalid_client"),
            "{path}"
        );
        let with = system.answer(seen_with(system.posting(path, &parameters), &client.certificate)).await;
        assert_eq!(with.status, status, "{path} {}", with.body);
    }
}

#[tokio::test]
async fn a_certificate_that_is_registered_itself_needs_nobody_s_word__rfc8705_2_2() {
    let app = behind_a_proxy(&Authority::root("Root")).await;
    let client = Certified::by_itself(&client_params());
    let other = Certified::by_itself(&client_params());

    let system = by_itself(&app, client.certified_jwks()).await;
    assert!(knows(&system, &client.certificate).await);
    assert!(!knows(&system, &other.certificate).await);
    assert!(!knows(&system, &client.renewed()).await, "the registered one alone, not another of its key");

    let system = by_itself(&app, client.jwks()).await;
    assert!(
        knows(&system, &client.certificate).await && knows(&system, &client.renewed()).await,
        "by the key"
    );
    assert!(!knows(&system, &other.certificate).await);

    let published = Publisher::of(&client.certified_jwks()).await;
    let members =
        json!({ "token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks_uri": published.url() });
    let system = app.relying_party(registration("ngan-hang", members)).await;
    assert!(knows(&system, &client.certificate).await && !knows(&system, &other.certificate).await);
    published.publish(&other.certified_jwks());
    app.clock.advance(std::time::Duration::from_secs(61));
    assert!(knows(&system, &other.certificate).await, "a change is noticed");

    let mut late = client_params();
    late.not_after = rcgen::date_time_ymd(2026, 1, 1);
    let late = Certified::by_itself(&late);
    let system = by_itself(&app, late.certified_jwks()).await;
    assert!(!knows(&system, &late.certificate).await, "no longer");
}

#[tokio::test]
async fn the_registered_method_counts_and_no_other__rfc6749_2_3() {
    let root = Authority::root("Root");
    let app = behind_a_proxy(&root).await;
    let (client, own) = (root.client(), Certified::by_itself(&client_params()));
    let by_name = by_dns(&app).await;
    let with_secret = app.relying_party(confidential("dichvucong")).await;
    let secret = with_secret.secret.clone().unwrap();

    let form = |client_id: &str, more: &[(&str, &str)]| {
        let mut form =
            vec![("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", client_id)];
        form.extend(more);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post("/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(body)).unwrap()
    };
    // A secret beside the certificate is the secret's method.
    let both = seen_with(form("ngan-hang", &[("client_secret", &secret)]), &client.certificate);
    assert!(!is_known(&by_name.answer(both).await));
    assert!(!is_known(&by_name.answer(seen_with(form("dichvucong", &[]), &client.certificate)).await));
    assert!(!is_known(&by_name.answer(seen_with(form("nobody", &[]), &client.certificate)).await));
    // Whose method is the secret may show a certificate besides: it proves nothing, and harms nothing.
    let besides = seen_with(form("dichvucong", &[("client_secret", &secret)]), &client.certificate);
    assert!(!is_known(&by_name.answer(besides).await), "its method is Basic, and it was posted");
    assert!(is_known(&with_secret.answer(seen_with(trying(&with_secret), &client.certificate)).await));

    // An assertion, of the very key of the certificate even, is another method too.
    let signer = Signer::key(khue::protocol::SigningAlgorithm::ES256);
    let by_key = by_itself(&app, signer.jwks()).await;
    let assertion = signer.assertion(&app, "ngan-hang", json!({}), json!({}));
    let asserted = [
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ];
    assert!(!is_known(&by_key.answer(seen_with(form("ngan-hang", &asserted), &own.certificate)).await));

    let by_certificate = by_itself(&app, own.certified_jwks()).await;
    assert!(
        !knows(&by_certificate, &client.certificate).await,
        "an authority's word is not what is registered"
    );
    assert!(knows(&by_certificate, &own.certificate).await);
}

#[tokio::test]
async fn a_header_counts_from_a_proxy_of_ours_alone_and_must_parse() {
    let root = Authority::root("Root");
    let file = root.file();
    let client = root.client();
    let far = TestApp::builder()
        .with("server.trusted_proxies", "10.0.0.0/8")
        .with("mutual_tls.certificates", "header")
        .with("mutual_tls.authorities_file", file.path().display().to_string())
        .build()
        .await;
    let system = by_dns(&far).await;
    assert!(!knows(&system, &client.certificate).await, "whoever asks is no proxy of ours");
    let mut request = trying(&system);
    request.headers_mut().append("client-cert", HeaderValue::from_static("nonsense"));
    assert!(!is_known(&system.answer(request).await), "not even looked at");

    let is_told =
        |answer: &Answer| (answer.status.as_u16(), answer.text("error").as_str()) == (400, "invalid_request");
    let app = behind_a_proxy(&root).await;
    let system = by_dns(&app).await;
    for path in ["/token", "/par", "/introspect", "/revoke", "/userinfo"] {
        for wrong in ["nonsense", ":AAAA:", "(null)", "-----BEGIN CERTIFICATE-----", "\u{7f}", "é"] {
            let mut request = system.posting(path, &[("token", "x")]);
            let Ok(value) = HeaderValue::from_bytes(wrong.as_bytes()) else { continue };
            request.headers_mut().append("client-cert", value);
            assert!(is_told(&system.answer(request).await), "{path} {wrong}");
        }
        let twice = seen_with(
            seen_with(system.posting(path, &[("token", "x")]), &client.certificate),
            &client.certificate,
        );
        assert!(is_told(&system.answer(twice).await), "{path}");
    }
}

#[tokio::test]
async fn discovery_tells_of_certificates_where_they_get_here__rfc8705_3_3__5() {
    let root = Authority::root("Root");
    let document = async |app: &TestApp| {
        let request = Request::get("/.well-known/openid-configuration").body(Body::empty()).unwrap();
        let answer = crate::kit::send(&app.router(), request).await;
        serde_json::from_slice::<Value>(answer.body()).unwrap()
    };
    let methods = |document: &Value, endpoint: &str| {
        let listed = document[format!("{endpoint}_endpoint_auth_methods_supported")].as_array().unwrap();
        ["tls_client_auth", "self_signed_tls_client_auth"].map(|method| listed.contains(&json!(method)))
    };
    let off = document(&TestApp::start().await).await;
    assert_eq!(off["tls_client_certificate_bound_access_tokens"], false);
    assert_eq!(off.get("mtls_endpoint_aliases"), None);
    let without_authority = TestApp::builder()
        .with("server.trusted_proxies", "192.0.2.0/24")
        .with("mutual_tls.certificates", "header")
        .with("mutual_tls.alias", "https://mtls.id.example.vn")
        .build()
        .await;
    let some = document(&without_authority).await;
    let whole = document(&behind_a_proxy(&root).await).await;
    for endpoint in ["token", "introspection", "revocation"] {
        assert_eq!(methods(&off, endpoint), [false, false]);
        assert_eq!(methods(&some, endpoint), [false, true]);
        assert_eq!(methods(&whole, endpoint), [true, true]);
    }
    assert_eq!(whole["tls_client_certificate_bound_access_tokens"], true);
    let aliases = some["mtls_endpoint_aliases"].as_object().unwrap();
    assert_eq!(aliases["token_endpoint"], "https://mtls.id.example.vn/token");
    for (name, address) in aliases {
        let path = address.as_str().unwrap().trim_start_matches("https://mtls.id.example.vn");
        assert_eq!(some[name], json!(format!("{}{path}", crate::kit::ISSUER)), "{name}");
    }
}

#[tokio::test]
async fn nobody_registers_himself_for_what_does_not_get_here__rfc7591_2() {
    let register = async |app: &TestApp, more: Value| {
        let mut metadata = json!({ "redirect_uris": ["https://rp.example.vn/cb"] });
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let request = Request::post("/register").header(CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(metadata.to_string())).unwrap();
        let answer = crate::kit::send(&app.router(), request).await;
        (answer.status().as_u16(), serde_json::from_slice::<Value>(answer.body()).unwrap())
    };
    let by_name =
        json!({ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=client" });
    let bound = json!({ "tls_client_certificate_bound_access_tokens": true });
    let off = TestApp::builder().with("server.sandbox", "true").build().await;
    let on = behind_a_proxy(&Authority::root("Root")).await;
    for members in [by_name, bound] {
        assert_eq!(register(&off, members.clone()).await.0, 400);
        let (status, told) = register(&on, members.clone()).await;
        assert_eq!(status, 201, "{told}");
        for (member, value) in members.as_object().unwrap() {
            assert_eq!(&told[member], value);
        }
    }
    let (status, told) = register(&on, json!({ "token_endpoint_auth_method": "tls_client_auth" })).await;
    assert_eq!((status, &told["error"]), (400, &json!("invalid_client_metadata")));
}
