//! `POST /sign-in`: signing in with a passkey, the first time or once more.

use crate::domain::invented::InventedPerson;
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
    /// In a sandbox: as whom anybody may sign in. Posts `form_token`, `interaction` and `person` to `/sandbox/sign-in`,
    /// without a script.
    pub people: Vec<PersonOffer>,
}

/// One of the invented people of a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonOffer {
    /// Who.
    pub person: &'static InventedPerson,
    /// Whether she is the one who is signed in.
    pub is_present: bool,
}

impl PersonOffer {
    /// What she comes for.
    fn role_key(self) -> &'static str {
        match self.person.code {
            "parent" => "person-parent",
            "pupil" => "person-pupil",
            "teacher" => "person-teacher",
            "candidate" => "person-candidate",
            "representative" => "person-representative",
            "clerk" => "person-clerk",
            "civil-servant" => "person-civil-servant",
            _ => "person-security-officer",
        }
    }
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
    people: Vec::new(),
});
