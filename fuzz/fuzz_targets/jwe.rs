//! Encrypted JWTs, and headers of them, that nobody made for our key; key sets to which something may be encrypted.
#![no_main]

use std::sync::LazyLock;

use khue::base::encoding::base64url;
use khue::base::entropy::SeededEntropy;
use khue::crypto::jwe::{
    DecryptionKey, EncryptedJwt, Payload, Recipient, encrypt, generate_decryption_pkcs8,
};
use khue::crypto::signing::Jwks;
use khue::protocol::{ContentEncryptionAlgorithm, DecryptionKeyKind, KeyManagementAlgorithm};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

static KEYS: LazyLock<Vec<DecryptionKey>> = LazyLock::new(|| DecryptionKeyKind::ALL.iter().map(|kind| key(*kind)).collect());

fn key(kind: DecryptionKeyKind) -> DecryptionKey {
    let pkcs8 = generate_decryption_pkcs8(kind).expect("a key");
    DecryptionKey::from_pkcs8(kind, pkcs8.expose()).expect("its own form")
}

fuzz_target!(|text: &str| {
    whole(text);
    header(text);
    keys(text);
});

fn whole(text: &str) {
    if let Ok(jwt) = EncryptedJwt::read(text) {
        assert!(EncryptedJwt::has_form(text));
        assert!(jwt.open(&*KEYS).is_err(), "nobody has encrypted it");
    }
}

/// The header alone decides whether it is read: its other parts have the form of those of each way.
fn header(text: &str) {
    for encrypted_key in ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let token = format!("{}.{encrypted_key}.AAAAAAAAAAAAAAAA..AAAAAAAAAAAAAAAAAAAAAA", base64url(text));
        let Ok(jwt) = EncryptedJwt::read(&token) else { continue };
        let header: Value = serde_json::from_str(text).expect("an understood header is JSON");
        assert!(["crit", "zip"].iter().all(|name| header.get(name).is_none_or(Value::is_null)), "{text}");
        let alg = header["alg"].as_str().expect("an algorithm");
        assert!(KeyManagementAlgorithm::parse(alg).is_some(), "{text}");
        assert!(jwt.open(&*KEYS).is_err());
    }
}

fn keys(text: &str) {
    let Ok(set) = serde_json::from_str::<Jwks>(text) else { return };
    for algorithm in KeyManagementAlgorithm::ALL {
        let Some(recipient) = Recipient::find(&set, *algorithm) else { continue };
        let enc = ContentEncryptionAlgorithm::A256Gcm;
        // A point may lie on no curve: that is found out here, and is no more than an error.
        if let Ok(token) = encrypt(&recipient, enc, Payload::Jwt("a.b.c"), &SeededEntropy::new(7)) {
            assert!(EncryptedJwt::read(&token).is_ok());
        }
    }
}
