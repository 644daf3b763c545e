//! `POST /sign-in`: signing in with a passkey, the first time or once more.

use crate::view::page::page;
use crate::view::trouble::PasskeyTrouble;

/// Signing in. Posts `form_token`, `interaction`, `ceremony`, `credential` (JSON, filled by the script) and `login`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInPage {
    /// Why the person is here.
    pub reason: SignInReason,
    /// The sealed request of the system; `None` where the person came by herself.
    pub interaction: Option<String>,
    /// The sealed state of the WebAuthn ceremony.
    pub ceremony: String,
    /// `PublicKeyCredentialRequestOptions` as JSON, bare or inside `{"publicKey": …}`.
    pub options_json: String,
    /// What stands in the one field (`login_hint`).
    pub login: Option<String>,
    /// What went wrong with the try before.
    pub trouble: Option<PasskeyTrouble>,
}

/// Why a person is asked to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInReason {
    /// Nobody is signed in.
    Needed,
    /// Somebody is signed in, and the system or the step asks to be sure that it is still her. The page then offers
    /// "không phải tôi", which posts `form_token` and `interaction` to `/not-me`.
    Confirm {
        /// The name of who is signed in.
        name: String,
    },
}

impl SignInPage {
    fn confirming(&self) -> Option<&str> {
        match &self.reason {
            SignInReason::Needed => None,
            SignInReason::Confirm { name } => Some(name),
        }
    }
}

/// Request options as a server sends them, for samples.
pub(super) const SAMPLE_REQUEST: &str = r#"{"publicKey":{"challenge":"q7cQ2bXf3n0","timeout":300000,"rpId":"localhost","allowCredentials":[],"userVerification":"required"}}"#;

page!(SignInPage, "sign_in.html", |_| SignInPage {
    reason: SignInReason::Needed,
    interaction: Some("c2VhbGVk".to_owned()),
    ceremony: "Y2VyZW1vbnk".to_owned(),
    options_json: SAMPLE_REQUEST.to_owned(),
    login: None,
    trouble: None,
});
