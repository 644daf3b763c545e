//! Proofs of possession: as they come, and with a signature that is right.
#![no_main]

use std::sync::LazyLock;

use khue::base::encoding::base64url;
use khue::crypto::jwt::read_dpop_proof;
use khue::crypto::signing::{SigningKey, generate_pkcs8};
use khue::protocol::SigningAlgorithm;
use khue::protocol::dpop::PresentedProof;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let pkcs8 = generate_pkcs8(SigningAlgorithm::ES256).expect("a key");
    SigningKey::from_pkcs8(SigningAlgorithm::ES256, pkcs8.expose()).expect("a key")
});

/// What no public key has, and what would have to be understood.
const FORBIDDEN: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

fuzz_target!(|text: &str| {
    assert!(read(text).is_none(), "nobody guesses a signature");
    let (header, claims) = text.split_once('\n').unwrap_or((text, "{}"));
    signed(header, claims);
});

fn read(proof: &str) -> Option<khue::crypto::jwt::SignedProof> {
    let presented = PresentedProof::parse([proof.as_bytes()]).ok()??;
    match read_dpop_proof(presented) {
        Ok(proof) => Some(proof),
        Err(fault) => {
            assert!(fault.to_string().bytes().all(|byte| matches!(byte, b' '..=b'~')));
            None
        }
    }
}

/// A header whose `jwk` is the word `own`, or an object to which `own` is added, gets the key that signs.
fn signed(header: &str, claims: &str) {
    let Ok(mut header) = serde_json::from_str::<Value>(header) else { return };
    if let Some(jwk) = header.get_mut("jwk") {
        let own = json!(KEY.public_jwk().key);
        match jwk {
            Value::Object(members) => {
                if members.remove("own").is_some() {
                    members.extend(own.as_object().cloned().unwrap_or_default());
                }
            }
            Value::String(word) if word == "own" => *jwk = own,
            _ => {}
        }
    }
    let message = format!("{}.{}", base64url(header.to_string()), base64url(claims));
    let signature = KEY.sign(message.as_bytes()).expect("a signature");
    let Some(proof) = read(&format!("{message}.{}", base64url(signature))) else { return };
    let typ = header["typ"].as_str().expect("a type").to_ascii_lowercase();
    assert!(typ == "dpop+jwt" || typ == "application/dpop+jwt");
    assert_eq!(header["alg"], "ES256");
    assert!(header.get("crit").is_none_or(Value::is_null));
    assert!(FORBIDDEN.iter().all(|member| header["jwk"].get(member).is_none()));
    assert_eq!(proof.key.to_string(), KEY.public_jwk().key.thumbprint());
    let said: Value = serde_json::from_str(claims).expect("claims are JSON");
    assert_eq!(said["jti"], proof.claims.jti.as_str());
    assert_eq!(said["htu"], proof.claims.htu.as_str());
}
