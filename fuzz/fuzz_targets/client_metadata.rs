//! What systems say of themselves when they register.
#![no_main]

use std::sync::LazyLock;

use khue::domain::client::{Allowance, ClientMetadata, LegalBasis, Registration, as_metadata};
use khue::protocol::{ClientId, ClientProfile, ScopeSet};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

static ALLOWED: LazyLock<[Allowance; 2]> = LazyLock::new(|| {
    [true, false].map(|in_sandbox| Allowance { scope: ScopeSet::parse("openid profile email"), in_sandbox })
});

fuzz_target!(|text: &str| {
    let Ok(sent) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    for allowance in ALLOWED.iter() {
        let client_id = ClientId::parse("fuzzed").expect("an identifier");
        match ClientMetadata::read(&sent, client_id, allowance) {
            Ok(read) => registered(read, allowance),
            Err(error) => {
                assert!(error.description.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{error}");
            }
        }
    }
});

fn registered(read: ClientMetadata, allowance: &Allowance) {
    let told = as_metadata(&read.document);
    assert_eq!(told["client_id"], "fuzzed");
    let registration = Registration::try_from(read.document).expect("what is read can be registered");
    assert!(registration.scope.iter().all(|scope| allowance.scope.contains(scope)));
    assert!(registration.claims.iter().all(|claim| claim.basis == LegalBasis::Consent));
    assert!(registration.protected_resources.is_empty() && registration.resources.is_empty());
    assert!(allowance.in_sandbox || registration.profile != ClientProfile::Legacy);
    let names = |uri: &str| ["javascript:", "data:", "vbscript:"].iter().any(|bad| uri.starts_with(bad));
    assert!(!registration.redirect_uris.iter().any(|uri| names(uri.as_str())));
}
