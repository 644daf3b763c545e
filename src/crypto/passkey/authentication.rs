//! A sign-in with a passkey.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webauthn_rs::prelude::PublicKeyCredential;

use super::passkeys::CHALLENGE;
use super::{LONGEST_CREDENTIAL, Passkey, PasskeyError, Passkeys, Started, client_data};
use crate::base::ids::AccountId;

/// A sign-in under way. Nobody is known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationState {
    challenge: [u8; CHALLENGE],
}

impl AuthenticationState {
    /// What makes this ceremony unlike any other; whoever finishes it marks this as used.
    pub fn challenge(&self) -> &[u8; CHALLENGE] {
        &self.challenge
    }
}

/// An assertion as it came, before anybody believes it: enough to look its passkey up.
#[derive(Debug)]
pub struct Assertion {
    pub(super) came: PublicKeyCredential,
    user_handle: AccountId,
}

impl Assertion {
    /// Reads `PublicKeyCredential.toJSON()` of `navigator.credentials.get()`.
    pub fn parse(json: &str) -> Result<Self, PasskeyError> {
        if json.len() > LONGEST_CREDENTIAL {
            return Err(PasskeyError::TooLarge);
        }
        let came: PublicKeyCredential = serde_json::from_str(json).map_err(|_| PasskeyError::Malformed)?;
        if came.type_ != "public-key" {
            return Err(PasskeyError::WrongType);
        }
        // WebAuthn §7.2: where nobody was known before, the user handle must be there. Ours are always 16 bytes.
        let handle = came.get_user_unique_id().ok_or(PasskeyError::NotDiscoverable)?;
        let user_handle = Uuid::from_slice(handle).map_err(|_| PasskeyError::ForeignOwner)?;
        Ok(Self { came, user_handle: AccountId::from_uuid(user_handle) })
    }

    /// The account that the authenticator keeps the passkey under.
    pub fn user_handle(&self) -> AccountId {
        self.user_handle
    }

    /// What the authenticator signed, as it came.
    pub(super) fn authenticator_data(&self) -> &[u8] {
        self.came.response.authenticator_data.as_ref()
    }

    /// The passkey to look up.
    pub fn credential_id(&self) -> &[u8] {
        self.came.get_credential_id()
    }

    /// Whether it says that the authenticator checked who holds it (WebAuthn §6.1, flag UV). Where it does not, no
    /// passkey of anybody's can be accepted; this is what it says of itself, so that telling it tells of no account.
    pub fn claims_verification(&self) -> bool {
        const FLAGS: usize = 32;
        const VERIFIED: u8 = 0x04;
        let flags = self.came.response.authenticator_data.get(FLAGS);
        flags.is_some_and(|flags| flags & VERIFIED != 0)
    }
}

/// A person who proved to hold her passkey, with user verification.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The account signed in.
    pub account: AccountId,
    /// The signature counter as the authenticator now has it; zero where it keeps none.
    pub counter: u32,
    /// The key may be copied to other devices (`amr` is `swk`, not `hwk`).
    pub backup_eligible: bool,
    /// The key has been copied.
    pub backed_up: bool,
    /// The passkey with its new counter and flags, to be stored; `None` where nothing changed.
    pub updated: Option<Passkey>,
}

impl Passkeys {
    /// Asks for any passkey of this relying party with user verification, offered in the autofill of the sign-in field.
    pub fn start_authentication(&self) -> Result<Started<AuthenticationState>, PasskeyError> {
        let challenge = self.challenge();
        let (mut options, _) = self.webauthn.start_discoverable_authentication()?;
        options.public_key.challenge = challenge.to_vec();
        let options = serde_json::to_string(&options).map_err(|_| PasskeyError::Misconfigured)?;
        Ok(Started { options, state: AuthenticationState { challenge } })
    }

    /// Verifies `assertion` as the answer to `state` by `passkey`, which `owner` registered (WebAuthn §7.2).
    pub fn finish_authentication(
        &self,
        assertion: &Assertion,
        state: &AuthenticationState,
        owner: AccountId,
        passkey: &Passkey,
    ) -> Result<Verified, PasskeyError> {
        client_data::check(&assertion.came.response.client_data_json, "webauthn.get", &self.origin)?;
        let library = self.library_authentication(&state.challenge)?;
        let credential: webauthn_rs::prelude::Credential = passkey.0.clone().into();
        let result = self
            .webauthn
            .finish_discoverable_authentication_v2(&assertion.came, library, &credential)
            .map_err(PasskeyError::from)
            .inspect_err(|error| {
                // Refused before the signature was looked at, for what is stored: with an unknown id it would have been.
                if *error == PasskeyError::BackupContradiction {
                    self.verify_for_nobody(assertion, state);
                }
            })?;
        // After the signature: a guessed owner is refused no sooner than a guessed key.
        if assertion.user_handle != owner {
            return Err(PasskeyError::ForeignOwner);
        }
        // The policy demands it and the library has looked; a sign-in that vouches for two factors looks twice.
        if !result.user_verified() {
            return Err(PasskeyError::NotVerified);
        }
        let mut updated = passkey.clone();
        let changed = updated.0.update_credential(&result).unwrap_or(false);
        Ok(Verified {
            account: owner,
            counter: result.counter(),
            backup_eligible: result.backup_eligible(),
            backed_up: result.backup_state(),
            updated: changed.then_some(updated),
        })
    }
}
