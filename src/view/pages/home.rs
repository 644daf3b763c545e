//! `/`: what this is.

use crate::view::page::page;

/// What this is, for people who come by themselves and for developers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HomePage {
    /// The whole address of the discovery document.
    pub discovery: String,
}

page!(HomePage, "home.html", |_| HomePage {
    discovery: "https://id.example.vn/.well-known/openid-configuration".to_owned(),
});
