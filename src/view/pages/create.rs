//! `POST /create`, then `POST /create/passkey`: a new account in two steps.

use crate::view::page::page;
use crate::view::trouble::PasskeyTrouble;
use crate::view::wrong::{Field, Problems};

/// First step: who. Posts `form_token`, `interaction`, `name`, `email`, `phone` to `/create`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreatePage {
    /// The sealed request of the system; `None` where the person came by herself.
    pub interaction: Option<String>,
    /// What the person wrote so far.
    pub values: CreateValues,
    /// What is wrong with it.
    pub problems: Problems,
}

/// What a new account begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateValues {
    /// Full name.
    pub name: String,
    /// Electronic mail, may be empty.
    pub email: String,
    /// Telephone as written, may be empty.
    pub phone: String,
}

/// Second step: the passkey. Posts `form_token`, `interaction`, `ceremony`, `credential` to `/create/passkey`.
///
/// What was written in the first step travels inside `ceremony`, sealed: the account begins with its passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatePasskeyPage {
    /// The sealed request of the system; `None` where the person came by herself.
    pub interaction: Option<String>,
    /// The sealed state of the ceremony with the values of the first step.
    pub ceremony: String,
    /// `PublicKeyCredentialCreationOptions` as JSON, bare or inside `{"publicKey": …}`.
    pub options_json: String,
    /// The name from the first step.
    pub name: String,
    /// What went wrong with the try before.
    pub trouble: Option<PasskeyTrouble>,
}

/// Creation options as a server sends them, for samples.
pub(super) const SAMPLE_CREATION: &str = r#"{"publicKey":{"rp":{"name":"Khuê","id":"localhost"},"user":{"id":"AZc","name":"Nguyễn Thị Ánh","displayName":"Nguyễn Thị Ánh"},"challenge":"q7cQ2bXf3n0","pubKeyCredParams":[{"type":"public-key","alg":-7}],"timeout":300000,"authenticatorSelection":{"residentKey":"required","requireResidentKey":true,"userVerification":"required"}}}"#;

impl CreatePage {
    fn name(&self) -> Field {
        Field::Name
    }

    fn email(&self) -> Field {
        Field::Email
    }

    fn phone(&self) -> Field {
        Field::Phone
    }
}

page!(CreatePage, "create.html", |_| CreatePage {
    interaction: Some("c2VhbGVk".to_owned()),
    ..CreatePage::default()
});

page!(CreatePasskeyPage, "create_passkey.html", |_| CreatePasskeyPage {
    interaction: Some("c2VhbGVk".to_owned()),
    ceremony: "Y2VyZW1vbnk".to_owned(),
    options_json: SAMPLE_CREATION.to_owned(),
    name: "Nguyễn Thị Ánh".to_owned(),
    trouble: None,
});
