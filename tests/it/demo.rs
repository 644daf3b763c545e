//! The demo systems against an issuer that can lie: what an outsider must refuse, they refuse.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use http_body_util::BodyExt;
use khue::base::encoding::base64url;
use khue::base::{Clock, Secret, SystemClock, SystemEntropy};
use khue::demo::{DemoSystem, Look};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

/// One thing the issuer does wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lie {
    None,
    Issuer,
    Audience,
    Nonce,
    Expired,
    Signature,
    AccessToken,
    Subject,
}

/// An issuer with one key, one person and one code, written by hand so that it can lie.
struct Issuer {
    address: String,
    key: EcdsaKeyPair,
    random: SystemRandom,
    seen: Mutex<Seen>,
}

struct Seen {
    lie: Lie,
    nonce: String,
    token_request: HashMap<String, String>,
    authorization: Option<String>,
}

impl Issuer {
    #[expect(clippy::disallowed_methods, reason = "a party outside the system under test")]
    async fn start(lie: Lie) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        let seen = Seen { lie, nonce: String::new(), token_request: HashMap::new(), authorization: None };
        let issuer = Arc::new(Self { address, key, random, seen: Mutex::new(seen) });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(Arc::clone(&issuer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    fn sign(&self, claims: &Value, lie: Lie) -> String {
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": "one" });
        let text = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        let mut signature = self.key.sign(&self.random, text.as_bytes()).unwrap().as_ref().to_vec();
        if lie == Lie::Signature {
            signature[10] ^= 1;
        }
        format!("{text}.{}", base64url(signature))
    }
}

async fn discovery(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", issuer.address);
    Json(json!({
        "issuer": issuer.address,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn jwks(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let point = issuer.key.public_key().as_ref();
    Json(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "one",
        "x": base64url(&point[1..33]), "y": base64url(&point[33..65]),
    }] }))
}

async fn token(State(issuer): State<Arc<Issuer>>, headers: HeaderMap, body: String) -> Json<Value> {
    let now = SystemClock.now().seconds();
    let (lie, nonce) = {
        let mut seen = issuer.seen.lock().unwrap();
        seen.authorization = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
        seen.token_request = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        (seen.lie, seen.nonce.clone())
    };
    let spoken_of = if lie == Lie::AccessToken { "another" } else { "access" };
    let hash = ring::digest::digest(&ring::digest::SHA256, spoken_of.as_bytes());
    let claims = json!({
        "iss": if lie == Lie::Issuer { "https://evil.example" } else { issuer.address.as_str() },
        "aud": if lie == Lie::Audience { "somebody-else" } else { "demo" },
        "sub": "lan",
        "nonce": if lie == Lie::Nonce { "stale" } else { nonce.as_str() },
        "iat": now,
        "auth_time": now,
        "exp": if lie == Lie::Expired { now - 60 } else { now + 300 },
        "at_hash": base64url(&hash.as_ref()[..16]),
        "acr": "https://id.moet.gov.vn/acr/xt2-phr",
        "amr": ["hwk", "user", "mfa"],
    });
    Json(json!({
        "access_token": "access",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "openid profile email phone",
        "id_token": issuer.sign(&claims, lie),
    }))
}

async fn userinfo(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let lie = issuer.seen.lock().unwrap().lie;
    Json(json!({
        "sub": if lie == Lie::Subject { "minh" } else { "lan" },
        "name": "Nguyễn Thị <b>Lan</b>",
        "birthdate": "1990-02-28",
        "email": "lan@example.vn",
        "email_verified": false,
        "https://id.moet.gov.vn/claims/ial": "tk0",
    }))
}

/// A person's browser at one demo system.
struct Visitor {
    system: Router,
    cookies: HashMap<String, String>,
}

struct Page {
    status: StatusCode,
    location: String,
    html: String,
}

impl Visitor {
    fn new(issuer: &Issuer, look: Look) -> Self {
        let system = DemoSystem {
            look,
            issuer: issuer.address.clone(),
            client_id: "demo".to_owned(),
            secret: (look == Look::Portal).then(|| Secret::new("s3cret".to_owned())),
            address: Url::parse("http://127.0.0.1:7101").unwrap(),
            neighbour: Some(Url::parse("http://127.0.0.1:7102").unwrap()),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy::new()),
        };
        Self { system: system.router().unwrap(), cookies: HashMap::new() }
    }

    /// Another browser at the same system.
    fn stranger(&self) -> Self {
        Self { system: self.system.clone(), cookies: HashMap::new() }
    }

    async fn go(&mut self, method: &str, address: &str) -> Page {
        let sent = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        let request = Request::builder()
            .method(method)
            .uri(address.strip_prefix("http://127.0.0.1:7101").unwrap_or(address))
            .header(COOKIE, sent.join("; "))
            .body(Body::empty())
            .unwrap();
        let response = self.system.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = response.status();
        let location =
            response.headers().get(LOCATION).map(|at| at.to_str().unwrap().to_owned()).unwrap_or_default();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Page { status, location, html: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// Begins a sign-in and gives what was asked of the issuer.
    async fn begin(&mut self, issuer: &Issuer) -> HashMap<String, String> {
        let page = self.go("GET", "/sign-in").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        let asked: HashMap<String, String> =
            Url::parse(&page.location).unwrap().query_pairs().into_owned().collect();
        issuer.seen.lock().unwrap().nonce = asked["nonce"].clone();
        asked
    }

    async fn sign_in(&mut self, issuer: &Issuer) -> Page {
        let asked = self.begin(issuer).await;
        self.go("GET", &answer(&[("code", "c"), ("state", &asked["state"]), ("iss", &issuer.address)])).await
    }
}

fn answer(parameters: &[(&str, &str)]) -> String {
    Url::parse_with_params("http://127.0.0.1:7101/signed-in", parameters).unwrap().into()
}

#[tokio::test]
async fn a_person_signs_in_sees_what_was_shared_and_signs_out() {
    let issuer = Issuer::start(Lie::None).await;
    let mut visitor = Visitor::new(&issuer, Look::Portal);
    assert!(visitor.go("GET", "/").await.html.contains("Đăng nhập bằng Khuê"));

    let asked = visitor.begin(&issuer).await;
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["redirect_uri"], "http://127.0.0.1:7101/signed-in");
    assert_eq!(asked["scope"], "openid profile email phone");
    let back = [("code", "c"), ("state", asked["state"].as_str()), ("iss", issuer.address.as_str())];
    let page = visitor.go("GET", &answer(&back)).await;
    assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/"));
    {
        let seen = issuer.seen.lock().unwrap();
        assert_eq!(seen.token_request["grant_type"], "authorization_code");
        assert!(seen.token_request["code_verifier"].len() >= 43);
        assert!(seen.authorization.as_deref().unwrap().starts_with("Basic "), "client_secret_basic");
        assert!(!seen.token_request.contains_key("client_secret"));
    }

    let home = visitor.go("GET", "/").await.html;
    for shown in
        ["Nguyễn Thị &#60;b&#62;Lan&#60;/b&#62;", "28/02/1990", "lan@example.vn", "tk0", "ES256", "xt2-phr"]
    {
        assert!(home.contains(shown), "{shown} in {home}");
    }
    assert!(home.contains("http://127.0.0.1:7102/sign-in"), "the other system is one step away");

    let again = visitor.go("GET", &answer(&back)).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "an answer counts once");

    let bye = visitor.go("POST", "/sign-out").await;
    let leaving: HashMap<String, String> =
        Url::parse(&bye.location).unwrap().query_pairs().into_owned().collect();
    assert!(bye.location.starts_with(&format!("{}/logout?", issuer.address)));
    assert_eq!(leaving["post_logout_redirect_uri"], "http://127.0.0.1:7101/signed-out");
    assert_eq!(leaving["client_id"], "demo");
    assert_eq!(leaving["id_token_hint"].split('.').count(), 3);
    let farewell = visitor.go("GET", &format!("/signed-out?state={}", leaving["state"])).await;
    assert!(farewell.html.contains("Bạn đã đăng xuất"));
    assert!(visitor.go("GET", "/").await.html.contains("Đăng nhập bằng Khuê"));
    assert_eq!(visitor.go("GET", "/signed-out?state=forged").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_office_is_a_public_client() {
    let issuer = Issuer::start(Lie::None).await;
    let mut visitor = Visitor::new(&issuer, Look::Office);
    visitor.sign_in(&issuer).await;
    {
        let seen = issuer.seen.lock().unwrap();
        assert_eq!(seen.token_request["client_id"], "demo");
        assert_eq!(seen.authorization, None);
    }
    visitor.go("GET", "/language/en").await;
    let home = visitor.go("GET", "/").await.html;
    assert!(home.contains("Signed in as") && home.contains("Incoming documents"));
}

#[tokio::test]
async fn each_lie_of_the_issuer_is_refused() {
    for lie in
        [Lie::Issuer, Lie::Audience, Lie::Nonce, Lie::Expired, Lie::Signature, Lie::AccessToken, Lie::Subject]
    {
        let issuer = Issuer::start(lie).await;
        let mut visitor = Visitor::new(&issuer, Look::Portal);
        let page = visitor.sign_in(&issuer).await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{lie:?}");
        assert!(page.html.contains("untrusted"), "{lie:?}");
        assert!(visitor.go("GET", "/").await.html.contains("Đăng nhập bằng Khuê"), "{lie:?}");
    }
}

#[tokio::test]
async fn an_answer_of_another_issuer_or_browser_is_refused__rfc9207() {
    let issuer = Issuer::start(Lie::None).await;
    let mut visitor = Visitor::new(&issuer, Look::Portal);

    for iss in [Some("https://evil.example"), None] {
        let state = visitor.begin(&issuer).await["state"].clone();
        let mut back = vec![("code", "c"), ("state", state.as_str())];
        back.extend(iss.map(|iss| ("iss", iss)));
        let page = visitor.go("GET", &answer(&back)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.html.contains("other_issuer"));
    }

    let state = visitor.begin(&issuer).await["state"].clone();
    let back = [("code", "c"), ("state", state.as_str()), ("iss", issuer.address.as_str())];
    let mut thief = visitor.stranger();
    thief.begin(&issuer).await;
    let page = thief.go("GET", &answer(&back)).await;
    assert!(page.html.contains("not_begun_here"));
    assert_eq!(
        visitor.go("GET", &answer(&back)).await.status,
        StatusCode::BAD_GATEWAY,
        "nonce of the thief's"
    );
}

#[tokio::test]
async fn a_refusal_is_told_in_plain_words() {
    let issuer = Issuer::start(Lie::None).await;
    let mut visitor = Visitor::new(&issuer, Look::Portal);
    for (error, shown) in [
        ("access_denied", "Bạn đã từ chối chia sẻ thông tin"),
        ("temporarily_unavailable", "temporarily_unavailable"),
        ("<script>", "unknown_error"),
    ] {
        let state = visitor.begin(&issuer).await["state"].clone();
        let back = [("error", error), ("state", state.as_str()), ("iss", issuer.address.as_str())];
        let page = visitor.go("GET", &answer(&back)).await;
        assert!(page.html.contains(shown) && !page.html.contains("<script>"), "{error}");
    }
}

#[tokio::test]
async fn a_neighbours_form_does_not_sign_anybody_out() {
    let issuer = Issuer::start(Lie::None).await;
    let mut visitor = Visitor::new(&issuer, Look::Portal);
    visitor.sign_in(&issuer).await;
    let request = Request::builder()
        .method("POST")
        .uri("/sign-out")
        .header("sec-fetch-site", "same-site")
        .header(COOKIE, format!("dichvucong_session={}", visitor.cookies["dichvucong_session"]))
        .body(Body::empty())
        .unwrap();
    visitor.system.clone().oneshot(request).await.unwrap();
    assert!(visitor.go("GET", "/").await.html.contains("Đăng xuất"));
}
