//! How the text of a setting becomes a value.

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;

/// Why a text is not the value that belongs there; `remedy` shows one that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub what: String,
    pub remedy: String,
}

impl Wrong {
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

/// A value that a setting can hold.
pub(super) trait Form: Sized {
    /// Reads `text`.
    fn read(text: &str) -> Result<Self, Wrong>;
}

impl Form for String {
    fn read(text: &str) -> Result<Self, Wrong> {
        match text.trim() {
            "" => Err(Wrong::new("is empty", "write a value, or leave the line out for the default")),
            trimmed => Ok(trimmed.to_owned()),
        }
    }
}

impl Form for bool {
    fn read(text: &str) -> Result<Self, Wrong> {
        match text.trim() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Wrong::new("is neither true nor false", "write true or false")),
        }
    }
}

impl Form for SocketAddr {
    fn read(text: &str) -> Result<Self, Wrong> {
        text.trim().parse().map_err(|_| {
            Wrong::new(
                "is not an IP address and port",
                "write for example \"127.0.0.1:8080\" or \"[::]:8080\"",
            )
        })
    }
}

impl Form for IpNet {
    fn read(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        text.parse()
            .or_else(|_| text.parse().map(|address: std::net::IpAddr| IpNet::from(address)))
            .map_err(|_| Wrong::new("is not a network", "write for example \"10.1.0.0/16\" or \"10.1.2.3\""))
    }
}

impl Form for u32 {
    fn read(text: &str) -> Result<Self, Wrong> {
        match text.trim().parse() {
            Ok(0) => Err(Wrong::new("must be at least 1", "write a number from 1")),
            Ok(number) => Ok(number),
            Err(_) => Err(Wrong::new("is not a whole number", "write for example 16")),
        }
    }
}

impl Form for Duration {
    /// A number and a unit: `500 ms`, `30 s`, `15 min`, `12 h`, `90 d`.
    fn read(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let remedy = "write a number and a unit (ms, s, min, h or d), for example \"15 min\"";
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(split).unwrap_or((text, ""));
        let number: u64 = number.parse().map_err(|_| Wrong::new("is not a span of time", remedy))?;
        let unit_millis: u64 = match unit.trim() {
            "ms" => 1,
            "s" => 1_000,
            "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "" => return Err(Wrong::new("has no unit", remedy)),
            other => return Err(Wrong::new(format!("has the unknown unit `{other}`"), remedy)),
        };
        match number.checked_mul(unit_millis) {
            Some(0) => Err(Wrong::new("is no time at all", remedy)),
            Some(millis) => Ok(Duration::from_millis(millis)),
            None => Err(Wrong::new("is too long", remedy)),
        }
    }
}

/// A size in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub usize);

impl Form for Bytes {
    /// A number and a unit: `512 KiB`, `64 MiB`, `1 GiB`.
    fn read(text: &str) -> Result<Self, Wrong> {
        let remedy = "write a number and a unit (KiB, MiB or GiB), for example \"64 MiB\"";
        let text = text.trim();
        let (number, unit) = text.rsplit_once(' ').ok_or_else(|| Wrong::new("is not a size", remedy))?;
        let number: usize = number.trim().parse().map_err(|_| Wrong::new("is not a size", remedy))?;
        let unit: usize = match unit {
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            other => return Err(Wrong::new(format!("has the unknown unit `{other}`"), remedy)),
        };
        match number.checked_mul(unit) {
            Some(size) if size > 0 => Ok(Self(size)),
            _ => Err(Wrong::new("is out of range", remedy)),
        }
    }
}

/// Declares an enum of words that a setting takes.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$word_doc])* $variant,)+ }

        impl $crate::config::form::Form for $name {
            fn read(text: &str) -> Result<Self, $crate::config::form::Wrong> {
                match text.trim() {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::config::form::Wrong::new(
                        format!("is `{other}`, which is not one of the choices"),
                        format!("write one of: {}", [$($word),+].join(", ")),
                    )),
                }
            }
        }
    };
}
pub(super) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_read_with_their_unit() {
        for (text, seconds) in [("30 s", 30), ("15min", 900), ("12 h", 43_200), ("90 d", 7_776_000)] {
            assert_eq!(Duration::read(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in
            ["15", "", "min", "1 fortnight", "-3 s", "0 s", "99999999999999999999 s", "9999999999999999 d"]
        {
            assert!(Duration::read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn one_address_is_a_network_of_one() {
        assert_eq!(IpNet::read("10.1.2.3"), Ok("10.1.2.3/32".parse().unwrap()));
        assert_eq!(IpNet::read("fd00::/8"), Ok("fd00::/8".parse().unwrap()));
        assert!(IpNet::read("localhost").is_err());
    }

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(Bytes::read("64 MiB"), Ok(Bytes(64 << 20)));
        for text in ["64", "64 MB", "0 MiB", "-1 KiB"] {
            assert!(Bytes::read(text).is_err(), "{text:?}");
        }
    }
}
