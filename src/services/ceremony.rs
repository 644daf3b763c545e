//! Passkey ceremonies under way. They rest nowhere: each travels sealed in its page, good for one browser, a few
//! minutes and one use.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::sign_in::SignInPurpose;
use super::{Failure, Policy, Provider};
use crate::base::Timestamp;
use crate::base::ids::{CeremonyId, SessionId};
use crate::crypto::binding::PagePurpose;
use crate::crypto::passkey::PasskeyError;
use crate::crypto::passkey::{AuthenticationState, RegistrationState};
use crate::domain::profile::Profile;

/// A ceremony for the page.
#[derive(Clone, Debug)]
pub struct Ceremony {
    /// The JSON that `navigator.credentials` takes.
    pub options_json: String,
    /// The state, for the hidden field.
    pub sealed: String,
}

/// Why a ceremony that came back cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeremonyLost {
    /// Its page lay open too long.
    Expired,
    /// It was begun in another browser, for another purpose, or never.
    Foreign,
}

/// What is sealed. JSON: the profile leaves out what it does not know, which positional formats cannot read back.
#[derive(Serialize, Deserialize)]
pub(super) struct UnderWay {
    pub id: CeremonyId,
    pub expires_at: Timestamp,
    pub step: Step,
}

/// What the ceremony is about: one is never taken for another.
#[derive(Serialize, Deserialize)]
pub(super) enum Step {
    SignIn { state: AuthenticationState, purpose: SignInPurpose },
    NewAccount { state: RegistrationState, profile: Profile },
    AnotherPasskey { state: RegistrationState, session: SessionId },
}

impl Provider {
    pub(super) fn seal_ceremony(
        &self,
        holder: &[u8],
        options_json: String,
        step: Step,
        lifetime: Duration,
    ) -> Result<Ceremony, Failure> {
        let now = self.now();
        let id = CeremonyId::generate(now, self.entropy());
        let under_way = UnderWay { id, expires_at: now + lifetime, step };
        let content =
            serde_json::to_vec(&under_way).map_err(|_| Failure::Passkeys(PasskeyError::Unreadable))?;
        let sealed = self.keyring.seal_page(PagePurpose::Ceremony, holder, &content, self.entropy());
        Ok(Ceremony { options_json, sealed })
    }

    pub(super) fn open_ceremony(&self, holder: &[u8], sealed: &str) -> Result<UnderWay, CeremonyLost> {
        let opened = self.keyring.open_page(PagePurpose::Ceremony, holder, sealed);
        let opened = opened.map_err(|_| CeremonyLost::Foreign)?;
        let under_way: UnderWay =
            serde_json::from_slice(opened.expose()).map_err(|_| CeremonyLost::Foreign)?;
        match self.now() < under_way.expires_at {
            true => Ok(under_way),
            false => Err(CeremonyLost::Expired),
        }
    }

    /// Marks a ceremony as used: `true` for exactly one of many callers. Only what proved right is marked, so that
    /// nobody can spoil another person's ceremony by a wrong answer to it.
    pub(super) async fn use_ceremony(&self, id: CeremonyId) -> Result<bool, Failure> {
        let key = format!("ceremony:{id}");
        Ok(self.shortlived.insert_if_absent(&key, b"", Policy::CEREMONY_LIFETIME).await?)
    }
}
