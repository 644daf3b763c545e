//! Compact JWTs that nobody with our key has signed.
#![no_main]

use khue::crypto::jwt::{JwtType, verify_jwt};
use khue::crypto::signing::{Jwks, VerifyingKeys};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// The public key of RFC 7515 appendix A.3; its private half is public too, but no corpus of ours uses it.
const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"k","alg":"ES256","use":"sig",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

fuzz_target!(|token: &str| {
    let set: Jwks = serde_json::from_str(KEYS).expect("a key set");
    let keys = VerifyingKeys::from_jwks(&set);
    assert!(keys.get("k").is_some());
    for typ in [JwtType::IdToken, JwtType::AccessToken, JwtType::LogoutToken] {
        assert!(verify_jwt::<Value>(token, typ, &keys).is_err());
    }
});
