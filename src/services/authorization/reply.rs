//! An answer of the authorization endpoint, ready to travel.

/// How the browser carries it to the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// In the address: query or fragment.
    Redirect {
        /// The whole address.
        location: String,
    },
    /// In a form that a page posts (Form Post Response Mode).
    FormPost {
        /// Where it goes.
        action: String,
        /// What the page's policy must allow as its target.
        csp_source: String,
        /// What it carries.
        fields: Vec<(String, String)>,
    },
}
