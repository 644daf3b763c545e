//! Passkeys: WebAuthn ceremonies without storage (W3C Web Authentication Level 3).
//!
//! `webauthn-rs` verifies. This module decides what is asked for (discoverable, user verification required), draws
//! the challenge from our entropy, keeps the unfinished ceremony small enough to travel sealed in the page, and adds
//! the checks that the library leaves to its caller: exact origin, no foreign frames, the owner of the credential.

mod attestation;
mod authentication;
mod client_data;
mod error;
mod passkeys;
mod registration;
mod stand_in;
mod stored;

pub use authentication::{Assertion, AuthenticationState, Verified};
pub use error::PasskeyError;
pub use passkeys::{Passkeys, Started};
pub use registration::{Attested, NewPasskey, RegistrationState};
pub use stored::{Passkey, Transport};

/// The most bytes of credential JSON that are looked at: a TPM's attestation with its certificates takes about half.
const LONGEST_CREDENTIAL: usize = 16 * 1024;
