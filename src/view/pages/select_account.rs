//! `POST /select-account`: whether it is the account that is signed in.

use crate::view::page::page;

/// Choosing an account. Posts `form_token` and `interaction` to go on with the one that is signed in; another one is
/// chosen by signing in with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectAccountPage {
    /// The sealed request of the system.
    pub interaction: String,
}

page!(SelectAccountPage, "select_account.html", |_| SelectAccountPage { interaction: "c2VhbGVk".to_owned() });
