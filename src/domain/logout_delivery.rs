//! Telling a system that a session has ended (Back-Channel Logout 1.0): what is still to be told, and when to try again.

use std::time::Duration;

use crate::base::Timestamp;
use crate::base::ids::{AccountId, LogoutDeliveryId, SessionId};
use crate::protocol::ClientId;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// How long after each try the next one follows; the last of them again and again, until [`GIVEN_UP_AFTER`].
const BACK_OFF: [Duration; 8] = [
    SECOND,
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    HOUR,
    Duration::from_secs(4 * 60 * 60),
];

/// When nobody tries any more: whoever was away for a day has lost the sessions of that day.
pub const GIVEN_UP_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a node may be at one try before another takes it up. Longer than the longest try by far.
pub const CLAIMED_FOR: Duration = Duration::from_secs(20);

/// How long a logout token is good (Back-Channel Logout §2.4 recommends at most two minutes).
pub const TOKEN_LIFETIME: Duration = MINUTE.saturating_mul(2);

/// One system that is still to be told of the end of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutDelivery {
    /// The row, and the token's `jti`: at every try the same, so that the receiver can tell.
    pub id: LogoutDeliveryId,
    /// Whose session it was.
    pub account: AccountId,
    /// The session, which may go on elsewhere: then it ended at this system alone.
    pub session: SessionId,
    /// The system.
    pub client: ClientId,
    /// When the session ended.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried (again).
    pub due_at: Timestamp,
    /// Why the last try failed.
    pub last_problem: Option<String>,
}

impl LogoutDelivery {
    /// When to try again after the try that has just failed; `None` where nobody does any more.
    pub fn again_at(&self, now: Timestamp) -> Option<Timestamp> {
        let passed = usize::try_from(self.tries.saturating_sub(1)).unwrap_or(usize::MAX);
        let [.., longest] = BACK_OFF;
        let wait = BACK_OFF.get(passed).copied().unwrap_or(longest);
        let end = self.created_at + GIVEN_UP_AFTER;
        (now < end).then(|| (now + wait).min(end))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn delivery(tries: u32) -> LogoutDelivery {
        LogoutDelivery {
            id: LogoutDeliveryId::from_uuid(Uuid::from_u128(1)),
            account: AccountId::from_uuid(Uuid::from_u128(2)),
            session: SessionId::from_uuid(Uuid::from_u128(3)),
            client: ClientId::parse("rp").unwrap(),
            created_at: Timestamp::from_seconds(0),
            tries,
            due_at: Timestamp::from_seconds(0),
            last_problem: None,
        }
    }

    #[test]
    fn it_is_tried_quickly_then_slowly_then_a_last_time_after_a_day() {
        let (mut now, mut waits, mut tries) = (Timestamp::from_seconds(0), Vec::new(), 1);
        while let Some(next) = delivery(tries).again_at(now) {
            waits.push(next.since(now).as_secs());
            (now, tries) = (next, tries + 1);
        }
        assert_eq!(waits, [1, 5, 30, 120, 600, 1800, 3600, 14400, 14400, 14400, 14400, 14400, 8244]);
        assert_eq!(now, Timestamp::from_seconds(24 * 3600));
    }
}
