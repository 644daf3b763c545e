//! What a JWT must survive, and what it must not.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{JwtRefused, JwtType, LARGEST_JWT, sign_jwt, verify_jwt};
use crate::base::encoding::{base64url, from_base64url};
use crate::crypto::signing::{Jwks, SigningKey, VerifyingKeys, generate_pkcs8};
use crate::protocol::SigningAlgorithm;

fn key(algorithm: SigningAlgorithm) -> SigningKey {
    SigningKey::from_pkcs8(algorithm, generate_pkcs8(algorithm).unwrap().expose()).unwrap()
}

fn published(key: &SigningKey) -> VerifyingKeys {
    VerifyingKeys::from_jwks(&Jwks { keys: vec![key.public_jwk().clone()] })
}

/// A token with any header, rightly signed.
fn signed(key: &SigningKey, header: &Value, payload: &str) -> String {
    let message = format!("{}.{}", base64url(header.to_string()), base64url(payload));
    let signature = key.sign(message.as_bytes()).unwrap();
    format!("{message}.{}", base64url(signature))
}

fn verify(token: &str, key: &SigningKey) -> Result<Value, JwtRefused> {
    verify_jwt(token, JwtType::AccessToken, &published(key))
}

#[test]
fn what_every_algorithm_signs_is_verified_with_what_is_published() {
    for algorithm in SigningAlgorithm::ALL {
        let key = key(*algorithm);
        let claims = json!({"sub": "Ánh", "exp": 1});
        let token = sign_jwt(&key, JwtType::AccessToken, &claims).unwrap();
        assert_eq!(verify(&token, &key), Ok(claims), "{algorithm}");
        let other = self::key(*algorithm);
        assert_eq!(verify(&token, &other), Err(JwtRefused::UnknownKey), "{algorithm}");
    }
}

#[test]
fn the_header_says_what_the_token_is() {
    let key = key(SigningAlgorithm::ES256);
    for (typ, text) in [(JwtType::IdToken, "JWT"), (JwtType::LogoutToken, "logout+jwt")] {
        let token = sign_jwt(&key, typ, &json!({})).unwrap();
        let header = from_base64url(token.split('.').next().unwrap()).unwrap();
        let expected = format!(r#"{{"alg":"ES256","typ":"{text}","kid":"{}"}}"#, key.kid());
        assert_eq!(String::from_utf8(header).unwrap(), expected);
    }
}

#[test]
fn one_type_is_never_taken_for_another__rfc8725_3_11() {
    let key = key(SigningAlgorithm::ES256);
    let types = [JwtType::IdToken, JwtType::AccessToken, JwtType::LogoutToken];
    for made in types {
        let token = sign_jwt(&key, made, &json!({})).unwrap();
        for wanted in types {
            let result = verify_jwt::<Value>(&token, wanted, &published(&key));
            assert_eq!(result.is_ok(), made == wanted, "{made:?} as {wanted:?}");
        }
    }
}

#[test]
fn headers_that_would_choose_key_or_algorithm_are_refused() {
    let key = key(SigningAlgorithm::ES256);
    let good = json!({"alg": "ES256", "typ": "at+jwt", "kid": key.kid()});
    assert_eq!(verify(&signed(&key, &good, "{}"), &key), Ok(json!({})));
    let jwk = serde_json::to_value(key.public_jwk()).unwrap();
    for (member, value, refusal) in [
        ("alg", json!("none"), JwtRefused::Malformed),
        ("alg", json!("None"), JwtRefused::Malformed),
        ("alg", json!(""), JwtRefused::Malformed),
        ("alg", json!("es256"), JwtRefused::Malformed),
        ("alg", Value::Null, JwtRefused::Malformed),
        ("alg", json!("HS256"), JwtRefused::OtherAlgorithm),
        ("alg", json!("RS256"), JwtRefused::OtherAlgorithm),
        ("alg", json!("ES384"), JwtRefused::OtherAlgorithm),
        ("alg", json!("EdDSA"), JwtRefused::OtherAlgorithm),
        ("jwk", jwk, JwtRefused::ForbiddenHeader),
        ("jku", json!("https://evil.test/jwks"), JwtRefused::ForbiddenHeader),
        ("x5u", json!("https://evil.test/cert"), JwtRefused::ForbiddenHeader),
        ("x5c", json!(["AAAA"]), JwtRefused::ForbiddenHeader),
        ("crit", json!(["exp"]), JwtRefused::ForbiddenHeader),
        ("crit", json!([]), JwtRefused::ForbiddenHeader),
        ("zip", json!("DEF"), JwtRefused::ForbiddenHeader),
        ("typ", json!("JWT"), JwtRefused::OtherType),
        ("typ", json!("AT+JWT"), JwtRefused::OtherType),
        ("typ", Value::Null, JwtRefused::OtherType),
        ("kid", json!("another"), JwtRefused::UnknownKey),
        ("kid", json!("../../etc/passwd"), JwtRefused::UnknownKey),
        ("kid", Value::Null, JwtRefused::UnknownKey),
        ("kid", json!(["a"]), JwtRefused::Malformed),
    ] {
        let mut header = good.clone();
        header[member] = value;
        assert_eq!(verify(&signed(&key, &header, "{}"), &key), Err(refusal), "{header}");
    }
}

#[test]
fn a_header_that_says_a_thing_twice_is_refused() {
    let key = key(SigningAlgorithm::ES256);
    let header = format!(r#"{{"alg":"ES256","alg":"ES256","typ":"at+jwt","kid":"{}"}}"#, key.kid());
    let message = format!("{}.{}", base64url(header), base64url("{}"));
    let token = format!("{message}.{}", base64url(key.sign(message.as_bytes()).unwrap()));
    assert_eq!(verify(&token, &key), Err(JwtRefused::Malformed));
}

#[test]
fn a_public_key_used_as_a_symmetric_secret_is_refused__rfc8725_2_1() {
    let key = key(SigningAlgorithm::RS256);
    let header = json!({"alg": "HS256", "typ": "at+jwt", "kid": key.kid()});
    let message = format!("{}.{}", base64url(header.to_string()), base64url("{}"));
    let public = serde_json::to_vec(key.public_jwk()).unwrap();
    let mac = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &public), message.as_bytes());
    let token = format!("{message}.{}", base64url(mac));
    assert_eq!(verify(&token, &key), Err(JwtRefused::OtherAlgorithm));
}

#[test]
fn one_rsa_key_is_bound_to_one_padding() {
    let pkcs8 = generate_pkcs8(SigningAlgorithm::RS256).unwrap();
    let (pkcs1, pss) = (
        SigningKey::from_pkcs8(SigningAlgorithm::RS256, pkcs8.expose()).unwrap(),
        SigningKey::from_pkcs8(SigningAlgorithm::PS256, pkcs8.expose()).unwrap(),
    );
    let token = sign_jwt(&pss, JwtType::AccessToken, &json!({})).unwrap();
    assert_eq!(verify(&token, &pkcs1), Err(JwtRefused::OtherAlgorithm));
}

#[test]
fn shapes_that_are_no_jwt_are_refused() {
    let key = key(SigningAlgorithm::ES256);
    let token = sign_jwt(&key, JwtType::AccessToken, &json!({"sub": "a"})).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    for wrong in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        header.to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!("{token}="),
        format!("{token}\n"),
        format!(" {token}"),
        format!("{header}=.{payload}.{signature}"),
        format!("{header}.{payload}=.{signature}"),
        token.to_lowercase(),
        token.to_uppercase(),
        format!("{header}.{payload}.{}", base64url([0_u8; 64])),
        format!("{header}.{payload}.{}", base64url([0_u8; 72])),
        "[]".to_owned(),
    ] {
        assert!(verify(&wrong, &key).is_err(), "{wrong}");
    }
}

#[test]
fn a_token_too_long_is_not_looked_at() {
    let key = key(SigningAlgorithm::ES256);
    let long = sign_jwt(&key, JwtType::AccessToken, &json!({"sub": "a".repeat(LARGEST_JWT)})).unwrap();
    assert_eq!(verify(&long, &key), Err(JwtRefused::TooLong));
}

#[test]
fn the_signature_is_judged_before_the_content() {
    let key = key(SigningAlgorithm::ES256);
    let header = json!({"alg": "ES256", "typ": "at+jwt", "kid": key.kid()});
    assert_eq!(verify(&signed(&key, &header, "no json"), &key), Err(JwtRefused::Claims));
    let unsigned =
        format!("{}.{}.{}", base64url(header.to_string()), base64url("no json"), base64url([1_u8; 64]));
    assert_eq!(verify(&unsigned, &key), Err(JwtRefused::Signature));
}

proptest! {
    #[test]
    fn every_changed_character_is_noticed(at: prop::sample::Index, to in "[A-Za-z0-9_.-]") {
        let key = key(SigningAlgorithm::EdDSA);
        let token = sign_jwt(&key, JwtType::AccessToken, &json!({"sub": "someone", "n": 1})).unwrap();
        let at = at.index(token.len());
        let mut forged = token.clone();
        forged.replace_range(at..=at, &to);
        prop_assert_eq!(verify(&forged, &key).is_ok(), forged == token);
        prop_assert!(verify(&token[..at], &key).is_err());
    }

    #[test]
    fn text_from_strangers_is_refused_without_a_panic(text in "([A-Za-z0-9_-]{0,40}\\.){0,4}\\PC{0,20}") {
        prop_assert!(verify(&text, &key(SigningAlgorithm::EdDSA)).is_err());
    }
}
