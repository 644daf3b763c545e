//! SECURITY.md, WebAuthn: each wrong part alone is refused, and for its own reason.

use std::sync::Arc;
use std::time::Duration;

use khue::base::ids::AccountId;
use khue::base::{SeededEntropy, Timestamp};
use khue::crypto::passkey::{
    Assertion, Attested, AuthenticationState, NewPasskey, Passkey, PasskeyError, Passkeys, Transport,
    Verified,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::authenticator::{Authenticator, Fault};

const ORIGIN: &str = "http://localhost:7080";

struct World {
    passkeys: Passkeys,
    device: Authenticator,
    account: AccountId,
}

impl World {
    fn new() -> Self {
        Self::with(Authenticator::new(ORIGIN))
    }

    fn with(device: Authenticator) -> Self {
        let entropy = Arc::new(SeededEntropy::new(7));
        let account = AccountId::generate(Timestamp::from_seconds(1_700_000_000), entropy.as_ref());
        let passkeys = Passkeys::new("localhost", &Url::parse(ORIGIN).unwrap(), "Khuê", entropy).unwrap();
        Self { passkeys, device, account }
    }

    fn register(&mut self) -> Result<NewPasskey, PasskeyError> {
        let started = self.passkeys.start_registration(self.account, "lan", "Nguyễn Thị Lan", &[])?;
        let answer = self.device.create(&started.options);
        self.passkeys.finish_registration(&Attested::parse(&answer)?, &started.state)
    }

    fn register_with(&mut self, fault: Fault) -> Result<NewPasskey, PasskeyError> {
        self.device.misbehave(fault);
        self.register()
    }

    fn sign_in(&mut self, passkey: &Passkey) -> Result<Verified, PasskeyError> {
        let started = self.passkeys.start_authentication()?;
        let answer = self.device.get(&started.options);
        self.finish(&answer, &started.state, passkey)
    }

    fn sign_in_with(&mut self, fault: Fault, passkey: &Passkey) -> Result<Verified, PasskeyError> {
        self.device.misbehave(fault);
        self.sign_in(passkey)
    }

    fn finish(
        &self,
        answer: &str,
        state: &AuthenticationState,
        passkey: &Passkey,
    ) -> Result<Verified, PasskeyError> {
        self.passkeys.finish_authentication(&Assertion::parse(answer)?, state, self.account, passkey)
    }
}

#[test]
fn a_passkey_signs_its_owner_in() {
    let mut world = World::new();
    let new = world.register().unwrap();
    assert_eq!(new.transports, [Transport::Internal, Transport::Hybrid]);
    assert!(!new.backup_eligible && !new.backed_up);
    let first = world.sign_in(&new.passkey).unwrap();
    assert_eq!((first.account, first.counter), (world.account, 1));
    let stored = first.updated.expect("the counter moved");
    let again = Passkey::from_json(&stored.to_json().unwrap()).unwrap();
    assert_eq!(world.sign_in(&again).unwrap().counter, 2);
}

#[test]
fn a_synced_passkey_tells_that_it_is_copied_and_needs_no_counter() {
    let mut world = World::with(Authenticator::synced(ORIGIN));
    let new = world.register().unwrap();
    assert!(new.backup_eligible && new.backed_up);
    let verified = world.sign_in(&new.passkey).unwrap();
    assert!(verified.backup_eligible && verified.backed_up);
    assert!(verified.updated.is_none(), "nothing changed");
}

#[test]
fn creation_asks_for_a_discoverable_passkey_with_user_verification() {
    let world = World::new();
    let known = vec![1_u8; 16];
    let started =
        world.passkeys.start_registration(world.account, "lan", "Nguyễn Thị Lan", &[known]).unwrap();
    let options: Value = serde_json::from_str(&started.options).unwrap();
    let options = &options["publicKey"];
    assert_eq!(
        options["authenticatorSelection"],
        json!({ "residentKey": "required", "requireResidentKey": true, "userVerification": "required" })
    );
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["rp"], json!({ "name": "Khuê", "id": "localhost" }));
    assert_eq!(options["user"]["displayName"], "Nguyễn Thị Lan");
    assert_eq!(options["excludeCredentials"][0]["id"], "AQEBAQEBAQEBAQEBAQEBAQ");
    let algorithms: Vec<i64> = options["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["alg"].as_i64().unwrap())
        .collect();
    assert_eq!(algorithms, [-7, -35, -257], "ES256, ES384, RS256");
}

#[test]
fn sign_in_asks_for_any_passkey_with_user_verification() {
    let world = World::new();
    let started = world.passkeys.start_authentication().unwrap();
    let options: Value = serde_json::from_str(&started.options).unwrap();
    assert_eq!(options["publicKey"]["userVerification"], "required");
    assert_eq!(options["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(options["publicKey"]["rpId"], "localhost");
    assert_eq!(options["mediation"], "conditional");
}

#[test]
fn what_travels_in_the_page_is_small() {
    let world = World::new();
    let registration = world.passkeys.start_registration(world.account, "lan", "Lan", &[]).unwrap().state;
    let authentication = world.passkeys.start_authentication().unwrap().state;
    assert!(postcard::to_stdvec(&registration).unwrap().len() <= 49);
    assert_eq!(postcard::to_stdvec(&authentication).unwrap().len(), 32);
}

#[test]
fn each_wrong_registration_is_refused_for_its_own_reason() {
    let wrong = [
        (Fault::Origin("http://badlocalhost:7080"), PasskeyError::ForeignOrigin),
        (Fault::Origin("http://localhost.evil.test:7080"), PasskeyError::ForeignOrigin),
        (Fault::Origin("http://sub.localhost:7080"), PasskeyError::ForeignOrigin),
        (Fault::Origin("http://localhost:7081"), PasskeyError::ForeignOrigin),
        (Fault::Origin("https://localhost:7080"), PasskeyError::ForeignOrigin),
        (Fault::Origin("http://user@localhost:7080/path"), PasskeyError::ForeignOrigin),
        (Fault::Framed, PasskeyError::CrossOrigin),
        (Fault::ClientDataType("webauthn.get"), PasskeyError::WrongType),
        (Fault::CredentialType("password"), PasskeyError::WrongType),
        (Fault::Challenge(vec![0; 32]), PasskeyError::ForeignChallenge),
        (Fault::Challenge(Vec::new()), PasskeyError::ForeignChallenge),
        (Fault::RelyingParty("evil.example"), PasskeyError::ForeignRelyingParty),
        (Fault::NotPresent, PasskeyError::NotPresent),
        (Fault::NotVerified, PasskeyError::NotVerified),
        (Fault::CredentialId(vec![9; 32]), PasskeyError::OtherCredential),
        (Fault::NoCredentialId, PasskeyError::OtherCredential),
        (Fault::BackedUpWithoutEligibility, PasskeyError::BackupContradiction),
        (Fault::Algorithm, PasskeyError::WrongAlgorithm),
        (Fault::ForgedAttestation, PasskeyError::BadAttestation),
        (Fault::NoneWithStatement, PasskeyError::BadAttestation),
        (Fault::NotDiscoverable, PasskeyError::NotDiscoverable),
    ];
    for (fault, reason) in wrong {
        let refused = World::new().register_with(fault.clone()).map(|_| ());
        assert_eq!(refused, Err(reason), "{fault:?}");
    }
}

#[test]
fn each_wrong_sign_in_is_refused_for_its_own_reason() {
    let wrong = [
        (Fault::Origin("http://badlocalhost:7080"), PasskeyError::ForeignOrigin),
        (Fault::Origin("http://localhost:80"), PasskeyError::ForeignOrigin),
        (Fault::Framed, PasskeyError::CrossOrigin),
        (Fault::ClientDataType("webauthn.create"), PasskeyError::WrongType),
        (Fault::CredentialType("password"), PasskeyError::WrongType),
        (Fault::Challenge(vec![0; 32]), PasskeyError::ForeignChallenge),
        (Fault::RelyingParty("evil.example"), PasskeyError::ForeignRelyingParty),
        (Fault::NotPresent, PasskeyError::NotPresent),
        (Fault::NotVerified, PasskeyError::NotVerified),
        (Fault::UserHandle(vec![9; 16]), PasskeyError::ForeignOwner),
        (Fault::UserHandle(vec![9; 15]), PasskeyError::ForeignOwner),
        (Fault::NoUserHandle, PasskeyError::NotDiscoverable),
        (Fault::CredentialId(vec![9; 32]), PasskeyError::OtherCredential),
        (Fault::Counter(0), PasskeyError::CounterWentBack),
        (Fault::Counter(1), PasskeyError::CounterWentBack),
        (Fault::Signature, PasskeyError::BadSignature),
        (Fault::OtherKey, PasskeyError::BadSignature),
        (Fault::BackedUpWithoutEligibility, PasskeyError::BackupContradiction),
        (Fault::EligibilityTurned, PasskeyError::BackupContradiction),
    ];
    let mut world = World::new();
    let fresh = world.register().unwrap().passkey;
    let used = world.sign_in(&fresh).unwrap().updated.expect("the counter moved");
    for (fault, reason) in wrong {
        let refused = world.sign_in_with(fault.clone(), &used).map(|_| ());
        assert_eq!(refused, Err(reason), "{fault:?}");
    }
    world.sign_in(&used).expect("the rightful owner is not hurt by any of it");
}

#[test]
fn the_answer_to_another_page_signs_nobody_in() {
    let mut world = World::new();
    let passkey = world.register().unwrap().passkey;
    let mine = world.passkeys.start_authentication().unwrap();
    let other = world.passkeys.start_authentication().unwrap();
    let answer = world.device.get(&other.options);
    assert_eq!(world.finish(&answer, &mine.state, &passkey).map(|_| ()), Err(PasskeyError::ForeignChallenge));
}

#[test]
fn the_passkey_of_one_person_never_signs_another_in() {
    let mut world = World::new();
    let mine = world.register().unwrap().passkey;
    let entropy = SeededEntropy::new(8);
    let other =
        AccountId::generate(Timestamp::from_seconds(1_700_000_000) + Duration::from_secs(1), &entropy);
    let started = world.passkeys.start_authentication().unwrap();
    let assertion = Assertion::parse(&world.device.get(&started.options)).unwrap();
    assert_eq!(assertion.user_handle(), world.account);
    let refused = world.passkeys.finish_authentication(&assertion, &started.state, other, &mine);
    assert_eq!(refused.map(|_| ()), Err(PasskeyError::ForeignOwner));
}

#[test]
fn a_second_passkey_signs_in_beside_the_first() {
    let mut world = World::new();
    let first = world.register().unwrap();
    let second = world.register().unwrap();
    assert_eq!(world.device.credential_ids(), [first.credential_id.clone(), second.credential_id]);
    world.device.keep_only(&first.credential_id);
    assert_eq!(world.sign_in(&first.passkey).unwrap().account, world.account);
    assert_eq!(world.sign_in(&second.passkey).map(|_| ()), Err(PasskeyError::OtherCredential));
}

#[test]
fn the_attestation_is_not_kept() {
    let new = World::new().register().unwrap();
    let kept: Value = serde_json::from_str(&new.passkey.to_json().unwrap()).unwrap();
    assert_eq!(kept["cred"]["attestation"]["data"], "None");
    assert_eq!(new.passkey.credential_id(), new.credential_id);
}

#[test]
fn more_than_any_authenticator_sends_is_not_read() {
    let long = format!("{{\"id\":\"{}\"}}", "A".repeat(16 * 1024));
    assert_eq!(Attested::parse(&long).map(|_| ()), Err(PasskeyError::TooLarge));
    assert_eq!(Assertion::parse(&long).map(|_| ()), Err(PasskeyError::TooLarge));
    let deep = format!("{{\"id\":{}", "[".repeat(16_000));
    assert_eq!(Attested::parse(&deep).map(|_| ()), Err(PasskeyError::Malformed));
    assert_eq!(Assertion::parse(&deep).map(|_| ()), Err(PasskeyError::Malformed));
}

#[test]
fn only_a_domain_of_the_issuer_over_https_can_ask_for_passkeys() {
    let ask = |rp_id: &str, origin: &str| {
        Passkeys::new(rp_id, &Url::parse(origin).unwrap(), "Khuê", Arc::new(SeededEntropy::new(1)))
            .map(|_| ())
    };
    assert_eq!(ask("id.moet.gov.vn", "https://id.moet.gov.vn"), Ok(()));
    assert_eq!(ask("moet.gov.vn", "https://id.moet.gov.vn"), Ok(()));
    assert_eq!(ask("localhost", "http://localhost:41234"), Ok(()));
    assert_eq!(ask("moet.gov.vn", "https://badmoet.gov.vn"), Err(PasskeyError::Misconfigured));
    assert_eq!(ask("id.moet.gov.vn", "http://id.moet.gov.vn"), Err(PasskeyError::Misconfigured));
    assert_eq!(ask("127.0.0.1", "http://127.0.0.1:41234"), Err(PasskeyError::Misconfigured));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_answer_breaks_the_reader(text in ".{0,400}") {
        let _ = Attested::parse(&text);
        let _ = Assertion::parse(&text);
        let _ = Passkey::from_json(&text);
    }

    /// A byte of the attestation object changed: read or refused, never broken, and never another key's signature.
    #[test]
    fn no_changed_attestation_breaks_the_verifier(place in 0_usize..1_000, change in 1_u8..=255) {
        let mut world = World::new();
        let started = world.passkeys.start_registration(world.account, "lan", "Lan", &[]).unwrap();
        let mut answer: Value = serde_json::from_str(&world.device.create(&started.options)).unwrap();
        let sent = answer["response"]["attestationObject"].as_str().unwrap();
        let mut sent = khue::base::encoding::from_base64url(sent).unwrap();
        let place = place % sent.len();
        sent[place] ^= change;
        answer["response"]["attestationObject"] = json!(khue::base::encoding::base64url(&sent));
        if let Ok(attested) = Attested::parse(&answer.to_string()) {
            let _ = world.passkeys.finish_registration(&attested, &started.state);
        }
    }

    /// A byte of the signed authenticator data changed: always refused.
    #[test]
    fn no_changed_assertion_signs_in(place in 0_usize..37, change in 1_u8..=255) {
        let mut world = World::new();
        let passkey = world.register().unwrap().passkey;
        let started = world.passkeys.start_authentication().unwrap();
        let mut answer: Value = serde_json::from_str(&world.device.get(&started.options)).unwrap();
        let sent = answer["response"]["authenticatorData"].as_str().unwrap();
        let mut sent = khue::base::encoding::from_base64url(sent).unwrap();
        sent[place] ^= change;
        answer["response"]["authenticatorData"] = json!(khue::base::encoding::base64url(&sent));
        prop_assert!(world.finish(&answer.to_string(), &started.state, &passkey).is_err());
    }
}
