//! What clients show and register of certificates: DER, headers of proxies, names of subjects, keys.
#![no_main]

use khue::base::Timestamp;
use khue::crypto::signing::Jwks;
use khue::protocol::{Certificate, CertificateHeaderForm, DistinguishedName, LARGEST_CERTIFICATE};
use libfuzzer_sys::fuzz_target;

/// A key that no corpus of ours has the certificate of.
const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

fuzz_target!(|bytes: &[u8]| {
    certificate(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        header(text);
        name(text);
    }
});

fn certificate(der: &[u8]) {
    let Ok(certificate) = Certificate::parse(der) else { return };
    assert_eq!(certificate.der(), der);
    assert!(der.len() <= LARGEST_CERTIFICATE);
    let _ = certificate.is_in_time(Timestamp::from_seconds(1_795_420_800));
    let keys: Jwks = serde_json::from_str(KEYS).expect("a key set");
    assert!(!keys.keys.iter().any(|key| key.certifies(&certificate)));
    // What stands behind it is no part of it.
    assert!(Certificate::parse(&[der, &[0]].concat()).is_err());
}

fn header(text: &str) {
    for form in [CertificateHeaderForm::Rfc9440, CertificateHeaderForm::EscapedPem] {
        if let Ok(Some(shown)) = form.read(&[text], &[]) {
            assert!(Certificate::parse(shown.leaf.der()).is_ok());
        }
        assert!(form.read(&[text, text], &[]).is_err(), "one alone");
    }
}

fn name(text: &str) {
    let Ok(name) = DistinguishedName::parse(text) else { return };
    assert_eq!(name.as_str(), text);
    assert!(!name.is(&Vec::new()), "an empty subject is nobody's");
}
