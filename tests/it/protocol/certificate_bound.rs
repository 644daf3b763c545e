//! Tokens that are bound to the certificate of their client (RFC 8705 §3).

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::kit::{
    Answer, Authority, Certified, ProofKey, RelyingParty, Signer, TestApp, VERIFIER, asking_with, claims,
    client_params, fapi2, registration, resource, seen_with, service, with_proof,
};

const ALIAS: &str = "https://mtls.id.example.vn";
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn behind_a_proxy() -> (TestApp, Authority) {
    let root = Authority::root("Root");
    let file = root.file();
    let app = TestApp::builder()
        .with("server.trusted_proxies", "192.0.2.0/24")
        .with("mutual_tls.certificates", "header")
        .with("mutual_tls.alias", ALIAS)
        .with("mutual_tls.authorities_file", file.path().display().to_string())
        .build()
        .await;
    (app, root)
}

fn asking(token: &str) -> Request<Body> {
    RelyingParty::asking(token)
}

async fn code(app: &TestApp, system: &RelyingParty) -> String {
    let authorize = system.authorize(&[("scope", "openid email offline_access")]);
    app.browser().first_visit(&authorize, &["email"]).await.answer()["code"].clone()
}

fn bound(method: &str, more: Value) -> Value {
    let mut members =
        json!({ "token_endpoint_auth_method": method, "tls_client_certificate_bound_access_tokens": true });
    members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    members
}

#[tokio::test]
async fn a_token_is_good_on_a_connection_with_its_certificate_alone__rfc8705_3() {
    let (app, root) = behind_a_proxy().await;
    let members = bound("tls_client_auth", json!({ "tls_client_auth_san_dns": "ngan-hang.example.vn" }));
    let system = app.relying_party(registration("ngan-hang", members)).await;
    let (client, other) = (root.client(), root.client());
    let code = code(&app, &system).await;
    let tokens = system.answer(seen_with(system.redemption(&code), &client.certificate)).await;
    assert_eq!(
        (tokens.status.as_u16(), tokens.text("token_type").as_str()),
        (200, "Bearer"),
        "{}",
        tokens.body
    );
    let token = tokens.text("access_token");
    assert_eq!(claims(&token)["cnf"], json!({ "x5t#S256": client.thumbprint() }));

    let told = system.answer(seen_with(asking(&token), &client.certificate)).await;
    assert_eq!(told.body["email"], "an.nguyen@example.vn");
    let description =
        "The access token is bound to a client certificate; present it on a connection with that one.";
    for request in [asking(&token), seen_with(asking(&token), &other.certificate)] {
        let refused = system.answer(request).await;
        assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (401, "invalid_token"));
        assert_eq!(refused.text("error_description"), description);
        assert!(refused.header("www-authenticate").starts_with("Bearer "));
    }
    let proof = ProofKey::generate().proof_of_token(&app, &token);
    let by_proof = seen_with(asking_with(&token, &proof), &client.certificate);
    assert_eq!(system.answer(by_proof).await.status, 401, "a proof is not what it is bound to");

    // A client that authenticates may have a new certificate: its refresh tokens are not bound to the old one (§7.1).
    let refreshing = system.refreshing(&tokens.text("refresh_token"));
    let fresh = system.answer(seen_with(refreshing, &other.certificate)).await;
    assert_eq!(claims(&fresh.text("access_token"))["cnf"], json!({ "x5t#S256": other.thumbprint() }));
    let kinds = app.texts("SELECT kind FROM audit_entry WHERE kind LIKE 'tokens.%'").await;
    assert_eq!(kinds, ["tokens.issued", "tokens.refreshed"]);
}

#[tokio::test]
async fn introspection_tells_which_certificate__rfc8705_3_2() {
    let (app, _) = behind_a_proxy().await;
    let pupils = app.relying_party(resource("hoc-sinh", "https://hoc-sinh.example.vn/api", "doc")).await;
    let client = Certified::by_itself(&client_params());
    let mut document =
        serde_json::to_value(service("thong-ke", &[("https://hoc-sinh.example.vn/api", "doc")])).unwrap();
    for (name, value) in
        bound("self_signed_tls_client_auth", json!({ "jwks": client.jwks() })).as_object().unwrap()
    {
        document[name] = value.clone();
    }
    let caller = app.relying_party(serde_json::from_value(document).unwrap()).await;
    let request = caller.posting("/token", &[("grant_type", "client_credentials")]);
    let token = caller.answer(seen_with(request, &client.certificate)).await.text("access_token");
    let told = pupils.post("/introspect", &[("token", &token)]).await.body;
    assert_eq!(
        (&told["token_type"], &told["cnf"]["x5t#S256"]),
        (&json!("Bearer"), &json!(client.thumbprint()))
    );
}

#[tokio::test]
async fn a_registered_need_is_a_need__rfc8705_3_4() {
    let (app, root) = behind_a_proxy().await;
    let system = app.relying_party(registration("ngan-hang", bound("client_secret_basic", json!({})))).await;
    let code = code(&app, &system).await;
    let without = system.redeem(&code).await;
    assert_eq!((without.status.as_u16(), without.text("error").as_str()), (400, "invalid_request"));
    let client = root.client();
    let proof = ProofKey::generate().proof(&app);
    let both = with_proof(seen_with(system.redemption(&code), &client.certificate), &proof);
    let both = system.answer(both).await;
    assert_eq!((both.status.as_u16(), both.text("error").as_str()), (400, "invalid_request"));
    assert!(both.text("error_description").contains("leave the DPoP header out"));
    let tokens = system.answer(seen_with(system.redemption(&code), &client.certificate)).await;
    assert_eq!(claims(&tokens.text("access_token"))["cnf"]["x5t#S256"], json!(client.thumbprint()));
    let unbound = app.relying_party(registration("khac", json!({}))).await;
    let code = self::code(&app, &unbound).await;
    let tokens = unbound.answer(seen_with(unbound.redemption(&code), &client.certificate)).await;
    assert_eq!(claims(&tokens.text("access_token")).get("cnf"), None, "who did not register it is not bound");
}

#[tokio::test]
async fn refresh_tokens_of_public_clients_are_bound_too__rfc8705_4() {
    let (app, _) = behind_a_proxy().await;
    let system = app.relying_party(registration("dienthoai", bound("none", json!({})))).await;
    // Nobody has to have certified it: it proves nothing but that it is the same.
    let (client, other) = (Certified::by_itself(&client_params()), Certified::by_itself(&client_params()));
    let code = code(&app, &system).await;
    let tokens = system.answer(seen_with(system.redemption(&code), &client.certificate)).await;
    let token = tokens.text("refresh_token");
    let refreshing = |certificate| seen_with(system.refreshing(&token), certificate);
    assert_eq!(system.answer(system.refreshing(&token)).await.text("error"), "invalid_request");
    let stolen = system.answer(refreshing(&other.certificate)).await;
    assert_eq!(stolen.text("error"), "invalid_grant");
    assert!(stolen.text("error_description").contains("another than the one"), "{}", stolen.body);
    assert_eq!(
        system.answer(refreshing(&client.certificate)).await.status,
        200,
        "a thief's try burns nothing"
    );
}

#[tokio::test]
async fn a_token_is_bound_in_one_way__rfc7800_3_1() {
    let twice = bound("client_secret_basic", json!({ "dpop_bound_access_tokens": true }));
    let mut document = serde_json::to_value(registration("khac", json!({}))).unwrap();
    document.as_object_mut().unwrap().extend(twice.as_object().unwrap().clone());
    let refused = serde_json::from_value::<khue::domain::client::Registration>(document).unwrap_err();
    assert!(refused.to_string().contains("a token is bound by DPoP or to a certificate"), "{refused}");
}

/// A bank, and how it proves itself and its tokens.
struct Bank {
    app: TestApp,
    system: RelyingParty,
    certificate: rcgen::Certificate,
    signer: Option<Signer>,
    key: Option<ProofKey>,
}

impl Bank {
    /// A request as this bank sends it, to the name for clients with certificates.
    async fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(parameters);
        match &self.signer {
            Some(signer) => {
                let assertion = signer.assertion(&self.app, "nganhang", json!({}), json!({}));
                body.extend_pairs([("client_assertion_type", TYPE), ("client_assertion", &assertion)]);
            }
            None => drop(body.append_pair("client_id", "nganhang")),
        }
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let mut request = seen_with(request.body(Body::from(body.finish())).unwrap(), &self.certificate);
        if let Some(key) = self.key.as_ref().filter(|_| path == "/token") {
            let htu = [("htu", json!(format!("{ALIAS}/token")))];
            request = with_proof(request, &key.proof_with(&self.app, &htu));
        }
        self.system.answer(request).await
    }

    async fn sign_in(&self) -> Answer {
        let address = self.system.authorize(&[("scope", "openid email offline_access")]);
        let query = address.split_once('?').unwrap().1;
        let parameters: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| *name != "client_id")
            .collect();
        let pushed = self.post("/par", &parameters).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let request_uri = pushed.text("request_uri");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("client_id", "nganhang"), ("request_uri", &request_uri)])
            .finish();
        let visit = self.app.browser().first_visit(&format!("/authorize?{query}"), &["email"]).await;
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", &visit.answer()["code"]),
            ("redirect_uri", self.system.redirect_uri()),
            ("code_verifier", VERIFIER),
        ];
        self.post("/token", &grant).await
    }

    async fn userinfo(&self, token: &str) -> Answer {
        let request = match &self.key {
            Some(key) => {
                let ath = base64url(token);
                let changes =
                    [("htm", json!("GET")), ("htu", json!(format!("{ALIAS}/userinfo"))), ("ath", json!(ath))];
                asking_with(token, &key.proof_with(&self.app, &changes))
            }
            None => Request::get("/userinfo")
                .header(AUTHORIZATION, format!("Bearer {token}"))
                .body(Body::empty())
                .unwrap(),
        };
        self.system.answer(seen_with(request, &self.certificate)).await
    }
}

fn base64url(token: &str) -> String {
    khue::base::encoding::base64url(ring::digest::digest(&ring::digest::SHA256, token.as_bytes()))
}

#[tokio::test]
async fn every_way_of_fapi2_goes_from_the_first_call_to_the_last__fapi2_security_5_3() {
    for (by_certificate, to_certificate) in [(true, true), (true, false), (false, true)] {
        let (app, root) = behind_a_proxy().await;
        let client = root.client();
        let signer = Signer::key(khue::protocol::SigningAlgorithm::ES256);
        let mut changes = json!({
            "dpop_bound_access_tokens": !to_certificate,
            "tls_client_certificate_bound_access_tokens": to_certificate,
        });
        if by_certificate {
            changes["token_endpoint_auth_method"] = json!("tls_client_auth");
            changes["tls_client_auth_subject_dn"] = json!("CN=client,O=Ngân hàng,C=VN");
        }
        let system = app.relying_party(fapi2("nganhang", signer.jwks(), changes)).await;
        let bank = Bank {
            app,
            system,
            certificate: client.certificate.clone(),
            signer: (!by_certificate).then_some(signer),
            key: (!to_certificate).then(ProofKey::generate),
        };
        let tokens = bank.sign_in().await;
        assert_eq!(tokens.status, 200, "{by_certificate} {to_certificate} {}", tokens.body);
        let token = tokens.text("access_token");
        let confirmed = claims(&token)["cnf"].clone();
        match to_certificate {
            true => assert_eq!(confirmed, json!({ "x5t#S256": client.thumbprint() })),
            false => assert_eq!(confirmed, json!({ "jkt": bank.key.as_ref().unwrap().thumbprint() })),
        }
        assert_eq!(bank.userinfo(&token).await.body["email"], "an.nguyen@example.vn");
        assert_eq!(bank.system.userinfo(&token).await.status, 401, "without its key it is nothing");
        let refresh = tokens.text("refresh_token");
        for _ in 0..2 {
            let fresh =
                bank.post("/token", &[("grant_type", "refresh_token"), ("refresh_token", &refresh)]).await;
            assert_eq!((fresh.status.as_u16(), fresh.body.get("refresh_token")), (200, None));
        }
    }
}
