//! Keys that a client registers by value, held against the code that will use them.

use serde_json::Value;

use super::jwe::Recipient;
use super::signing::{Jwk, UnusableKey, VerifyingKey};
use crate::protocol::{KeyManagementAlgorithm, SigningAlgorithm};

/// The longest name that is told back.
const LONGEST_NAME: usize = 64;

/// A key with which nothing could ever be verified, and to which nothing could be encrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} cannot be used: {why}")]
pub struct UselessKey {
    key: String,
    why: UnusableKey,
}

/// The first key of a JWK set that is of no use. One for what is not spoken here is passed over (RFC 7517 §5): its client
/// may speak with others too.
pub fn useless_key(set: &Value) -> Option<UselessKey> {
    let keys = set.get("keys").and_then(Value::as_array).into_iter().flatten();
    keys.enumerate().find_map(|(place, key)| Some(UselessKey { why: fault(key)?, key: name(place, key) }))
}

fn fault(key: &Value) -> Option<UnusableKey> {
    let Ok(jwk) = serde_json::from_value::<Jwk>(key.clone()) else { return Some(UnusableKey::Malformed) };
    let verifies = |algorithm: &SigningAlgorithm| {
        VerifyingKey::for_algorithm(&jwk, *algorithm).and_then(|key| key.check_point())
    };
    let encrypts = |algorithm: &KeyManagementAlgorithm| {
        Recipient::of(&jwk, *algorithm).and_then(|recipient| recipient.check_point())
    };
    let mut first = None;
    for tried in
        SigningAlgorithm::ALL.iter().map(verifies).chain(KeyManagementAlgorithm::ALL.iter().map(encrypts))
    {
        match tried {
            Ok(()) => return None,
            Err(UnusableKey::OtherUse) => {}
            Err(why) => first = first.or(Some(why)),
        }
    }
    first
}

/// Its place, and its name where that can stand in any text.
fn name(place: usize, key: &Value) -> String {
    let is_plain = |kid: &&str| {
        (1..=LONGEST_NAME).contains(&kid.len())
            && kid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/+=".contains(&byte))
    };
    match key.get("kid").and_then(Value::as_str).filter(is_plain) {
        Some(kid) => format!("key {} ({kid})", place + 1),
        None => format!("key {}", place + 1),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::encoding::base64url;
    use crate::crypto::signing::{SigningKey, generate_pkcs8};

    fn key(algorithm: SigningAlgorithm) -> Value {
        let pkcs8 = generate_pkcs8(algorithm).unwrap();
        json!(SigningKey::from_pkcs8(algorithm, pkcs8.expose()).unwrap().public_jwk())
    }

    fn with(mut key: Value, changes: &Value) -> Value {
        for (name, value) in changes.as_object().unwrap() {
            key[name] = value.clone();
        }
        key
    }

    fn why(key: &Value) -> Option<UnusableKey> {
        useless_key(&json!({ "keys": [key] })).map(|useless| useless.why)
    }

    #[test]
    fn whatever_is_spoken_can_be_registered_and_what_is_not_is_passed_over__rfc7517_5() {
        for algorithm in SigningAlgorithm::ALL {
            assert_eq!(why(&key(*algorithm)), None, "{algorithm}");
        }
        let p256 = key(SigningAlgorithm::ES256);
        for changes in [
            json!({ "alg": null, "use": null }),
            json!({ "alg": "ECDH-ES", "use": "enc" }),
            json!({ "alg": "ES512", "crv": "P-521" }),
            json!({ "crv": "secp256k1", "alg": "ES256K" }),
            json!({ "use": "tls" }),
        ] {
            assert_eq!(why(&with(p256.clone(), &changes)), None, "{changes}");
        }
        let x25519 = json!({ "kty": "OKP", "crv": "X25519", "x": base64url([9; 32]), "use": "enc" });
        assert_eq!(why(&x25519), None);
    }

    #[test]
    fn a_key_of_no_use_is_named_with_the_reason() {
        let (p256, p384) = (key(SigningAlgorithm::ES256), key(SigningAlgorithm::ES384));
        let off = |length: usize| json!({ "x": base64url(vec![7; length]) });
        let enc = json!({ "alg": "ECDH-ES", "use": "enc", "x": base64url([7; 32]) });
        let bare = json!({ "alg": null, "use": null, "x": base64url([7; 32]) });
        let rsa = key(SigningAlgorithm::RS256);
        let short = json!({ "n": base64url([0xff; 128]) });
        for (wrong, reason) in [
            (with(p256.clone(), &off(32)), UnusableKey::OffCurve),
            (with(p256.clone(), &enc), UnusableKey::OffCurve),
            (with(p256.clone(), &bare), UnusableKey::OffCurve),
            (with(p384, &off(48)), UnusableKey::OffCurve),
            (with(p256.clone(), &off(31)), UnusableKey::Malformed),
            (with(p256.clone(), &json!({ "x": 7 })), UnusableKey::Malformed),
            (with(p256.clone(), &json!({ "y": null })), UnusableKey::Malformed),
            (with(key(SigningAlgorithm::EdDSA), &off(31)), UnusableKey::Malformed),
            (with(rsa.clone(), &short), UnusableKey::ModulusLength),
            (
                with(with(rsa, &short), &json!({ "alg": "RSA-OAEP-256", "use": "enc" })),
                UnusableKey::ModulusLength,
            ),
            (json!({ "kty": "OKP", "crv": "X25519", "x": base64url([0; 32]) }), UnusableKey::OffCurve),
        ] {
            assert_eq!(why(&wrong), Some(reason), "{wrong}");
        }
        let named = with(p256.clone(), &json!({ "kid": "2026-05", "x": "AA" }));
        let told = |key: &Value| useless_key(&json!({ "keys": [p256, key] })).unwrap().to_string();
        assert!(told(&named).starts_with("key 2 (2026-05) cannot be used: its members"), "{}", told(&named));
        for kid in [json!(null), json!("a b"), json!("\u{202e}"), json!("k".repeat(65)), json!(7)] {
            let told = told(&with(named.clone(), &json!({ "kid": kid })));
            assert!(told.starts_with("key 2 cannot"), "{told}");
        }
    }
}
