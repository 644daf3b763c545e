//! The client's `login_hint`.

use super::opaque_text::opaque_text;

opaque_text! {
    /// Who the client thinks will sign in (OIDC Core §3.1.2.1): a prefill, never an identity.
    LoginHint, at most 320 bytes
}
