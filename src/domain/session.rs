//! A browser session of a signed-in person.

use std::time::Duration;

use crate::base::Timestamp;
use crate::base::ids::{AccountId, CredentialId, SessionId};
use crate::protocol::Acr;
use crate::protocol::Amr;

/// How often a session's last sign of life is written down: often enough to show, seldom enough to cost nothing.
const SEEN_GRANULARITY: Duration = Duration::from_secs(60);

/// The levels that a sign-in here can reach.
pub const REACHABLE: &[Acr] = &[Acr::Xt2Phr];

/// A session as stored.
#[derive(Clone, Debug)]
pub struct Session {
    /// Stable over re-authentication; systems see a `sid` of their own derived from it.
    pub id: SessionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The passkey it was last authenticated with.
    pub passkey_id: CredentialId,
    /// The level reached.
    pub acr: Acr,
    /// The methods used (RFC 8176).
    pub amr: Vec<Amr>,
    /// The sealed [`Place`](super::audit::Place) it began from.
    pub place: Vec<u8>,
    /// When it began.
    pub started_at: Timestamp,
    /// When the person last proved who she is: `auth_time`.
    pub authenticated_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// Set once it is over.
    pub ended_at: Option<Timestamp>,
}

/// How long sessions live.
#[derive(Clone, Copy, Debug)]
pub struct SessionPolicy {
    /// Unused for this long, it is over.
    pub idle: Duration,
    /// Older than this, it is over.
    pub lifetime: Duration,
}

impl Session {
    /// Whether it still stands for its person.
    pub fn is_alive(&self, policy: SessionPolicy, now: Timestamp) -> bool {
        self.ended_at.is_none()
            && now.since(self.seen_at) < policy.idle
            && now.since(self.started_at) < policy.lifetime
    }

    /// Whether the last sign of life is old enough to be written anew.
    pub fn should_be_touched(&self, now: Timestamp) -> bool {
        now.since(self.seen_at) >= SEEN_GRANULARITY
    }
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// The person signed out, here or at a system.
    SignedOut,
    /// The person ended it from her list of sessions.
    EndedByOwner,
    /// Another person signed in with the same browser.
    Replaced,
    /// The passkey it rested on was removed.
    PasskeyRemoved,
}

impl SessionEnd {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedByOwner => "ended_by_owner",
            Self::Replaced => "replaced",
            Self::PasskeyRemoved => "passkey_removed",
        }
    }
}
