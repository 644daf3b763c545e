//! Dates and times as people in Vietnam read them: dd/mm/yyyy, 24 hours, Hanoi time.

use time::{OffsetDateTime, UtcOffset};

use crate::base::Timestamp;

/// Asia/Ho_Chi_Minh has been UTC+7 without summer time since 1975.
const HANOI: UtcOffset = match UtcOffset::from_hms(7, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

fn in_hanoi(at: &Timestamp) -> OffsetDateTime {
    at.to_utc().to_offset(HANOI)
}

/// `23/11/2026`.
pub fn date(at: &Timestamp) -> String {
    let at = in_hanoi(at);
    format!("{:02}/{:02}/{:04}", at.day(), u8::from(at.month()), at.year())
}

/// `14:05`.
pub fn clock_time(at: &Timestamp) -> String {
    let at = in_hanoi(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `14:05, 23/11/2026`.
pub fn date_time(at: &Timestamp) -> String {
    format!("{}, {}", clock_time(at), date(at))
}

/// The machine-readable form for the attribute `datetime`: RFC 3339 with +07:00, to the second.
pub fn machine(at: &Timestamp) -> String {
    let at = in_hanoi(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+07:00",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// The claim's form (`2005-09-02`) as people write it (`02/09/2005`); anything else as it is.
pub fn birthdate_for_people(claim: &str) -> String {
    match claim.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => format!("{day}/{month}/{year}"),
        _ => claim.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_hanoi() {
        let new_year = Timestamp::from_seconds(1_767_200_700); // 2025-12-31T17:05:00Z
        assert_eq!(date_time(&new_year), "00:05, 01/01/2026");
        assert_eq!(machine(&new_year), "2026-01-01T00:05:00+07:00");
    }

    #[test]
    fn birth_dates_are_shown_as_people_write_them() {
        assert_eq!(birthdate_for_people("2005-09-02"), "02/09/2005");
        assert_eq!(birthdate_for_people("1950"), "1950");
    }
}
