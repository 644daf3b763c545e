//! Why a code or a refresh token of ours was refused.

use crate::protocol::wire_enum::wire_enum;

wire_enum! {
    /// Why a code or a refresh token of ours was refused.
    GrantRefusal {
        /// It was too old.
        Expired = "expired",
        /// Another system than its own presented it.
        OtherClient = "other_client",
        /// The redirect URI was another than the one it was sent to.
        OtherRedirectUri = "other_redirect_uri",
        /// There was a challenge, and nothing answered it.
        VerifierMissing = "verifier_missing",
        /// The verifier does not answer the challenge.
        WrongVerifier = "wrong_verifier",
        /// There was no challenge to answer.
        VerifierWithoutChallenge = "verifier_without_challenge",
        /// It is bound to a key, and none was shown.
        KeyMissing = "key_missing",
        /// It is bound to another key.
        OtherKey = "other_key",
    }
}
