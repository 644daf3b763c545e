//! Nonces of ours in proofs (RFC 9449 §8, §9).

use std::time::Duration;

use serde_json::json;

use crate::kit::{
    Answer, ProofKey, RelyingParty, TestApp, asking_with, claims, confidential, registration, with_proof,
};

async fn demanding(app: &TestApp) -> RelyingParty {
    let needs = json!({ "dpop_bound_access_tokens": true, "require_dpop_nonce": true });
    app.relying_party(registration("dichvucong", needs)).await
}

async fn code(app: &TestApp, system: &RelyingParty) -> String {
    app.browser().first_visit(&system.authorize(&[]), &[]).await.answer()["code"].clone()
}

fn told(answer: &Answer) -> (u16, String, String) {
    (answer.status.as_u16(), answer.text("error"), answer.text("error_description"))
}

#[tokio::test]
async fn whoever_must_carry_one_is_given_one__rfc9449_8() {
    let app = TestApp::start().await;
    let system = demanding(&app).await;
    let key = ProofKey::generate();
    let code = code(&app, &system).await;
    let without = system.answer(with_proof(system.redemption(&code), &key.proof(&app))).await;
    let description = "The DPoP proof must carry the nonce of the DPoP-Nonce header.";
    assert_eq!(told(&without), (400, "use_dpop_nonce".to_owned(), description.to_owned()));
    let nonce = without.header("dpop-nonce").to_owned();
    assert_eq!(nonce.len(), 22);
    let forged = key.proof_with(&app, &[("nonce", json!("A".repeat(22)))]);
    let forged = system.answer(with_proof(system.redemption(&code), &forged)).await;
    let description = "The nonce of the DPoP proof has expired; use the one of the DPoP-Nonce header.";
    assert_eq!(told(&forged), (400, "use_dpop_nonce".to_owned(), description.to_owned()));
    assert_eq!(forged.header("dpop-nonce"), nonce);

    let proof = key.proof_with(&app, &[("nonce", json!(nonce))]);
    let tokens = system.answer(with_proof(system.redemption(&code), &proof)).await;
    assert_eq!((tokens.status.as_u16(), tokens.header("dpop-nonce")), (200, nonce.as_str()));
    let again = system.answer(with_proof(system.redemption(&code), &proof)).await;
    assert_eq!(again.text("error"), "invalid_dpop_proof", "a nonce does not make a proof good twice");

    let token = tokens.text("access_token");
    let right = claims(&key.proof_of_token(&app, &token));
    let proof = |nonce: &str| {
        let claims = ["htm", "htu", "ath"].map(|name| (name, right[name].clone()));
        key.proof_with(&app, &[&claims[..], &[("nonce", json!(nonce))]].concat())
    };
    let without = system.answer(key.asking(&app, &token)).await;
    assert_eq!((without.status.as_u16(), without.text("error").as_str()), (401, "use_dpop_nonce"));
    assert_eq!(without.header("dpop-nonce"), nonce);
    assert!(without.header("www-authenticate").contains("error=\"use_dpop_nonce\""));
    let asked = system.answer(asking_with(&token, &proof(&nonce))).await;
    assert_eq!((asked.status.as_u16(), asked.header("dpop-nonce")), (200, nonce.as_str()));
}

#[tokio::test]
async fn a_nonce_is_good_for_one_to_two_minutes_and_follows_the_answers__rfc9449_8_2() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let key = ProofKey::generate();
    let first = app.instance.provider.dpop_nonce();
    let ask = async |nonce: &str| {
        let proof = key.proof_with(&app, &[("nonce", json!(nonce))]);
        system.answer(with_proof(system.refreshing("nonsense"), &proof)).await
    };
    app.clock.advance(Duration::from_secs(60));
    let answer = ask(&first).await;
    assert_eq!(answer.text("error"), "invalid_grant", "the nonce of the minute before is still good");
    let next = answer.header("dpop-nonce").to_owned();
    assert_ne!(next, first);
    app.clock.advance(Duration::from_secs(60));
    let late = ask(&first).await;
    assert_eq!(late.text("error"), "use_dpop_nonce", "though this system needs none");
    assert_eq!(ask(late.header("dpop-nonce")).await.text("error"), "invalid_grant");
}

#[tokio::test]
async fn a_nonce_stands_for_the_clock__rfc9449_4_3() {
    let app = TestApp::start().await;
    let system = app.relying_party(confidential("dichvucong")).await;
    let key = ProofKey::generate();
    let code = code(&app, &system).await;
    let nonce = app.instance.provider.dpop_nonce();
    let proof = key.proof_with(&app, &[("nonce", json!(nonce)), ("iat", json!(1_000_000))]);
    let tokens = system.answer(with_proof(system.redemption(&code), &proof)).await;
    assert_eq!(tokens.status, 200, "a phone whose clock was never set");
}

#[tokio::test]
async fn registrations_that_contradict_themselves_are_refused() {
    for (document, problem) in [
        (json!({ "require_dpop_nonce": true }), "require_dpop_nonce: needs dpop_bound_access_tokens = true"),
        (
            json!({
                "dpop_bound_access_tokens": true,
                "response_types": ["code", "id_token token"],
                "grant_types": ["authorization_code", "implicit"],
            }),
            "dpop_bound_access_tokens: a response type with token gives access tokens that are bound to no key; leave it out",
        ),
    ] {
        let registered = std::panic::catch_unwind(|| registration("dichvucong", document)).unwrap_err();
        let told = registered.downcast_ref::<String>().unwrap();
        assert!(told.contains(problem), "{told}");
    }
}
