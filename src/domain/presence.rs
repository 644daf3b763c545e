//! Who is there when a system asks.

use super::consent::Consent;
use super::session::Session;

/// Who is signed in in a browser, and what she answered to the system that asks.
#[derive(Clone, Debug)]
pub struct Presence {
    /// Her session.
    pub session: Session,
    /// Her answer, withdrawn or not.
    pub consent: Option<Consent>,
}
