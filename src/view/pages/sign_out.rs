//! `POST /logout/confirm`: asking before signing out, and saying that it is done.

use crate::view::chrome::ReturnLink;
use crate::view::page::page;

/// Asks whether to sign out, where a system is named also: of it alone. Posts `form_token`, `logout_request` and `from`
/// (`everything` or `system`) to `/logout/confirm`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignOutPage {
    /// The sealed request of the system (`post_logout_redirect_uri`, `state`); `None` where the person came by herself.
    pub logout_request: Option<String>,
}

/// Says that the person is signed out everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedOutPage {
    /// The system to return to.
    pub return_to: Option<ReturnLink>,
    /// Systems' own addresses, framed so that they forget her too.
    pub frames: Vec<String>,
    /// Where the page leads by itself, once the frames had their time.
    pub onward: Option<String>,
}

/// Says that the person is signed out of one system, and of nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedOutOfSystemPage {
    /// The system to return to.
    pub return_to: Option<ReturnLink>,
    /// Systems' own addresses, framed so that they forget her too.
    pub frames: Vec<String>,
    /// Where the page leads by itself, once the frames had their time.
    pub onward: Option<String>,
}

page!(SignOutPage, "sign_out.html", |_| SignOutPage { logout_request: Some("c2VhbGVk".to_owned()) });
page!(SignedOutOfSystemPage, "signed_out_of_system.html", |locale| SignedOutOfSystemPage {
    return_to: ReturnLink::sample(locale),
    frames: Vec::new(),
    onward: None,
});
page!(SignedOutPage, "signed_out.html", |locale| SignedOutPage {
    return_to: ReturnLink::sample(locale),
    frames: vec!["https://dichvucong.example.vn/out?iss=https%3A%2F%2Fid.example&sid=c2lk".to_owned()],
    onward: None,
});
