//! Sealing codes and fields, and the keyed digests of tokens.

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up stops")]

use divan::Bencher;
use khue::base::SystemEntropy;
use khue::crypto::{
    DataKey, DigestPurpose, Keyring, MasterKeyKind, MasterKeys, PagePurpose, Place, PlainToken, TokenKind,
};
use uuid::Uuid;

/// About what an authorization code carries: 1,024 characters of text hold it sealed.
const CODE: usize = 700;

fn keyring() -> Keyring {
    let entropy = SystemEntropy::new();
    let master = MasterKeys::generate(MasterKeyKind::Development, &entropy);
    Keyring::open(&master, &Keyring::create(&master, &entropy)).expect("secrets just made")
}

#[divan::bench]
fn seal_code(bencher: Bencher) {
    let (keyring, entropy) = (keyring(), SystemEntropy::new());
    let code = [7; CODE];
    bencher.bench_local(|| keyring.seal_page(PagePurpose::Code, b"", divan::black_box(&code), &entropy));
}

#[divan::bench]
fn open_code(bencher: Bencher) {
    let (keyring, entropy) = (keyring(), SystemEntropy::new());
    let sealed = keyring.seal_page(PagePurpose::Code, b"", &[7; CODE], &entropy);
    bencher.bench_local(|| keyring.open_page(PagePurpose::Code, b"", divan::black_box(&sealed)));
}

#[divan::bench]
fn open_personal_field(bencher: Bencher) {
    let entropy = SystemEntropy::new();
    let key = DataKey::generate(&entropy);
    let place = Place::new("accounts", "name", Uuid::nil());
    let sealed = key.seal_field(place, "Nguyễn Thị Ánh".as_bytes(), &entropy);
    bencher.bench_local(|| key.open_field(place, divan::black_box(&sealed)));
}

#[divan::bench]
fn digest_of_session_cookie(bencher: Bencher) {
    let keyring = keyring();
    let token = PlainToken::generate(TokenKind::Session, &SystemEntropy::new());
    let text = token.expose();
    bencher.bench_local(|| {
        let parsed = PlainToken::parse(TokenKind::Session, divan::black_box(text));
        parsed.map(|token| token.hash(&keyring))
    });
}

#[divan::bench]
fn digest_of_given_secret(bencher: Bencher) {
    let keyring = keyring();
    bencher.bench_local(|| {
        keyring.digest(DigestPurpose::ClientSecret, divan::black_box(b"given by an operator"))
    });
}
