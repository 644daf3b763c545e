//! What a person and a system do, with everything that is personal or secret about it written down.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use khue::domain::client::Registration;
use serde_json::json;

use super::needles::Needles;
use crate::kit::{Answer, Browser, Node, RelyingParty, registration};

const NAME: &str = "Nguyễn Thị Quỳnh Sương";
const EMAIL: &str = "quynh.suong.1987@truong-mam-non.example.vn";
const PHONE: &str = "0987 123 456";
const ADDRESS: &str = "Số 49 ngõ Huyện, phường Hàng Trống, Hà Nội";
const CITIZEN_NUMBER: &str = "001187654321";
const PASSWORD: &str = "Hoa-sua-thang-10!";
const LABEL: &str = "Điện thoại của chị Sương";
const NETWORK: &str = "203.0.113.177";
const DEVICE: &str = "Mozilla/5.0 (SuongPhone; Android 99) Khuyet/1.0";

/// A person, a system, and all that must not be found.
pub struct Day {
    registration: Registration,
    secret: String,
    pub needles: Needles,
}

const RESOURCE: &str = "https://dichvucong.example.vn/api";

/// A system that is a resource too, takes opaque tokens, and calls itself.
pub fn system() -> Registration {
    let protected = json!([{ "resource": RESOURCE, "scope": "doc", "access_token_format": "opaque" }]);
    registration(
        "dichvucong",
        json!({
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "protected_resources": protected,
            "resources": [{ "resource": RESOURCE, "scope": "doc" }],
        }),
    )
}

/// The client's id: no secret, in every database.
pub fn said_by_everyone(content: &[u8]) -> bool {
    content.windows(10).any(|window| window == b"dichvucong")
}

impl Day {
    pub fn new(registration: Registration, secret: Option<String>) -> Self {
        let secret = secret.expect("a confidential client");
        let mut needles = Needles::default();
        for (what, text) in [
            ("full name", NAME),
            ("last words of the name", "Quỳnh Sương"),
            ("email", EMAIL),
            ("part of the email", "quynh.suong"),
            ("phone as typed", PHONE),
            ("phone", "+84987123456"),
            ("phone digits", "987123456"),
            ("date of birth", "1987-03-17"),
            ("date of birth as typed", "17/03/1987"),
            ("address", ADDRESS),
            ("part of the address", "ngõ Huyện"),
            ("citizen number", CITIZEN_NUMBER),
            ("password typed into a wrong field", PASSWORD),
            ("label of the passkey", LABEL),
            ("network address", NETWORK),
            ("device", "SuongPhone"),
        ] {
            needles.add(what, text);
        }
        needles.add_token("client secret", &secret);
        Self { registration, secret, needles }
    }

    /// Signs up, writes a profile, signs in again, shares, is redeemed and refreshed; and types things where they do not
    /// belong.
    pub async fn live(&mut self, node: &Node) {
        let system = RelyingParty::at(node.wire(), self.registration.clone(), Some(self.secret.clone()));
        let mut browser = node.browser();
        browser.says("user-agent", DEVICE);
        browser.says("x-forwarded-for", NETWORK);

        let authorize = system.authorize(&[
            ("scope", "openid profile email phone address offline_access"),
            ("login_hint", CITIZEN_NUMBER),
        ]);
        self.sign_up(&mut browser, &authorize).await;
        self.write_profile(&mut browser).await;
        let code = self.share(&mut browser, &authorize).await;
        self.use_code(&system, &code).await;
        self.ask_about_itself(&system).await;
        self.sign_in_again(&mut browser).await;
        browser.open("/account/log").await;
        self.misplace(&mut browser, &system).await;
    }

    fn note_cookies(&mut self, browser: &Browser) {
        for cookie in browser.cookies().filter(|value| value.starts_with("khue_")) {
            self.needles.add_token("cookie", cookie);
        }
    }

    async fn sign_up(&mut self, browser: &mut Browser, authorize: &str) {
        let page = browser.open(authorize).await;
        let create = page.attribute("a[href^='/create']", "href").expect("a link to create an account");
        let page = browser.open(&create).await;
        let wrong = [("name", NAME), ("email", CITIZEN_NUMBER), ("phone", PASSWORD)];
        assert_eq!(browser.submit(&page, "/create", &wrong).await.status, 400);
        let page = browser.open(&create).await;
        let page =
            browser.submit(&page, "/create", &[("name", NAME), ("email", EMAIL), ("phone", PHONE)]).await;
        self.note_cookies(browser);
        let page = browser.create_passkey(&page, "/create/passkey").await;
        assert!(page.has("form[action='/consent']"), "{}", page.text());
        self.note_cookies(browser);
    }

    async fn write_profile(&mut self, browser: &mut Browser) {
        let page = browser.open("/account/profile").await;
        let wrong = [("name", NAME), ("birthdate", CITIZEN_NUMBER), ("email", PASSWORD)];
        assert_eq!(browser.submit(&page, "/account/profile", &wrong).await.status, 400);
        let page = browser.open("/account/profile").await;
        let fields = [
            ("name", NAME),
            ("email", EMAIL),
            ("phone", PHONE),
            ("birthdate", "17/03/1987"),
            ("gender", "female"),
            ("address", ADDRESS),
        ];
        assert_eq!(browser.submit(&page, "/account/profile", &fields).await.status, 200);
        let page = browser.open("/account/profile").await;
        assert!(page.text().contains("17/03/1987") && page.text().contains("Hàng Trống"), "it was kept");

        let page = browser.open("/account/passkeys").await;
        let renamed = browser.submit(&page, "/account/passkeys/rename", &[("label", LABEL)]).await;
        assert!(renamed.text().contains("Sương"), "{}", renamed.text());
    }

    async fn share(&mut self, browser: &mut Browser, authorize: &str) -> String {
        let page = browser.open(authorize).await;
        let page = browser.agree(&page, &["email", "phone_number", "address"]).await;
        let code = page.answer()["code"].clone();
        self.needles.add_token("code", &code);
        code
    }

    async fn use_code(&mut self, system: &RelyingParty, code: &str) {
        let tokens = system.redeem(code).await;
        self.note_tokens(&tokens);
        let told = system.userinfo(&tokens.text("access_token")).await;
        assert_eq!(told.body["name"], NAME);
        assert_eq!(told.body["address"]["formatted"], ADDRESS);
        let fresh = system.refresh(&tokens.text("refresh_token")).await;
        self.note_tokens(&fresh);
        let lost = system.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(lost.status, 200);
        assert_eq!(system.redeem(code).await.text("error"), "invalid_grant");
    }

    async fn ask_about_itself(&mut self, system: &RelyingParty) {
        let token = system.post("/token", &[("grant_type", "client_credentials")]).await.text("access_token");
        assert!(token.starts_with("khue_at_"));
        self.needles.add_token("opaque access token", &token);
        assert_eq!(system.post("/introspect", &[("token", &token)]).await.body["active"], true);
    }

    fn note_tokens(&mut self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        for token in ["access_token", "refresh_token", "id_token"] {
            self.needles.add_token(token, &answer.text(token));
        }
    }

    async fn sign_in_again(&mut self, browser: &mut Browser) {
        let page = browser.open("/logout").await;
        browser.submit(&page, "/logout/confirm", &[]).await;
        let page = browser.open("/sign-in").await;
        let nonsense = format!("{{\"id\":\"{PASSWORD}\",\"type\":\"{CITIZEN_NUMBER}\"}}");
        browser.submit(&page, "/sign-in", &[("login", EMAIL), ("credential", &nonsense)]).await;
        let page = browser.open("/sign-in").await;
        assert_eq!(browser.sign_in(&page).await.status, 200);
        self.note_cookies(browser);
    }

    /// Secrets and numbers where nobody expects them: paths, queries, headers, bodies of the wrong kind.
    async fn misplace(&mut self, browser: &mut Browser, system: &RelyingParty) {
        let secret = self.secret.clone();
        for address in [
            format!("/citizens/{CITIZEN_NUMBER}/{PASSWORD}"),
            format!("/userinfo?access_token={secret}"),
            format!("/account/log?page={CITIZEN_NUMBER}"),
            format!("/authorize?client_id={CITIZEN_NUMBER}&redirect_uri=https://{CITIZEN_NUMBER}.example"),
            system.authorize(&[("scope", &format!("openid {CITIZEN_NUMBER}")), ("prompt", PASSWORD)]),
            system.authorize(&[("claims", &format!("{{\"{PASSWORD}\":"))]),
            system.authorize(&[("id_token_hint", &secret), ("ui_locales", CITIZEN_NUMBER)]),
            format!("/logout?id_token_hint={secret}&state={CITIZEN_NUMBER}"),
            format!("/continue?interaction={secret}"),
            format!("/assets/{CITIZEN_NUMBER}/{PASSWORD}"),
            format!("/systems/{CITIZEN_NUMBER}/logo"),
            format!("/.well-known/webfinger?resource=acct:{EMAIL}"),
        ] {
            let status = browser.get(&address).await.status;
            assert!(!status.is_server_error(), "{status} for {address}");
        }
        let form = "application/x-www-form-urlencoded";
        for (kind, credentials, body) in [
            (form, format!("Basic {PASSWORD}"), format!("grant_type={CITIZEN_NUMBER}")),
            (form, format!("Bearer {secret}"), format!("refresh_token={secret}&client_id={CITIZEN_NUMBER}")),
            ("application/json", format!("{secret} {PASSWORD}"), format!("{{\"code\":\"{PASSWORD}\"")),
        ] {
            let request =
                Request::post("/token").header(CONTENT_TYPE, kind).header(AUTHORIZATION, credentials);
            let answer = system.answer(request.body(Body::from(body)).unwrap()).await;
            assert!(answer.status.is_client_error(), "{answer:?}");
        }
    }
}
