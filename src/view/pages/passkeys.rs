//! `/account/passkeys`: the keys that open the account.

use crate::base::Timestamp;
use crate::view::page::page;
use crate::view::pages::create::SAMPLE_CREATION;
use crate::view::trouble::PasskeyTrouble;
use crate::view::wrong::{Field, Problems};

/// The passkeys of the person.
///
/// Adding posts `form_token`, `ceremony`, `credential`, `label` to `/account/passkeys`; renaming posts `form_token`,
/// `id`, `label` to `/account/passkeys/rename`; removing leads to `GET /account/passkeys/remove?id=…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeysPage {
    /// The passkeys, oldest first. The last one cannot be removed.
    pub passkeys: Vec<PasskeyView>,
    /// The sealed state of the ceremony for adding one.
    pub ceremony: String,
    /// `PublicKeyCredentialCreationOptions` as JSON, bare or inside `{"publicKey": …}`.
    pub options_json: String,
    /// The name suggested for a new one, such as `view::agent::device_name`.
    pub suggested_label: String,
    /// What is wrong with a name.
    pub problems: Problems,
    /// What went wrong with adding one.
    pub trouble: Option<PasskeyTrouble>,
}

/// One passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyView {
    /// Its id.
    pub id: String,
    /// The name that the person gave it.
    pub label: String,
    /// Where it lives.
    pub kind: PasskeyKind,
    /// When it was added.
    pub created: Timestamp,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
}

/// Where a passkey lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyKind {
    /// Kept by a password manager and present on several devices.
    Synced,
    /// On one device or security key only.
    DeviceBound,
}

/// Asks before a passkey is removed. Posts `form_token` and `id` to `/account/passkeys/remove`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovePasskeyPage {
    /// The one to remove.
    pub passkey: PasskeyView,
    /// Whether she is signed in with it: removing it signs her out.
    pub signs_out: bool,
}

impl PasskeyKind {
    const fn key(self) -> &'static str {
        match self {
            PasskeyKind::Synced => "passkey-kind-synced",
            PasskeyKind::DeviceBound => "passkey-kind-device-bound",
        }
    }
}

impl PasskeysPage {
    fn is_last(&self) -> bool {
        self.passkeys.len() <= 1
    }

    fn label(&self) -> Field {
        Field::Label
    }
}

impl PasskeyView {
    fn examples() -> Vec<Self> {
        vec![
            Self {
                id: "0197a0de-0000-7000-8000-000000000001".to_owned(),
                label: "Safari · iPhone".to_owned(),
                kind: PasskeyKind::Synced,
                created: Timestamp::from_seconds(1_790_000_000),
                last_used: Some(Timestamp::from_seconds(1_795_400_000)),
            },
            Self {
                id: "0197a0de-0000-7000-8000-000000000002".to_owned(),
                label: "Chrome · Windows".to_owned(),
                kind: PasskeyKind::DeviceBound,
                created: Timestamp::from_seconds(1_794_000_000),
                last_used: None,
            },
        ]
    }
}

page!(PasskeysPage, "passkeys.html", |_| PasskeysPage {
    passkeys: PasskeyView::examples(),
    ceremony: "Y2VyZW1vbnk".to_owned(),
    options_json: SAMPLE_CREATION.to_owned(),
    suggested_label: "Chrome · Android".to_owned(),
    problems: Problems::none(),
    trouble: None,
});

page!(RemovePasskeyPage, "passkey_remove.html", |_| RemovePasskeyPage {
    passkey: PasskeyView {
        id: "0197a0de-0000-7000-8000-000000000002".to_owned(),
        label: "Chrome · Windows".to_owned(),
        kind: PasskeyKind::DeviceBound,
        created: Timestamp::from_seconds(1_794_000_000),
        last_used: None,
    },
    signs_out: false,
});
