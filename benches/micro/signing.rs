//! Minting beside the bare signature: at most 1.3 times as long.

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up stops")]

use divan::Bencher;
use khue::crypto::jwt::{JwtType, sign_jwt, verify_jwt};
use khue::crypto::signing::{Jwks, SigningKey, VerifyingKeys, generate_pkcs8};
use khue::protocol::SigningAlgorithm;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct IdToken {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    iat: i64,
    auth_time: i64,
    nonce: String,
    acr: String,
    amr: Vec<String>,
    at_hash: String,
    sid: String,
}

fn id_token() -> IdToken {
    IdToken {
        iss: "https://id.moet.gov.vn".to_owned(),
        sub: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs".to_owned(),
        aud: "public-service-portal".to_owned(),
        exp: 1_764_000_300,
        iat: 1_764_000_000,
        auth_time: 1_763_999_990,
        nonce: "n-0S6_WzA2MjkQ5Zt7bqLx".to_owned(),
        acr: "https://id.moet.gov.vn/acr/xt2-phr".to_owned(),
        amr: vec!["swk".to_owned(), "user".to_owned(), "mfa".to_owned()],
        at_hash: "77QmUPtjPfzWtF2AnpK9RQ".to_owned(),
        sid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k".to_owned(),
    }
}

fn key(algorithm: SigningAlgorithm) -> SigningKey {
    let pkcs8 = generate_pkcs8(algorithm).expect("randomness");
    SigningKey::from_pkcs8(algorithm, pkcs8.expose()).expect("a key just made")
}

#[divan::bench]
#[expect(clippy::disallowed_methods, reason = "the bare limit, without anything of ours around it")]
fn bare_ring_es256(bencher: Bencher) {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("randomness");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random)
        .expect("a key just made");
    let message = [b'a'; 700];
    bencher.bench_local(|| pair.sign(&random, divan::black_box(&message)));
}

#[divan::bench(args = [SigningAlgorithm::ES256, SigningAlgorithm::EdDSA, SigningAlgorithm::RS256, SigningAlgorithm::PS256])]
fn mint_id_token(bencher: Bencher, algorithm: SigningAlgorithm) {
    let key = key(algorithm);
    let claims = id_token();
    bencher.bench_local(|| sign_jwt(&key, JwtType::IdToken, divan::black_box(&claims)));
}

#[divan::bench(args = [SigningAlgorithm::ES256, SigningAlgorithm::EdDSA, SigningAlgorithm::RS256, SigningAlgorithm::PS256])]
fn verify_id_token(bencher: Bencher, algorithm: SigningAlgorithm) {
    let key = key(algorithm);
    let keys = VerifyingKeys::from_jwks(&Jwks { keys: vec![key.public_jwk().clone()] });
    let token = sign_jwt(&key, JwtType::IdToken, &id_token()).expect("randomness");
    bencher.bench_local(|| verify_jwt::<IdToken>(divan::black_box(&token), JwtType::IdToken, &keys));
}
