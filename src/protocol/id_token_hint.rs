//! An ID token that a client hands back to say whom it means.

use super::opaque_text::opaque_text;

opaque_text! {
    /// An ID token sent as a hint (OIDC Core §3.1.2.1, RP-Initiated Logout §2). Worth nothing until its signature is checked.
    IdTokenHint, at most 4096 bytes
}
