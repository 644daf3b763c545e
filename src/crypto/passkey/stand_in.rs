//! A passkey of nobody's. Where no passkey has the id that came, one verifies as much as if one had: time does not tell
//! which ids exist.

use serde_json::json;
use webauthn_rs::prelude::{Credential, Passkey as LibraryPasskey};

use super::authentication::{Assertion, AuthenticationState};
use super::{PasskeyError, Passkeys, client_data};
use crate::base::encoding::base64url;

/// Where WebAuthn §6.1 puts the flags in authenticator data.
const FLAGS: usize = 32;
/// Its flag for keys that may be copied.
const ELIGIBLE: u8 = 0x08;

impl Passkeys {
    /// Verifies `assertion` under a key of nobody's, and forgets what came of it: it proves nobody, whatever it is.
    pub fn verify_for_nobody(&self, assertion: &Assertion, state: &AuthenticationState) {
        // Why it failed says nothing either; where it does not fail, somebody knows the key that everybody knows.
        let _ = self.try_for_nobody(assertion, state);
    }

    pub(super) fn try_for_nobody(
        &self,
        assertion: &Assertion,
        state: &AuthenticationState,
    ) -> Result<(), PasskeyError> {
        client_data::check(&assertion.came.response.client_data_json, "webauthn.get", &self.origin)?;
        let library = self.library_authentication(state.challenge())?;
        let flags = assertion.authenticator_data().get(FLAGS).copied().unwrap_or_default();
        let nobody = nobody(assertion.credential_id(), flags & ELIGIBLE != 0)?;
        self.webauthn.finish_discoverable_authentication_v2(&assertion.came, library, &nobody)?;
        Ok(())
    }
}

/// A credential as the library stores it. Its public key is the base point of P-256: a point like any other.
pub(super) fn nobody(id: &[u8], backup_eligible: bool) -> Result<Credential, PasskeyError> {
    let passkey: LibraryPasskey = serde_json::from_value(json!({ "cred": {
        "cred_id": base64url(id),
        "cred": { "type_": "ES256", "key": { "EC_EC2": {
            "curve": "SECP256R1",
            "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
            "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
        } } },
        "counter": 0,
        "transports": null,
        "user_verified": true,
        "backup_eligible": backup_eligible,
        "backup_state": false,
        "registration_policy": "required",
        "extensions": {
            "cred_protect": "Ignored", "hmac_create_secret": "NotRequested", "appid": "NotRequested",
            "cred_props": "Ignored",
        },
        "attestation": { "data": "None", "metadata": "None" },
        "attestation_format": "none",
    } }))
    .map_err(|_| PasskeyError::Misconfigured)?;
    Ok(passkey.into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ring::digest::{SHA256, digest};
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
    use url::Url;

    use super::*;
    use crate::base::SeededEntropy;

    /// An assertion with an id that nobody has, signed by the key that belongs to `nobody`, or with a byte changed.
    #[expect(clippy::disallowed_methods, reason = "a device outside the system under test")]
    fn assertion(challenge: &[u8], flags: u8, forged: bool) -> Assertion {
        let mut private = [0; 32];
        private[31] = 1;
        let point = nobody_s_point();
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            &private,
            &point,
            &random,
        )
        .unwrap();
        let client = json!({ "type": "webauthn.get", "challenge": base64url(challenge),
            "origin": "http://localhost:7080", "crossOrigin": false })
        .to_string();
        let mut data = digest(&SHA256, b"localhost").as_ref().to_vec();
        data.push(flags);
        data.extend([0; 4]);
        let message = [&data[..], digest(&SHA256, client.as_bytes()).as_ref()].concat();
        let mut signature = key.sign(&random, &message).unwrap().as_ref().to_vec();
        *signature.last_mut().unwrap() ^= u8::from(forged);
        Assertion::parse(
            &json!({ "id": "BwcH", "rawId": "BwcH", "type": "public-key", "clientExtensionResults": {},
                "response": { "clientDataJSON": base64url(client), "authenticatorData": base64url(data),
                    "signature": base64url(signature), "userHandle": base64url([7; 16]) } })
            .to_string(),
        )
        .unwrap()
    }

    fn nobody_s_point() -> Vec<u8> {
        let stored = serde_json::to_value(nobody(&[7], false).unwrap()).unwrap();
        let key = &stored["cred"]["key"]["EC_EC2"];
        let coordinate =
            |name: &str| crate::base::encoding::from_base64url(key[name].as_str().unwrap()).unwrap();
        [vec![4], coordinate("x"), coordinate("y")].concat()
    }

    #[test]
    fn an_unknown_passkey_is_verified_as_a_known_one_would_be() {
        let origin = Url::parse("http://localhost:7080").unwrap();
        let passkeys = Passkeys::new("localhost", &origin, "-", Arc::new(SeededEntropy::new(7))).unwrap();
        let state = passkeys.start_authentication().unwrap().state;
        // Bound to its device, and copied: neither is refused before its signature was looked at.
        for flags in [0x05, 0x0D, 0x1D] {
            let tried =
                |forged| passkeys.try_for_nobody(&assertion(state.challenge(), flags, forged), &state);
            assert_eq!(tried(false), Ok(()), "{flags:#x}: down to the signature");
            assert_eq!(tried(true), Err(PasskeyError::BadSignature), "{flags:#x}");
        }
    }
}
