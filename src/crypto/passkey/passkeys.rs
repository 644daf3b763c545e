//! The relying party: who asks for passkeys, and from where.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::{PasskeyError, stand_in};
use crate::base::encoding::base64url;
use crate::base::entropy::{Entropy, random_bytes};

/// Bytes of a challenge; the standard asks for at least 16 (WebAuthn §13.4.3).
pub(super) const CHALLENGE: usize = 32;

/// Starts and finishes ceremonies for one relying party id and one origin.
///
/// The library keeps each ceremony's policy beside its challenge. Ours is always the same policy, so it stays here and
/// only the challenge travels: a sealed page cannot carry an older, weaker policy back in.
pub struct Passkeys {
    pub(super) webauthn: Webauthn,
    pub(super) origin: String,
    pub(super) entropy: Arc<dyn Entropy>,
    registration: Value,
    authentication: Value,
}

/// A ceremony that was started.
#[derive(Clone, Debug)]
pub struct Started<S> {
    /// For the page: the JSON that `navigator.credentials` takes, byte strings as base64url.
    pub options: String,
    /// For the one that finishes it; to be sealed, bound to the browser, and accepted once.
    pub state: S,
}

impl Passkeys {
    /// Relying party `rp_id` (a domain name), whose pages live on `origin` alone: scheme, host and port as the browser
    /// has them. `http` works for `localhost` only, on whatever port `origin` says; an address such as `127.0.0.1` is
    /// no domain and is refused, by browsers too.
    pub fn new(
        rp_id: &str,
        origin: &Url,
        rp_name: &str,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, PasskeyError> {
        let secure = origin.scheme() == "https" || (origin.scheme() == "http" && rp_id == "localhost");
        if !secure {
            return Err(PasskeyError::Misconfigured);
        }
        let webauthn = WebauthnBuilder::new(rp_id, origin)?.rp_name(rp_name).build()?;
        let (_, registration) = webauthn.start_passkey_registration(Uuid::nil(), "-", "-", None)?;
        let (_, authentication) = webauthn.start_discoverable_authentication()?;
        let passkeys = Self {
            webauthn,
            origin: origin.origin().ascii_serialization(),
            entropy,
            registration: serde_json::to_value(registration).map_err(|_| PasskeyError::Misconfigured)?,
            authentication: serde_json::to_value(authentication).map_err(|_| PasskeyError::Misconfigured)?,
        };
        // Should the library ever lay its state out otherwise, the start fails, not the first sign-in.
        passkeys.library_registration(&[0; CHALLENGE])?;
        passkeys.library_authentication(&[0; CHALLENGE])?;
        stand_in::nobody(&[0], false)?;
        Ok(passkeys)
    }

    /// The origin that browsers must report.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub(super) fn challenge(&self) -> [u8; CHALLENGE] {
        random_bytes(self.entropy.as_ref())
    }

    pub(super) fn library_registration(&self, challenge: &[u8]) -> Result<PasskeyRegistration, PasskeyError> {
        with_challenge(&self.registration, "/rs/challenge", challenge)
    }

    pub(super) fn library_authentication(
        &self,
        challenge: &[u8],
    ) -> Result<DiscoverableAuthentication, PasskeyError> {
        with_challenge(&self.authentication, "/ast/challenge", challenge)
    }
}

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passkeys").field("origin", &self.origin).finish_non_exhaustive()
    }
}

fn with_challenge<T: DeserializeOwned>(
    state: &Value,
    place: &str,
    challenge: &[u8],
) -> Result<T, PasskeyError> {
    let mut state = state.clone();
    *state.pointer_mut(place).ok_or(PasskeyError::Misconfigured)? = Value::String(base64url(challenge));
    serde_json::from_value(state).map_err(|_| PasskeyError::Misconfigured)
}
