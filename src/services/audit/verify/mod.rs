//! Verification: every leaf computed anew, every tile and every signature checked, and what is wrong called by name.
//!
//! What is trusted is the public key alone. A checkpoint that it signed says what the root over the first `n` entries
//! must be; entries and tiles are each held against it, and where they differ from one another, whichever leads to the
//! signed root is right.

mod bundle;
mod finding;
mod heads;
mod live;
mod reconcile;
#[cfg(test)]
mod tests;
mod verifier;

pub use bundle::verify_bundle;
pub use finding::{Finding, Report};
pub use heads::Heads;
pub use live::verify_live;
pub use verifier::{LogVerifier, Seen};
