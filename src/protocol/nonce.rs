//! The client's `nonce`.

use super::opaque_text::opaque_text;

opaque_text! {
    /// Ties an ID token to the request that asked for it (OIDC Core §3.1.2.1): copied unchanged into the token.
    Nonce, at most 512 bytes
}
