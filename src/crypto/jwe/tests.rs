//! The examples of the RFCs, as far as they have our algorithms, and every pair of them there and back.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, X25519};
use serde_json::json;

use super::agreement::{Point, derive_named, unwrap, wrap};
use super::header::JweHeader;
use super::*;
use crate::base::encoding::{base64url, from_base64url};
use crate::base::entropy::SeededEntropy;
use crate::crypto::signing::{Jwk, Jwks, PublicKey};
use crate::protocol::{ContentEncryptionAlgorithm, DecryptionKeyKind, KeyManagementAlgorithm};

/// Made by another implementation (pyca/cryptography): a key in PKCS #8, and what was encrypted to it.
const FOREIGN_KEY: &str = "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDvj8-NoXMsGVziZs8darJAPR-7Zo7e3pyEtJKCjZVV8jqQrIOzaJhSYGgr2EAtUaMjnuQQHvZ673JT4Qm-ac3VXCn-qxIrG4FZqgnHc1gQcfNQDB65Kdn2YxR910mj04cUWCCOHaJ6LwS2zI8VhmOKWOo7afNicdcPM05bBu3J1GcUZjfd4qU5eLAbgzVSgwvbPoKbubolwbpuEBEf4FT-t28AhVKU7p5iq5uSEFjnRpTzuFqU9S2ua3WqpZO6vq5oI4yavjYVyWPmrMcJ9shETMBwiMbH5o-9uhaoHfL6zKgGGBwqS5-GIvubWgMjq722oggxwXZ-vYrY8RB7_0pdAgMBAAECggEACXa371NqdlqGJdeD5Ria9Bi2ETQq_rjym_d6NjgbpyqLj72Q8lx2cAKo-tpvJpssA7M6NTzT5eVhsdiZBvGtFPmwGwRtElDi2kTyX_O5jeTChO4FpLD3kFk3rQT9PsCTfIVCu_qFuafz2rjYCjSl6Ag9MJ2t5Ly0j0Aqn0P1ztxGqSfTjrUKEPUoClUvuzpJPt_QTm068LWcK_e2dzNByKcS_HrphYWBjgh8O_ec-vbsMwvhJyzMoIj57ccVeKUP3H0bQjS8VaYy1vyP4S-Ad3dMgqfg5pupjR9b5xF3vyhwHgNzFi2JBBKsPPN7G_R1YABeObn7mGekMKeiQnyYTQKBgQD4saq91_fY53NNJMigQdf288wp3naAqPyHxPGEz0mBGNqO4jMsuXqGbT1Sr-p0kDIKHe3MNK2ty2wG4xw6jQN1ZLwmLdD-eGmDvbJQWoEIGbecaDhtcRYOGBRljNtADhTsosCXZjsplAbbWHO3cRStCQ_E_Pr1hrev4C9JKf7FYwKBgQD2mXavREBaA_uZALF6n4xIgOcBzNUijZ_VQspCdcuhk7UpVWgyqzKHV8_zmqxGXzKvOdmQ8QtNINZAucp8Ts2px-Gj_yun53tQ3WT4cNTPAGJRnt6VA7MflFolJjMYHaUdh_hi4w0UY9o9w8SSWofnZk3qAdTojn6gs8GW23WdPwKBgGOoHnmQz7rVlLi3IsZFXFuTep7UjLwl-3wUiYvk3NmksgBL2KH1eYngwJAf-l3XYpX3RFFuUqKwP4vK-obj9xzVzyeleHhgnDe0jn3wpoAufgtpICOLC4F-WL4Q4dMbUXs6BN8mklKpBM5k9YnvAJAOb4lKru4wm-8YcRpqf7NtAoGAO1qIpHrK-l-HCTaPgTIxs6nC8D369swbslrXD9QGZSeGLSKvZ7KpAMZz-PA7ktyK-H32DdrWm4PRzdZqFC1rdvfzKWPbgBhJKBeBnAKcVg6Dm52feUJgtLMiV1qwZZeNDGSTtklr9oJqHv-lqow7tch77Fzwf-D8PXXGnKbJ0kUCgYALVrC7gP9BiJUQArZ8FRD6DwWPEulkWDWvWgp044C7SLDwltB86dvz8X3A2US30W7l9DfZfcHFZnHcxLw_m5O3oavhJAhaBdkmz_bHImxsPTafjcJGzjrAWRZ3NlPWnLvjTapo0kMttRg88nnotuaqjIMaXJipTwZW5AEdpewbrw";
const FOREIGN_JWE: &str = "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIiwiY3R5IjoiSldUIn0.TmQzi7FW1yPuHXRpoP68pv2jBC7zcW65MRdjbvSwVDJgTtJpUXWR6ftS_wvcAX6dQTyPUzRzjzjdYj2X4OcAtoa0DkrWLpKMupQzH252EMcBGa4TGLVFy2fkm6mQQqN1DSQ-aCCVOhsU48tHBRRiUQovcnZ0zFEhasWyNmKK9pLZnCsTBV9WYfqhNXx9fdUakOMmDsAicTgbzJHGwoHs5ga9Mkniyi0R0ZFGE4-obc2SStvHLNS8mA6aWFWBCwMAD57AtKR8Jc_AVuuHFEllpn5aZzc76F6OblJbBNxV-gkPt2M_a4iDeCaDlcEepdniwIWBKVF0Y3_Jj0-CwL5dEg.xOV8X2S46AcbGWEE.d8v_k4g.koPCH40ZUeu7trNhZzfrvw";

fn key(kind: DecryptionKeyKind) -> DecryptionKey {
    let pkcs8 = generate_decryption_pkcs8(kind).unwrap();
    DecryptionKey::from_pkcs8(kind, pkcs8.expose()).unwrap()
}

fn set(key: &DecryptionKey) -> Jwks {
    Jwks { keys: vec![key.public_jwk().clone()] }
}

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
}

fn public(jwk: serde_json::Value) -> PublicKey {
    serde_json::from_value(jwk).unwrap()
}

fn header(value: serde_json::Value) -> JweHeader {
    serde_json::from_value(value).unwrap()
}

fn open(token: &str, key: &DecryptionKey) -> Result<Vec<u8>, JweRefused> {
    Ok(EncryptedJwt::read(token)?.open([key])?.expose().clone())
}

fn encrypted(to: &DecryptionKey, alg: KeyManagementAlgorithm, enc: ContentEncryptionAlgorithm) -> String {
    let recipient = Recipient::find(&set(to), alg).unwrap();
    encrypt(&recipient, enc, Payload::Jwt("a.b.c"), &SeededEntropy::new(7)).unwrap()
}

#[test]
fn the_content_is_encrypted_as_in_the_example__rfc7516_a1() {
    let cek = [
        177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110, 91, 112, 46,
        34, 105, 47, 130, 203, 46, 122, 234, 64, 252,
    ];
    let iv = [227, 197, 117, 252, 2, 219, 233, 68, 180, 225, 77, 219];
    let header = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ";
    let text = b"The true sign of intelligence is not knowledge but imagination.";
    let enc = ContentEncryptionAlgorithm::A256Gcm;
    let (sealed, tag) = content::seal(enc, &cek, iv, header, text).unwrap();
    assert_eq!(
        base64url(&sealed),
        "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A"
    );
    assert_eq!(base64url(tag), "XFBoMYUZodetZdvTiFvSkQ");
    assert_eq!(content::open(enc, &cek, &iv, header, &sealed, &tag).unwrap(), text);
    assert_eq!(content::open(enc, &cek, &iv, header, &sealed, &tag[..15]), Err(JweRefused::Malformed));
}

#[test]
fn the_agreed_key_is_that_of_the_example__rfc7518_c() {
    let alice = json!({
        "kty": "EC", "crv": "P-256",
        "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
    });
    let bob = public(json!({
        "kty": "EC", "crv": "P-256",
        "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
    }));
    let header =
        header(json!({ "alg": "ECDH-ES", "enc": "A128GCM", "apu": "QWxpY2U", "apv": "Qm9i", "epk": alice }));
    let private = |d: &str| PrivateKey::from_private_key(&ECDH_P256, &from_base64url(d).unwrap()).unwrap();
    let alice_private = private("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo");
    let bob_private = private("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw");
    let by_alice = Point::of(&bob).unwrap().agree(&alice_private, &header).unwrap();
    let by_bob = Point::of(header.epk.as_ref().unwrap()).unwrap().agree(&bob_private, &header).unwrap();
    assert_eq!(base64url(by_alice.expose()), "VqqN6vgjbSBcIijNcacQGg");
    assert_eq!(base64url(by_bob.expose()), "VqqN6vgjbSBcIijNcacQGg");
}

#[test]
fn the_derived_key_is_that_of_the_example__rfc7520_5_5() {
    let shared = from_base64url("SzFxLgluXyC07Pl5D9jMfIt-LIrZC9qByyJPYsDnuaY").unwrap();
    let derived = derive_named(&shared, "A128CBC-HS256", b"", b"", 32).unwrap();
    assert_eq!(base64url(derived.expose()), "hzHdlfQIAEehb8Hrd_mFRhKsKLEzPfshfXs9l6areCc");
}

#[test]
fn x25519_agrees_as_in_the_example__rfc8037_a6() {
    let bob = json!({ "kty": "OKP", "crv": "X25519", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08" });
    let own = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    let own = PrivateKey::from_private_key(&X25519, &own).unwrap();
    let shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    let header = header(json!({ "alg": "ECDH-ES", "enc": "A256GCM" }));
    let agreed = Point::of(&public(bob)).unwrap().agree(&own, &header).unwrap();
    assert_eq!(agreed, derive_named(&shared, "A256GCM", b"", b"", 32).unwrap());
    let own_public = agreement::public_half(&own).unwrap();
    let expected =
        json!({ "kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo" });
    assert_eq!(own_public, public(expected));
    let zero = json!({ "kty": "OKP", "crv": "X25519", "x": base64url([0; 32]) });
    let header = super::tests::header(json!({ "alg": "ECDH-ES", "enc": "A256GCM" }));
    assert!(Point::of(&public(zero)).unwrap().agree(&own, &header).is_none(), "RFC 8037 section 5");
}

#[test]
fn keys_are_wrapped_as_in_the_example__rfc3394_4_6() {
    let wrapping = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    let key = hex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
    let wrapped = hex("28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
    assert_eq!(wrap(&wrapping, &key).unwrap(), wrapped);
    assert_eq!(unwrap(&wrapping, &wrapped).unwrap().expose(), &key);
    let mut changed = wrapped.clone();
    changed[3] ^= 1;
    assert!(unwrap(&wrapping, &changed).is_none());
    for length in [0, 7, 8, 9, 16, 23] {
        assert!(unwrap(&wrapping, &wrapped[..length]).is_none(), "{length}");
    }
}

#[test]
fn what_another_implementation_encrypted_is_read__rfc7518_4_3() {
    let kind = DecryptionKeyKind::Rsa;
    let key = DecryptionKey::from_pkcs8(kind, &from_base64url(FOREIGN_KEY).unwrap()).unwrap();
    let jwt = EncryptedJwt::read(FOREIGN_JWE).unwrap().open([&key]).unwrap();
    assert_eq!(jwt.expose().as_slice(), b"a.b.c");
    assert!(
        DecryptionKey::from_pkcs8(DecryptionKeyKind::P256, &from_base64url(FOREIGN_KEY).unwrap()).is_none()
    );
}

#[test]
fn every_pair_of_algorithms_goes_there_and_back() {
    let keys = DecryptionKeyKind::ALL.iter().map(|kind| key(*kind)).collect::<Vec<_>>();
    for alg in KeyManagementAlgorithm::ALL {
        for enc in ContentEncryptionAlgorithm::ALL {
            let key = keys.iter().find(|key| key.kind() == DecryptionKeyKind::reading(*alg)).unwrap();
            let token = encrypted(key, *alg, *enc);
            assert!(EncryptedJwt::has_form(&token));
            let opened = EncryptedJwt::read(&token).unwrap().open(&keys).unwrap();
            assert_eq!(opened.expose().as_slice(), b"a.b.c", "{alg} {enc}");
            let stranger = super::tests::key(key.kind());
            assert_eq!(open(&token, &stranger), Err(JweRefused::DoesNotOpen), "{alg} {enc}");
            let header = from_base64url(token.split('.').next().unwrap()).unwrap();
            let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
            assert_eq!(
                (header["alg"].as_str(), header["enc"].as_str()),
                (Some(alg.as_str()), Some(enc.as_str()))
            );
            assert_eq!((header["cty"].as_str(), header["kid"].as_str()), (Some("JWT"), Some(key.kid())));
        }
    }
}

#[test]
fn whatever_is_changed_it_does_not_open__rfc7516_5_2() {
    let key = key(DecryptionKeyKind::P256);
    for alg in [KeyManagementAlgorithm::EcdhEs, KeyManagementAlgorithm::EcdhEsA256Kw] {
        let token = encrypted(&key, alg, ContentEncryptionAlgorithm::A256Gcm);
        let parts: Vec<Vec<u8>> = token.split('.').map(|part| from_base64url(part).unwrap()).collect();
        for at in 0..5 {
            for byte in [0, parts[at].len().saturating_sub(1)] {
                let mut changed = parts.clone();
                let Some(one) = changed[at].get_mut(byte) else { continue };
                *one ^= 1;
                let changed: Vec<String> = changed.iter().map(base64url).collect();
                assert!(open(&changed.join("."), &key).is_err(), "{alg} {at} {byte}");
            }
        }
        for cut in 0..token.len() {
            assert!(open(&token[..cut], &key).is_err(), "{alg} {cut}");
        }
    }
    assert_eq!(open(&"a".repeat(40_000), &key), Err(JweRefused::TooLong));
}

#[test]
fn no_header_is_taken_that_would_have_to_be_understood__rfc7516_4_1_13() {
    let key = key(DecryptionKeyKind::P256);
    let epk = key.public_jwk().key.clone();
    let whole = json!({ "alg": "ECDH-ES", "enc": "A128GCM", "epk": epk });
    let refused = |name: &str, value: serde_json::Value, encrypted_key: &str| {
        let mut header = whole.clone();
        header[name] = value;
        EncryptedJwt::read(&format!(
            "{}.{encrypted_key}.AAAAAAAAAAAAAAAA..AAAA",
            base64url(header.to_string())
        ))
        .err()
    };
    assert_eq!(refused("crit", json!(["exp"]), ""), Some(JweRefused::ForbiddenHeader));
    assert_eq!(refused("zip", json!("DEF"), ""), Some(JweRefused::ForbiddenHeader));
    assert_eq!(refused("jku", json!("https://keys.example/"), ""), Some(JweRefused::ForbiddenHeader));
    assert_eq!(refused("x5u", json!("https://keys.example/"), ""), Some(JweRefused::ForbiddenHeader));
    for (name, value, encrypted_key) in [
        ("alg", json!("RSA1_5"), ""),
        ("alg", json!("RSA-OAEP"), ""),
        ("alg", json!("dir"), ""),
        ("alg", json!("PBES2-HS256+A128KW"), ""),
        ("alg", json!("none"), ""),
        ("alg", json!("RSA-OAEP-256"), "AAAA"),
        ("alg", json!("ECDH-ES+A256KW"), ""),
        ("enc", json!("A128CBC-HS256"), ""),
        ("enc", json!(7), ""),
        ("epk", json!(null), ""),
        ("epk", json!({ "kty": "oct", "k": "AA" }), ""),
        ("kid", json!(["a"]), ""),
        ("kid", json!("k"), "AAAA"),
    ] {
        assert_eq!(
            refused(name, value.clone(), encrypted_key),
            Some(JweRefused::Malformed),
            "{name} {value}"
        );
    }
    let off_curve = json!({ "kty": "EC", "crv": "P-256", "x": base64url([1; 32]), "y": base64url([1; 32]) });
    let header = json!({ "alg": "ECDH-ES", "enc": "A128GCM", "epk": off_curve }).to_string();
    let token = format!("{}..AAAAAAAAAAAAAAAA..AAAAAAAAAAAAAAAAAAAAAA", base64url(header));
    assert_eq!(open(&token, &key), Err(JweRefused::DoesNotOpen), "RFC 7518 section 8: no invalid curves");
}

#[test]
fn a_key_for_encryption_is_found_among_others__oidc_core_10_2() {
    let (rsa, curve) = (key(DecryptionKeyKind::Rsa), key(DecryptionKeyKind::P256));
    let jwk = |key: &DecryptionKey, usage: Option<&str>, alg: Option<&str>, kid: &str| Jwk {
        key: key.public_jwk().key.clone(),
        kid: Some(kid.to_owned()),
        alg: alg.map(str::to_owned),
        usage: usage.map(str::to_owned),
        x5c: Vec::new(),
    };
    let set = Jwks {
        keys: vec![
            jwk(&curve, Some("sig"), None, "signs"),
            jwk(&curve, None, Some("ES256"), "signs too"),
            jwk(&curve, None, None, "says nothing"),
            jwk(&curve, Some("enc"), Some("ECDH-ES+A256KW"), "wraps"),
            jwk(&rsa, Some("enc"), None, "rsa"),
        ],
    };
    let found = |alg| Recipient::find(&set, alg).and_then(|found| found.kid);
    assert_eq!(found(KeyManagementAlgorithm::EcdhEs).as_deref(), Some("says nothing"));
    assert_eq!(found(KeyManagementAlgorithm::EcdhEsA256Kw).as_deref(), Some("wraps"));
    assert_eq!(found(KeyManagementAlgorithm::RsaOaep256).as_deref(), Some("rsa"));
    let short = PublicKey::Rsa { n: base64url([0xff; 128]), e: "AQAB".to_owned() };
    let short = Jwks { keys: vec![Jwk { key: short, kid: None, alg: None, usage: None, x5c: Vec::new() }] };
    assert!(Recipient::find(&short, KeyManagementAlgorithm::RsaOaep256).is_none(), "1,024 bits");
    assert!(Recipient::find(&Jwks::default(), KeyManagementAlgorithm::EcdhEs).is_none());
}
