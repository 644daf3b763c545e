//! `/account`: the person's own place.

use crate::base::Timestamp;
use crate::view::page::page;
use crate::view::pages::profile::ProfileValues;

/// Everything at a glance, with ways to each page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPage {
    /// The profile.
    pub profile: ProfileValues,
    /// How many passkeys; with one, the page advises a second.
    pub passkeys: usize,
    /// How many active sessions.
    pub sessions: usize,
    /// How many connected systems.
    pub systems: usize,
    /// When the person last signed in.
    pub last_sign_in: Option<Timestamp>,
}

impl AccountPage {
    fn advises_second_passkey(&self) -> bool {
        self.passkeys == 1
    }
}

page!(AccountPage, "account.html", |_| AccountPage {
    profile: ProfileValues::example(),
    passkeys: 1,
    sessions: 2,
    systems: 2,
    last_sign_in: Some(Timestamp::from_seconds(1_795_400_000)),
});
