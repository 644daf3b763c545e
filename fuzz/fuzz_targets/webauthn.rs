//! The JSON that a browser's `navigator.credentials` gives. The corpus begins with right answers to the two ceremonies
//! here, so that what is changed in them gets as far as a forger's would.
#![no_main]

use std::sync::{Arc, LazyLock};

use khue::base::SeededEntropy;
use khue::base::ids::AccountId;
use khue::crypto::passkey::{
    Assertion, Attested, AuthenticationState, Passkey, Passkeys, RegistrationState, Started,
};
use libfuzzer_sys::fuzz_target;
use url::Url;
use uuid::Uuid;

struct World {
    passkeys: Passkeys,
    account: AccountId,
    registration: Started<RegistrationState>,
    authentication: Started<AuthenticationState>,
    passkey: Passkey,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let origin = Url::parse("http://localhost:7080").expect("an origin");
    let entropy = Arc::new(SeededEntropy::new(1));
    let passkeys = Passkeys::new("localhost", &origin, "Khuê", entropy).expect("a relying party");
    let account = AccountId::from_uuid(Uuid::from_u128(7));
    World {
        account,
        registration: passkeys.start_registration(account, "an", "An", &[]).expect("a ceremony"),
        authentication: passkeys.start_authentication().expect("a ceremony"),
        passkey: Passkey::from_json(include_str!("webauthn_passkey.json")).expect("a passkey"),
        passkeys,
    }
});

fuzz_target!(|json: &str| {
    let World { passkeys, account, registration, authentication, passkey } = &*WORLD;
    if let Ok(attested) = Attested::parse(json)
        && let Ok(new) = passkeys.finish_registration(&attested, &registration.state)
    {
        assert!(new.credential_id.len() <= 1023);
    }
    if let Ok(assertion) = Assertion::parse(json)
        && let Ok(verified) =
            passkeys.finish_authentication(&assertion, &authentication.state, *account, passkey)
    {
        assert_eq!(verified.account, *account);
        assert_eq!(assertion.credential_id(), passkey.credential_id());
    }
});
