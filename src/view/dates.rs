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

/// A birth date as people write it (`02/09/2005`, `2-9-2005`, `2005`) to the claim's form (`2005-09-02`, `2005`).
///
/// `None` where it is no date of the calendar or lies before 1900.
pub fn birthdate_from_input(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str, longest: usize| {
        (part.len() <= longest && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    match parts.as_slice() {
        [year] => number(year, 4).filter(|year| *year >= 1900).map(|year| format!("{year:04}")),
        [day, month, year] => {
            let (day, month, year) = (number(day, 2)?, number(month, 2)?, number(year, 4)?);
            let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
            let date =
                time::Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
            (year >= 1900).then(|| format!("{year:04}-{:02}-{:02}", u8::from(date.month()), date.day()))
        }
        _ => None,
    }
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
    fn birth_dates_are_read_as_people_write_them() {
        assert_eq!(birthdate_from_input("02/09/2005").as_deref(), Some("2005-09-02"));
        assert_eq!(birthdate_from_input(" 2-9-2005 ").as_deref(), Some("2005-09-02"));
        assert_eq!(birthdate_from_input("29.02.2004").as_deref(), Some("2004-02-29"));
        assert_eq!(birthdate_from_input("1950").as_deref(), Some("1950"));
        for wrong in [
            "",
            "29/02/2005",
            "31/04/2000",
            "0/1/2000",
            "01/13/2000",
            "12/2000",
            "1/1/1899",
            "05",
            "a/b/c",
            "1/1/+999",
        ] {
            assert_eq!(birthdate_from_input(wrong), None, "{wrong:?}");
        }
        assert_eq!(birthdate_for_people("2005-09-02"), "02/09/2005");
        assert_eq!(birthdate_for_people("1950"), "1950");
    }
}
