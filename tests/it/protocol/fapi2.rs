//! A system that is held to the FAPI 2.0 Security Profile, from its pushed request to its last refresh.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use khue::protocol::SigningAlgorithm;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::kit::{
    Answer, ISSUER, ProofKey, RelyingParty, Signer, TestApp, VERIFIER, asking_with, claims, confidential,
    fapi2, with_proof,
};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A bank: keys, proofs, pushed requests.
struct Bank {
    app: TestApp,
    system: RelyingParty,
    signer: Signer,
    key: ProofKey,
}

impl Bank {
    async fn at(app: TestApp) -> Self {
        let signer = Signer::key(SigningAlgorithm::ES256);
        let system = app.relying_party(fapi2("nganhang", signer.jwks(), json!({}))).await;
        Self { app, system, signer, key: ProofKey::generate() }
    }

    async fn start() -> Self {
        Self::at(TestApp::start().await).await
    }

    fn assertion(&self) -> String {
        self.signer.assertion(&self.app, "nganhang", json!({}), json!({}))
    }

    fn posting(&self, path: &str, parameters: &[(&str, &str)], assertion: &str) -> Request<Body> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(parameters);
        body.extend_pairs([("client_assertion_type", TYPE), ("client_assertion", assertion)]);
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(body.finish())).unwrap()
    }

    /// What `authorize` would send by the browser, pushed.
    async fn push(&self, changes: &[(&str, &str)], assertion: &str) -> Answer {
        let address = self.system.authorize(changes);
        let query = address.split_once('?').unwrap().1;
        let parameters: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.system.answer(self.posting("/par", &parameters, assertion)).await
    }

    async fn address(&self, changes: &[(&str, &str)]) -> String {
        let request_uri = self.push(changes, &self.assertion()).await.text("request_uri");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("client_id", "nganhang"), ("request_uri", &request_uri)])
            .finish();
        format!("/authorize?{query}")
    }

    async fn code(&self) -> String {
        let address = self.address(&[("scope", "openid email offline_access")]).await;
        let answer = self.app.browser().first_visit(&address, &["email"]).await.answer();
        assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("st-1", ISSUER));
        answer["code"].clone()
    }

    fn redemption(&self, code: &str, assertion: &str) -> Request<Body> {
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.system.redirect_uri()),
            ("code_verifier", VERIFIER),
        ];
        self.posting("/token", &grant, assertion)
    }

    async fn redeem(&self, code: &str) -> Answer {
        let request = self.redemption(code, &self.assertion());
        self.system.answer(with_proof(request, &self.key.proof(&self.app))).await
    }

    async fn refresh(&self, token: &str) -> Answer {
        let grant = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let request = self.posting("/token", &grant, &self.assertion());
        self.system.answer(with_proof(request, &self.key.proof(&self.app))).await
    }
}

#[tokio::test]
async fn keys_and_proofs_from_the_first_call_to_the_last__fapi2_security_5_3() {
    for app in TestApp::on_both().await {
        let bank = Bank::at(app).await;
        let tokens = bank.redeem(&bank.code().await).await;
        assert_eq!((tokens.status.as_u16(), tokens.text("token_type").as_str()), (200, "DPoP"), "{tokens:?}");
        let token = tokens.text("access_token");
        assert_eq!(claims(&token)["cnf"], json!({ "jkt": bank.key.thumbprint() }));
        let told = bank.system.answer(bank.key.asking(&bank.app, &token)).await;
        assert_eq!(told.body["email"], "an.nguyen@example.vn");
        assert_eq!(bank.system.userinfo(&token).await.status, 401, "without its key it is nothing");
        let looked =
            bank.system.answer(bank.posting("/introspect", &[("token", &token)], &bank.assertion())).await;
        assert_eq!(looked.body["active"], true);
    }
}

#[tokio::test]
async fn refresh_tokens_stay_what_they_are__fapi2_security_5_3_2_1() {
    for app in TestApp::on_both().await {
        let bank = Bank::at(app).await;
        let token = bank.redeem(&bank.code().await).await.text("refresh_token");
        for _ in 0..3 {
            bank.app.advance(Duration::from_secs(20 * 24 * 3600)).await;
            let fresh = bank.refresh(&token).await;
            assert_eq!((fresh.status.as_u16(), fresh.body.get("refresh_token")), (200, None), "{fresh:?}");
            assert_eq!(fresh.text("token_type"), "DPoP");
        }
        let without = bank.posting(
            "/token",
            &[("grant_type", "refresh_token"), ("refresh_token", &token)],
            &bank.assertion(),
        );
        assert_eq!(bank.system.answer(without).await.text("error"), "invalid_dpop_proof");
        let revoking = bank.posting("/revoke", &[("token", &token)], &bank.assertion());
        assert_eq!(bank.system.answer(revoking).await.status, 200);
        assert_eq!(bank.refresh(&token).await.text("error"), "invalid_grant", "what has ended has ended");
    }
}

#[tokio::test]
async fn one_that_rests_too_long_ends_all_the_same() {
    let bank = Bank::start().await;
    let token = bank.redeem(&bank.code().await).await.text("refresh_token");
    bank.app.advance(Duration::from_secs(30 * 24 * 3600)).await;
    assert_eq!(bank.refresh(&token).await.text("error"), "invalid_grant");
}

#[tokio::test]
async fn nothing_but_a_pushed_request_is_taken__fapi2_security_5_3_2_2() {
    let bank = Bank::start().await;
    let answer = bank.app.browser().get(&bank.system.authorize(&[])).await.answer();
    assert_eq!(answer["error"], "invalid_request");
    let foreign = Request::get(bank.system.authorize(&[])).header("origin", "https://evil.example");
    let answer = bank.system.answer(foreign.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "", "no script of another site reads it");
    let nobody = Request::post("/par").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let nobody = nobody.body(Body::from("client_id=nganhang&response_type=code")).unwrap();
    assert_eq!(bank.system.answer(nobody).await.text("error"), "invalid_client");
    for (changes, error) in [
        (vec![("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("response_type", "code id_token")], "unauthorized_client"),
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("redirect_uri", "")], "invalid_request"),
        (vec![("redirect_uri", "https://evil.example/")], "invalid_request"),
    ] {
        let refused = bank.push(&changes, &bank.assertion()).await;
        assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (400, error), "{changes:?}");
    }
}

#[tokio::test]
async fn a_code_is_good_for_a_minute_and_once__fapi2_security_5_3_2_2() {
    let bank = Bank::start().await;
    let code = bank.code().await;
    bank.app.advance(Duration::from_secs(60)).await;
    assert_eq!(bank.redeem(&code).await.text("error"), "invalid_grant");
    let code = bank.code().await;
    assert_eq!(bank.redeem(&code).await.status, 200);
    assert_eq!(bank.redeem(&code).await.text("error"), "invalid_grant");
}

#[tokio::test]
async fn assertions_are_for_the_issuer_and_of_three_algorithms__fapi2_security_5_3_2_1__5_4_1() {
    let app = TestApp::start().await;
    let kinds = [
        (SigningAlgorithm::ES256, true),
        (SigningAlgorithm::PS256, true),
        (SigningAlgorithm::EdDSA, true),
        (SigningAlgorithm::ES384, false),
        (SigningAlgorithm::RS256, false),
    ];
    let signers: Vec<_> = kinds.iter().map(|(kind, _)| Signer::key(*kind)).collect();
    let keys: Vec<Value> = signers.iter().map(|signer| signer.jwks()["keys"][0].clone()).collect();
    let system = app.relying_party(fapi2("nganhang", json!({ "keys": keys }), json!({}))).await;
    let mut bank =
        Bank { app, system, signer: Signer::key(SigningAlgorithm::ES256), key: ProofKey::generate() };
    for (signer, (kind, is_taken)) in signers.into_iter().zip(kinds) {
        bank.signer = signer;
        let pushed = bank.push(&[], &bank.assertion()).await;
        assert_eq!(pushed.status == 201, is_taken, "{kind}: {}", pushed.body);
        for aud in [json!([ISSUER]), json!(format!("{ISSUER}/par")), json!(format!("{ISSUER}/token"))] {
            let other = bank.signer.assertion(&bank.app, "nganhang", json!({ "aud": aud }), json!({}));
            let refused = bank.push(&[], &other).await;
            assert_eq!(
                (refused.status.as_u16(), refused.text("error")),
                (401, "invalid_client".into()),
                "{aud}"
            );
        }
    }
}

#[tokio::test]
async fn proofs_are_of_three_algorithms_and_needed__fapi2_security_5_4_1() {
    let bank = Bank::start().await;
    let code = bank.code().await;
    let without = bank.system.answer(bank.redemption(&code, &bank.assertion())).await;
    assert_eq!(without.text("error"), "invalid_dpop_proof");
    for kind in [SigningAlgorithm::ES384, SigningAlgorithm::RS256] {
        let proof = ProofKey::of(kind).proof(&bank.app);
        let refused = bank.system.answer(with_proof(bank.redemption(&code, &bank.assertion()), &proof)).await;
        assert_eq!(refused.text("error"), "invalid_dpop_proof");
        assert!(refused.text("error_description").contains("PS256, ES256 or EdDSA"), "{kind}");
    }
    for kind in [SigningAlgorithm::PS256, SigningAlgorithm::EdDSA] {
        let (key, code) = (ProofKey::of(kind), bank.code().await);
        let tokens = with_proof(bank.redemption(&code, &bank.assertion()), &key.proof(&bank.app));
        let token = bank.system.answer(tokens).await.text("access_token");
        let told = bank.system.answer(asking_with(&token, &key.proof_of_token(&bank.app, &token))).await;
        assert_eq!(told.status, 200, "{kind}");
    }
    let ahead = khue::base::Clock::now(&bank.app.clock).seconds() + 10;
    let proof = bank.key.proof_with(&bank.app, &[("iat", json!(ahead))]);
    let tokens = bank.system.answer(with_proof(bank.redemption(&code, &bank.assertion()), &proof)).await;
    assert_eq!(tokens.status, 200, "a clock that is 10 seconds ahead is no fault");
}

#[tokio::test]
async fn no_secret_and_no_name_alone_authenticates__fapi2_security_5_3_2_1() {
    let bank = Bank::start().await;
    let other = bank.app.relying_party(confidential("dichvucong")).await;
    let secret = other.secret.unwrap();
    for more in [vec![("client_secret", secret.as_str())], vec![]] {
        let mut form =
            vec![("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", "nganhang")];
        form.extend(more);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post("/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let refused = bank.system.answer(request.body(Body::from(body)).unwrap()).await;
        assert_eq!((refused.status.as_u16(), refused.text("error").as_str()), (401, "invalid_client"));
    }
}

#[tokio::test]
async fn a_change_of_profile_signs_nobody_out() {
    let bank = Bank::start().await;
    let kept = bank.redeem(&bank.code().await).await.text("refresh_token");
    let profile = async |profile: &str| {
        let changed = json!({ "profile": profile });
        bank.app.relying_party(fapi2("nganhang", bank.signer.jwks(), changed)).await;
    };
    profile("modern").await;
    let rotated = bank.refresh(&kept).await.text("refresh_token");
    assert_ne!(rotated, kept);
    profile("fapi2").await;
    for _ in 0..2 {
        let fresh = bank.refresh(&rotated).await;
        assert_eq!((fresh.status.as_u16(), fresh.body.get("refresh_token")), (200, None), "{fresh:?}");
    }
    bank.app.advance(Duration::from_secs(11)).await;
    assert_eq!(bank.refresh(&kept).await.text("error"), "invalid_grant", "what was replaced stays replaced");
    assert_eq!(bank.refresh(&rotated).await.text("error"), "invalid_grant", "and ends what came of it");
}
