//! Points in time as operators read them.

use crate::base::Timestamp;

/// `2026-11-23 18:30 UTC`.
pub fn moment(at: Timestamp) -> String {
    let at = at.to_utc();
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02} UTC",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute()
    )
}
