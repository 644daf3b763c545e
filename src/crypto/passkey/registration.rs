//! A new passkey.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{Credential, RegisterPublicKeyCredential};

use super::passkeys::CHALLENGE;
use super::{
    LONGEST_CREDENTIAL, Passkey, PasskeyError, Passkeys, Started, Transport, attestation, client_data,
};
use crate::base::ids::AccountId;

/// A registration under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationState {
    challenge: [u8; CHALLENGE],
    account: AccountId,
}

impl RegistrationState {
    /// What makes this ceremony unlike any other; whoever finishes it marks this as used.
    pub fn challenge(&self) -> &[u8; CHALLENGE] {
        &self.challenge
    }

    /// The account, existing or to be, that the passkey will sign in.
    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// A passkey as it came, before anybody believes it.
#[derive(Debug)]
pub struct Attested(RegisterPublicKeyCredential);

impl Attested {
    /// Reads `PublicKeyCredential.toJSON()` of `navigator.credentials.create()`.
    pub fn parse(json: &str) -> Result<Self, PasskeyError> {
        if json.len() > LONGEST_CREDENTIAL {
            return Err(PasskeyError::TooLarge);
        }
        let read: RegisterPublicKeyCredential =
            serde_json::from_str(json).map_err(|_| PasskeyError::Malformed)?;
        if read.type_ != "public-key" {
            return Err(PasskeyError::WrongType);
        }
        Ok(Self(read))
    }
}

/// A passkey that was verified and waits to be stored. Its credential id must be new to the whole house.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    /// The id that the authenticator gave it; stored under a unique index (WebAuthn §7.1: of nobody else).
    pub credential_id: Vec<u8>,
    /// What later sign-ins are verified against.
    pub passkey: Passkey,
    /// The key may be copied to other devices of its owner (`amr` is `swk`, not `hwk`).
    pub backup_eligible: bool,
    /// The key has been copied.
    pub backed_up: bool,
    /// How a browser reaches it.
    pub transports: Vec<Transport>,
    /// The authenticator's model, as it says without proof; zero where it does not tell.
    pub aaguid: Uuid,
}

impl Passkeys {
    /// Asks for a discoverable passkey with user verification for `account`. `user_name` and `display_name` are what
    /// the person's device lists it under; `exclude` are the account's passkeys, so that no device makes a second one.
    pub fn start_registration(
        &self,
        account: AccountId,
        user_name: &str,
        display_name: &str,
        exclude: &[Vec<u8>],
    ) -> Result<Started<RegistrationState>, PasskeyError> {
        let challenge = self.challenge();
        let (mut options, _) = self.webauthn.start_passkey_registration(
            account.uuid(),
            user_name,
            display_name,
            Some(exclude.to_vec()),
        )?;
        options.public_key.challenge = challenge.to_vec();
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyError::Misconfigured)?;
        // The library only prefers discoverable credentials. Our sign-in asks for no name, so ours must be.
        let wanted =
            options.pointer_mut("/publicKey/authenticatorSelection").ok_or(PasskeyError::Misconfigured)?;
        *wanted =
            json!({ "residentKey": "required", "requireResidentKey": true, "userVerification": "required" });
        Ok(Started { options: options.to_string(), state: RegistrationState { challenge, account } })
    }

    /// Verifies `attested` as the answer to `state` (WebAuthn §7.1).
    pub fn finish_registration(
        &self,
        attested: &Attested,
        state: &RegistrationState,
    ) -> Result<NewPasskey, PasskeyError> {
        let Attested(came) = attested;
        client_data::check(&came.response.client_data_json, "webauthn.create", &self.origin)?;
        let aaguid = attestation::model(&came.response.attestation_object)?;
        if came.extensions.cred_props.as_ref().and_then(|props| props.rk) == Some(false) {
            return Err(PasskeyError::NotDiscoverable);
        }
        let library = self.library_registration(&state.challenge)?;
        let credential: Credential = self.webauthn.finish_passkey_registration(came, &library)?.into();
        // WebAuthn §7.1: at most 1023 bytes; one at least, or whoever asks without an id would be asking for it. The id
        // outside the signed data must be the one inside.
        if !(1..=1023).contains(&credential.cred_id.len()) || credential.cred_id != came.raw_id {
            return Err(PasskeyError::OtherCredential);
        }
        Ok(NewPasskey {
            credential_id: credential.cred_id.clone(),
            backup_eligible: credential.backup_eligible,
            backed_up: credential.backup_state,
            transports: transports(came),
            aaguid,
            passkey: Passkey::without_attestation(credential),
        })
    }
}

fn transports(came: &RegisterPublicKeyCredential) -> Vec<Transport> {
    let mut known = Vec::new();
    for named in came.response.transports.iter().flatten() {
        if let Ok(Value::String(name)) = serde_json::to_value(named)
            && let Some(transport) = Transport::parse(&name)
            && !known.contains(&transport)
        {
            known.push(transport);
        }
    }
    known
}
