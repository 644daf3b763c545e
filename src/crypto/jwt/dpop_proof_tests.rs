use proptest::prelude::*;
use serde_json::{Value, json};

use super::read_dpop_proof;
use crate::base::encoding::base64url;
use crate::crypto::signing::{SigningKey, generate_pkcs8};
use crate::protocol::SigningAlgorithm;
use crate::protocol::dpop::{PresentedProof, ProofFault};

fn key(algorithm: SigningAlgorithm) -> SigningKey {
    SigningKey::from_pkcs8(algorithm, generate_pkcs8(algorithm).unwrap().expose()).unwrap()
}

fn public(key: &SigningKey) -> Value {
    let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
    jwk.as_object_mut().unwrap().retain(|name, _| !["kid", "alg", "use"].contains(&name.as_str()));
    jwk
}

fn claims() -> Value {
    json!({ "jti": "j", "htm": "POST", "htu": "https://id.example/token", "iat": 1_562_262_616 })
}

fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
    let signature = key.sign(message.as_bytes()).unwrap();
    format!("{message}.{}", base64url(&signature))
}

fn read(text: &str) -> Result<super::SignedProof, ProofFault> {
    read_dpop_proof(PresentedProof::parse([text.as_bytes()]).unwrap().unwrap())
}

#[test]
fn the_example_is_read__rfc9449_4_1() {
    let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
    let read = read(proof).unwrap();
    assert_eq!(read.key.to_string(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    assert_eq!((read.claims.jti.as_str(), read.claims.htm.as_str()), ("-BwC3ESc6acc2lTc", "POST"));
    assert_eq!(read.claims.htu, "https://server.example.com/token");
    assert_eq!(read.claims.iat.seconds(), 1_562_262_616);
}

#[test]
fn every_algorithm_that_discovery_names_is_read() {
    for algorithm in SigningAlgorithm::ALL {
        let key = key(*algorithm);
        let proof =
            signed(&key, &json!({"typ": "dpop+jwt", "alg": algorithm, "jwk": public(&key)}), &claims());
        assert_eq!(read(&proof).unwrap().key.to_string(), key.public_jwk().kid.clone().unwrap());
    }
}

#[test]
fn each_wrong_header_is_named__rfc9449_4_3() {
    let key = key(SigningAlgorithm::ES256);
    let jwk = public(&key);
    let private = |member: &str| {
        let mut jwk = jwk.clone();
        jwk[member] = json!("AA");
        jwk
    };
    let header = |name: &str, value: Value| {
        let mut header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
        match value {
            Value::Null => drop(header.as_object_mut().unwrap().remove(name)),
            value => header[name] = value,
        }
        header
    };
    for (header, fault) in [
        (header("typ", Value::Null), ProofFault::OtherType),
        (header("typ", json!("JWT")), ProofFault::OtherType),
        (header("typ", json!(1)), ProofFault::Malformed),
        (header("alg", Value::Null), ProofFault::OtherAlgorithm),
        (header("alg", json!("none")), ProofFault::OtherAlgorithm),
        (header("alg", json!("HS256")), ProofFault::OtherAlgorithm),
        (header("alg", json!("RS256")), ProofFault::UnusableKey),
        (header("crit", json!(["b64"])), ProofFault::Critical),
        (header("jku", json!("https://evil.example/jwks")), ProofFault::ForeignKey),
        (header("x5u", json!("https://evil.example/cert")), ProofFault::ForeignKey),
        (header("x5c", json!(["MIIB"])), ProofFault::ForeignKey),
        (header("jwk", Value::Null), ProofFault::UnusableKey),
        (header("jwk", json!("x")), ProofFault::UnusableKey),
        (header("jwk", json!({})), ProofFault::UnusableKey),
        (header("jwk", json!({"kty": "oct", "k": "AAAA"})), ProofFault::PrivateKey),
        (header("jwk", private("d")), ProofFault::PrivateKey),
        (header("jwk", private("k")), ProofFault::PrivateKey),
        (header("jwk", public(&self::key(SigningAlgorithm::ES256))), ProofFault::WrongSignature),
    ] {
        assert_eq!(read(&signed(&key, &header, &claims())).unwrap_err(), fault, "{header}");
    }
    let right = signed(&key, &header("typ", json!("application/DPoP+JWT")), &claims());
    assert!(read(&right).is_ok());
    let twice = format!(
        "{}.{}.{}",
        base64url(r#"{"typ":"dpop+jwt","typ":"dpop+jwt","alg":"ES256","jwk":{}}"#),
        base64url(claims().to_string()),
        base64url([0; 64])
    );
    assert_eq!(read(&twice).unwrap_err(), ProofFault::Malformed);
    for wrong in ["", "a", "a.b", "..", "a.b.c.d", "é.b.c", &format!("{right}="), &format!("{right}.")] {
        assert!(matches!(read(wrong), Err(ProofFault::Malformed | ProofFault::WrongSignature)), "{wrong}");
    }
}

#[test]
fn claims_have_their_types() {
    let key = key(SigningAlgorithm::EdDSA);
    let header = json!({"typ": "dpop+jwt", "alg": "EdDSA", "jwk": public(&key)});
    for (name, value) in [
        ("jti", Value::Null),
        ("jti", json!(1)),
        ("htm", Value::Null),
        ("htu", Value::Null),
        ("iat", Value::Null),
        ("iat", json!("1562262616")),
        ("nonce", json!(1)),
        ("ath", json!([])),
        ("exp", json!("1562262616")),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        let read = read(&signed(&key, &header, &claims));
        assert_eq!(read.unwrap_err(), ProofFault::MissingClaims, "{name} {value}");
    }
    // RFC 9864 §2.2: the newer name of the same algorithm.
    let newer = json!({"typ": "dpop+jwt", "alg": "Ed25519", "jwk": public(&key)});
    assert!(read(&signed(&key, &newer, &claims())).is_ok());
    let mut fraction = claims();
    fraction["iat"] = json!(1_562_262_616.75);
    assert_eq!(read(&signed(&key, &header, &fraction)).unwrap().claims.iat.seconds(), 1_562_262_616);
}

proptest! {
    #[test]
    fn no_changed_character_goes_unnoticed(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
        let key = key(SigningAlgorithm::EdDSA);
        let proof =
            signed(&key, &json!({"typ": "dpop+jwt", "alg": "EdDSA", "jwk": public(&key)}), &claims());
        let mut forged = proof.clone();
        let at = at.index(proof.len());
        forged.replace_range(at..=at, &to);
        prop_assert_eq!(read(&forged).is_ok(), forged == proof);
    }

    #[test]
    fn whatever_comes_is_answered(text in "[ -~]{0,300}") {
        prop_assert!(read(&text).is_err());
        let part = base64url(&text);
        let parts = [part.as_str(); 3].join(".");
        prop_assert!(read(&parts).is_err());
    }
}
