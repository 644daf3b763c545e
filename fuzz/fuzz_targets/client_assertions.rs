//! What clients sign: headers of JWTs, whole JWTs in a form, and the keys that clients register.
#![no_main]

use khue::base::Secret;
use khue::base::encoding::base64url;
use khue::crypto::jwt::ForeignJwt;
use khue::crypto::signing::{Jwks, VerifyingKey};
use khue::domain::client::ClientJwks;
use khue::protocol::params::BODY_LIMIT;
use khue::protocol::{AuthorizationHeader, PresentedCredentials, RawParams, SigningAlgorithm};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// The public key of RFC 7515 appendix A.3; its private half is public too, but no corpus of ours uses it.
const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"k","alg":"ES256","use":"sig",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

/// Never taken from a header: they would choose the key, or what must be understood.
const FORBIDDEN: [&str; 5] = ["jwk", "jku", "x5u", "x5c", "crit"];

fuzz_target!(|text: &str| {
    header(text);
    jwt(text);
    form(text);
    keys(text);
});

fn header(text: &str) {
    let token = format!("{}.e30.AA", base64url(text));
    if ForeignJwt::read(&token).is_err() {
        return;
    }
    let header: Value = serde_json::from_str(text).expect("an understood header is JSON");
    assert!(FORBIDDEN.iter().all(|member| header.get(member).is_none_or(Value::is_null)), "{text}");
    assert!(!header["alg"].as_str().expect("an algorithm").eq_ignore_ascii_case("none"));
}

fn jwt(text: &str) {
    let set: Jwks = serde_json::from_str(KEYS).expect("a key set");
    let Ok(jwt) = ForeignJwt::read(text) else { return };
    assert!(jwt.verify::<Value>(&jwt.candidates(&set)).is_err());
    assert!(jwt.verify_mac::<Value>(&[Secret::new(vec![7; 32])]).is_err());
    assert!(jwt.typ().is_none_or(|typ| !typ.bytes().any(|byte| byte.is_ascii_uppercase())));
}

fn form(text: &str) {
    let none = AuthorizationHeader::parse(std::iter::empty::<&[u8]>()).expect("no header is none");
    let Ok(params) = RawParams::parse(text.as_bytes(), BODY_LIMIT) else { return };
    if let Ok(PresentedCredentials::Assertion(assertion)) = PresentedCredentials::parse(none, &params) {
        assert_eq!(assertion.jwt().matches('.').count(), 2);
        let named = params.get("client_id").expect("a single one");
        assert!(named.is_none_or(|named| named == assertion.subject().as_str()));
    }
}

fn keys(text: &str) {
    let Ok(registered) = serde_json::from_str::<ClientJwks>(text) else { return };
    if registered.problem().is_some() {
        return;
    }
    let set: Jwks = serde_json::from_value(registered.value().clone()).expect("a set that was checked");
    for jwk in &set.keys {
        for algorithm in SigningAlgorithm::ALL {
            if let Ok(key) = VerifyingKey::for_algorithm(jwk, *algorithm) {
                assert_eq!(key.algorithm(), *algorithm);
            }
        }
    }
}
