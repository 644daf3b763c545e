//! The JSON that a browser's `navigator.credentials` gives, as answers to challenges that they were not made for.
#![no_main]

use std::sync::{Arc, LazyLock};

use khue::base::SeededEntropy;
use khue::base::ids::AccountId;
use khue::crypto::passkey::{Assertion, Attested, Passkeys, RegistrationState, Started};
use libfuzzer_sys::fuzz_target;
use url::Url;
use uuid::Uuid;

static CEREMONY: LazyLock<(Passkeys, Started<RegistrationState>)> = LazyLock::new(|| {
    let origin = Url::parse("https://id.example").expect("an origin");
    let entropy = Arc::new(SeededEntropy::new(1));
    let passkeys = Passkeys::new("id.example", &origin, "Khuê", entropy).expect("a relying party");
    let account = AccountId::from_uuid(Uuid::from_u128(7));
    let started = passkeys.start_registration(account, "an", "An", &[]).expect("a ceremony");
    (passkeys, started)
});

fuzz_target!(|json: &str| {
    let (passkeys, started) = &*CEREMONY;
    if let Ok(attested) = Attested::parse(json) {
        assert!(passkeys.finish_registration(&attested, &started.state).is_err());
    }
    let _ = Assertion::parse(json);
});
